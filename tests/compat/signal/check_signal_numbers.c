/* sigaction's flags, and the default actions, for each of the signals. */
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../process/kid.h"
#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

/* What a signal's default action is; XBD <signal.h>, signal(7). */
enum { ENDS, DUMPS, NOTHING, STOPS };

static const struct {
	int signo, by_default;
} signals[] = {
	{ SIGHUP, ENDS }, { SIGINT, ENDS }, { SIGQUIT, DUMPS },
	{ SIGILL, DUMPS }, { SIGTRAP, DUMPS }, { SIGABRT, DUMPS },
	{ SIGBUS, DUMPS }, { SIGFPE, DUMPS }, { SIGUSR1, ENDS },
	{ SIGSEGV, DUMPS }, { SIGUSR2, ENDS }, { SIGPIPE, ENDS },
	{ SIGALRM, ENDS }, { SIGTERM, ENDS }, { SIGCHLD, NOTHING },
	{ SIGCONT, NOTHING }, { SIGTSTP, STOPS }, { SIGTTIN, STOPS },
	{ SIGTTOU, STOPS }, { SIGURG, NOTHING }, { SIGXCPU, DUMPS },
	{ SIGXFSZ, DUMPS }, { SIGVTALRM, ENDS }, { SIGPROF, ENDS },
	{ SIGWINCH, NOTHING }, { SIGIO, ENDS }, { SIGPWR, ENDS },
	{ SIGSYS, DUMPS },
};
#define NAMED ((int)(sizeof(signals) / sizeof(signals[0])))

static volatile sig_atomic_t count, last, nested, deepest;
static sigset_t in_handler;

/* The n-th signal that can be caught, 0 after the last. */
static int
nth(int n)
{
	if (n < NAMED)
		return signals[n].signo;
	n += SIGRTMIN - NAMED;
	return n <= SIGRTMAX ? n : 0;
}

static void
on_signal(int signo)
{
	count++;
	last = signo;
	if (sigprocmask(SIG_BLOCK, NULL, &in_handler) != 0)
		abort();
}

static void
on_info(int signo, siginfo_t *info, void *context)
{
	(void)context;
	count++;
	last = info->si_signo == signo ? signo : -1;
}

static void
on_nested(int signo)
{
	if (++nested > deepest)
		deepest = nested;
	if (++count == 1)
		(void)raise(signo);
	nested--;
}

static int
other_than(int signo)
{
	return signo == SIGUSR1 ? SIGUSR2 : SIGUSR1;
}

static void
action(int signo, void (*handler)(int), int flags)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = handler;
	act.sa_flags = flags;
	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, other_than(signo));
	ck_assert_int_eq(sigaction(signo, &act, NULL), 0);
	count = last = nested = deepest = 0;
}

/* XSH sigaction(): a handler for each signal, and raise() calls it. */
START_TEST(each_signal_can_be_caught)
{
	int i, signo;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		action(signo, on_signal, 0);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(count, 1);
		ck_assert_int_eq(last, signo);
		ck_assert_int_eq(kill(getpid(), signo), 0);
		ck_assert_int_eq(count, 2);
		handle_info(signo, on_info, 0);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(count, 3);
		ck_assert_int_eq(last, signo);
	}
}
END_TEST

/* XSH sigaction(): sa_mask and the signal itself are blocked meanwhile. */
START_TEST(the_mask_of_each_holds_in_its_handler)
{
	sigset_t now;
	int i, signo;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		action(signo, on_signal, 0);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(sigismember(&in_handler, signo), 1);
		ck_assert_int_eq(sigismember(&in_handler, other_than(signo)),
		    1);
		ck_assert_int_eq(sigismember(&in_handler, SIGRTMAX),
		    signo == SIGRTMAX);
		ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
		ck_assert_int_eq(sigismember(&now, signo), 0);
		ck_assert_int_eq(sigismember(&now, other_than(signo)), 0);
		action(signo, on_signal, SA_NODEFER);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(sigismember(&in_handler, signo), 0);
		ck_assert_int_eq(sigismember(&in_handler, other_than(signo)),
		    1);
	}
}
END_TEST

/* XSH sigaction(), SA_NODEFER. */
START_TEST(each_nests_with_nodefer_only)
{
	int i, signo;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		action(signo, on_nested, 0);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(count, 2);
		ck_assert_int_eq(deepest, 1);
		action(signo, on_nested, SA_NODEFER);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(count, 2);
		ck_assert_int_eq(deepest, 2);
	}
}
END_TEST

/* XSH sigaction(), SA_RESETHAND; Linux does so for SIGILL and SIGTRAP too. */
START_TEST(each_is_reset_by_resethand)
{
	struct sigaction act;
	int i, signo;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		action(signo, on_signal, SA_RESETHAND);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(count, 1);
		ck_assert_int_eq(sigaction(signo, NULL, &act), 0);
		ck_assert(act.sa_handler == SIG_DFL);
	}
}
END_TEST

/* XSH sigaction(), oact. */
START_TEST(each_gives_its_old_action_back)
{
	static const int flags[] = { 0, SA_RESTART, SA_NODEFER, SA_RESETHAND,
	    SA_ONSTACK, SA_NOCLDSTOP, SA_NOCLDWAIT,
	    SA_RESTART | SA_NODEFER | SA_ONSTACK };
	const int all = SA_RESTART | SA_NODEFER | (int)SA_RESETHAND |
	    SA_ONSTACK | SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO;
	struct sigaction old;
	int i, signo;
	size_t j;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		for (j = 0; j < sizeof(flags) / sizeof(flags[0]); j++) {
			action(signo, on_signal, flags[j]);
			ck_assert_int_eq(sigaction(signo, NULL, &old), 0);
			ck_assert(old.sa_handler == on_signal);
			ck_assert_int_eq(old.sa_flags & all, flags[j]);
			ck_assert_int_eq(sigismember(&old.sa_mask,
			    other_than(signo)), 1);
			ck_assert_int_eq(sigismember(&old.sa_mask, signo), 0);
		}
		ck_assert(signal(signo, SIG_IGN) == on_signal);
		ck_assert(signal(signo, SIG_DFL) == SIG_IGN);
		ck_assert(signal(signo, SIG_DFL) == SIG_DFL);
	}
}
END_TEST

/* XSH 2.4.3, SIG_IGN: "delivery of the signal shall have no effect". */
START_TEST(each_can_be_ignored)
{
	sigset_t pending;
	int i, signo;

	for (i = 0; (signo = nth(i)) != 0; i++) {
		action(signo, SIG_IGN, 0);
		ck_assert_int_eq(raise(signo), 0);
		ck_assert_int_eq(kill(getpid(), signo), 0);
		ck_assert_int_eq(sigpending(&pending), 0);
		ck_assert_int_eq(sigismember(&pending, signo), 0);
		ck_assert(signal(signo, SIG_DFL) == SIG_IGN);
	}
}
END_TEST

/* XSH sigaction(), EINVAL; sigprocmask(): these two are not blocked. */
START_TEST(kill_and_stop_are_left_alone)
{
	static const int two[] = { SIGKILL, SIGSTOP };
	struct sigaction act;
	sigset_t set, now;
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(&act, 0, sizeof(act));
		act.sa_handler = on_signal;
		FAILS(sigaction(two[i], &act, NULL), EINVAL);
		act.sa_handler = SIG_IGN;
		FAILS(sigaction(two[i], &act, NULL), EINVAL);
		ck_assert_int_eq(sigaction(two[i], NULL, &act), 0);
		ck_assert(act.sa_handler == SIG_DFL);
		errno = 0;
		ck_assert(signal(two[i], on_signal) == SIG_ERR);
		ck_assert_int_eq(errno, EINVAL);
		sigemptyset(&set);
		sigaddset(&set, two[i]);
		ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
		ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
		ck_assert_int_eq(sigismember(&now, two[i]), 0);
	}
}
END_TEST

/* In a child; sanitizers have handlers of their own for faults. */
static int
die(char *argv[])
{
	static const struct rlimit none;
	int signo = atoi(argv[2]);
	sigset_t set;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(signo, SIG_DFL);
	sigemptyset(&set);
	if (sigprocmask(SIG_SETMASK, &set, NULL) != 0 || raise(signo) != 0)
		return 1;
	return 42;
}

static int
status_of(int signo)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", signo);
	return kid_end(kid_start(NULL, "fall", text, NULL));
}

static void
is_ended_by(int signo)
{
	int status = status_of(signo);

	ck_assert(WIFSIGNALED(status));
	ck_assert(!WIFEXITED(status));
	ck_assert(!WIFSTOPPED(status));
	ck_assert_int_eq(WTERMSIG(status), signo);
}

static void
as_by_default(int from, int to)
{
	int i, status;

	for (i = from; i < to; i++)
		if (signals[i].by_default == NOTHING) {
			(void)signal(signals[i].signo, SIG_DFL);
			status = status_of(signals[i].signo);
			ck_assert(WIFEXITED(status));
			ck_assert_int_eq(WEXITSTATUS(status), 42);
		} else if (signals[i].by_default != STOPS) {
			(void)signal(signals[i].signo, SIG_DFL);
			is_ended_by(signals[i].signo);
		}
}

/* XBD <signal.h>, "Default Action"; stopping is another matter, LIM-SIG-4. */
START_TEST(each_has_its_default_action)
{
	as_by_default(0, NAMED);
}
END_TEST

/* XBD <signal.h>: "the default action ... shall be to terminate". */
START_TEST(realtime_signals_end_a_process)
{
	int signo;

	for (signo = SIGRTMIN; signo <= SIGRTMAX; signo++) {
		(void)signal(signo, SIG_DFL);
		is_ended_by(signo);
	}
	is_ended_by(SIGKILL);
}
END_TEST

/* wait(), WCOREDUMP: "T" of <signal.h> leaves no core. */
START_TEST(terminating_is_not_dumping)
{
	static const int some[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGPIPE,
	    SIGALRM, SIGKILL };
	int status;
	size_t i;

	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		(void)signal(some[i], SIG_DFL);
		status = status_of(some[i]);
		ck_assert(WIFSIGNALED(status));
		ck_assert(!WCOREDUMP(status));
	}
}
END_TEST

int
main(int argc, char *argv[])
{
	static const struct kid_role roles[] = { { "fall", die },
	    { NULL, NULL } };
	static const TTest *tests[12];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = each_signal_can_be_caught;
	tests[n++] = the_mask_of_each_holds_in_its_handler;
	tests[n++] = each_nests_with_nodefer_only;
	tests[n++] = each_is_reset_by_resethand;
	tests[n++] = each_gives_its_old_action_back;
	tests[n++] = each_can_be_ignored;
	tests[n++] = kill_and_stop_are_left_alone;
	tests[n++] = each_has_its_default_action;
	tests[n++] = realtime_signals_end_a_process;
	tests[n++] = terminating_is_not_dumping;
	return run_cases("signal_numbers", tests, n);
}
