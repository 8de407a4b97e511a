/* SIGCHLD, and what becomes of children that nobody waits for. */
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

#define ROUNDS 50

static volatile sig_atomic_t handled, reaped;
static siginfo_t seen;

static void
on_signal(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	handled++;
	seen = *info;
}

/* As daemons do. */
static void
reap_all(int signo, siginfo_t *info, void *context)
{
	on_signal(signo, info, context);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
}

static void
act(void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a;

	(void)memset(&a, 0, sizeof(a));
	a.sa_sigaction = handler;
	a.sa_flags = flags | SA_SIGINFO;
	ck_assert_int_eq(sigaction(SIGCHLD, &a, NULL), 0);
	ck_assert_int_eq(sigaction(SIGCHLD, NULL, &a), 0);
	ck_assert_int_eq(a.sa_flags & flags, flags);
	handled = reaped = 0;
}

static sigset_t
block(void)
{
	sigset_t set, old;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	return old;
}

static void
unblock(sigset_t old)
{
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	(void)signal(SIGCHLD, SIG_DFL);
}

static int
is_pending(void)
{
	sigset_t set;

	ck_assert_int_eq(sigpending(&set), 0);
	return sigismember(&set, SIGCHLD);
}

/* _Exit(): no zombie, and no SIGCHLD either, though it is blocked. */
START_TEST(ignored_it_is_not_sent)
{
	sigset_t old = block();
	pid_t pid;

	(void)signal(SIGCHLD, SIG_IGN);
	pid = kid_start(NULL, "exit", "0", NULL);
	FAILS(waitpid(pid, NULL, 0), ECHILD);
	FAILS(kill(pid, 0), ESRCH);
	ck_assert_int_eq(is_pending(), 0);
	unblock(old);
}
END_TEST

/* sigaction(), SA_NOCLDWAIT: no zombie; the handler still runs. */
START_TEST(sa_nocldwait_leaves_no_zombies)
{
	sigset_t old = block();
	pid_t pid;

	act(on_signal, SA_NOCLDWAIT);
	pid = kid_start(NULL, "exit", "3", NULL);
	(void)kid_start(NULL, "exit", "3", NULL);
	FAILS(waitpid(pid, NULL, 0), ECHILD);
	FAILS(wait(NULL), ECHILD);
	ck_assert_int_eq(is_pending(), 1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_status, 3);
	unblock(old);
}
END_TEST

/* Who has ended already stays to be waited for. */
START_TEST(a_zombie_stays_when_it_is_ignored_later)
{
	pid_t pid = kid_start(NULL, "exit", "4", NULL);
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	(void)signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(kid_status(pid), 4);
	(void)signal(SIGCHLD, SIG_DFL);
}
END_TEST

/* sigaction(), SA_NOCLDSTOP: the end is told all the same. */
START_TEST(sa_nocldstop_tells_of_ends)
{
	sigset_t old = block();

	act(on_signal, SA_NOCLDSTOP);
	ck_assert_int_eq(kid_status(kid_start(NULL, "exit", "5", NULL)), 5);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_status, 5);
	unblock(old);
}
END_TEST

/* <signal.h>: all that SIGCHLD tells. */
START_TEST(the_end_is_described)
{
	char text[16];
	sigset_t old = block();
	siginfo_t info;
	pid_t pid;

	act(on_signal, 0);
	(void)snprintf(text, sizeof(text), "%d", SIGTERM);
	pid = kid_start(NULL, "die", text, NULL);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGCHLD);
	ck_assert_int_eq(seen.si_errno, 0);
	ck_assert_int_eq(seen.si_code, CLD_KILLED);
	ck_assert_int_eq(seen.si_pid, pid);
	ck_assert_uint_eq(seen.si_uid, getuid());
	ck_assert_int_eq(seen.si_status, SIGTERM);
	ck_assert_int_ge(seen.si_utime, 0);
	ck_assert_int_lt(seen.si_utime, 60 * sysconf(_SC_CLK_TCK));
	ck_assert_int_ge(seen.si_stime, 0);
	ck_assert_int_eq(info.si_signo, SIGCHLD);
	ck_assert_int_eq(info.si_code, CLD_KILLED);
	ck_assert_int_eq(info.si_pid, pid);
	ck_assert_uint_eq(info.si_uid, getuid());
	ck_assert_int_eq(info.si_status, SIGTERM);
	unblock(old);
}
END_TEST

/* Who has waited for a child finds that its SIGCHLD has come before. */
START_TEST(it_is_sent_before_the_wait_returns)
{
	sigset_t old = block(), set;
	struct timespec now = { 0, 0 };
	int i;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	for (i = 0; i < ROUNDS; i++) {
		(void)kid_end(kid_start(NULL, "exit", "0", NULL));
		ck_assert_int_eq(sigtimedwait(&set, NULL, &now), SIGCHLD);
	}
	unblock(old);
}
END_TEST

/* waitpid() from the handler: it finds each, though signals do not queue. */
START_TEST(a_handler_reaps_them_all)
{
	sigset_t old = block();
	int i;

	act(reap_all, SA_RESTART);
	for (i = 0; i < ROUNDS; i++)
		(void)kid_start(NULL, "exit", "0", NULL);
	while (reaped < ROUNDS)
		(void)sigsuspend(&old);
	FAILS(wait(NULL), ECHILD);
	ck_assert_int_ge(handled, 1);
	unblock(old);
}
END_TEST

/* wait(), WCOREDUMP, WIFSTOPPED, WIFCONTINUED: none of these. */
START_TEST(a_signal_that_ends_it_dumps_no_core)
{
	char text[16];
	int status;

	(void)snprintf(text, sizeof(text), "%d", SIGTERM);
	status = kid_end(kid_start(NULL, "die", text, NULL));
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
	ck_assert(!WCOREDUMP(status));
	ck_assert(!WIFSTOPPED(status));
	ck_assert(!WIFCONTINUED(status));
}
END_TEST

/* waitid(): EINVAL without a state to wait for; a stop is not an end. */
START_TEST(waitid_waits_for_what_it_is_told)
{
	pid_t pid = kid_start(NULL, "exit", "6", NULL);
	siginfo_t info;

	FAILS(waitid(P_PID, (id_t)pid, &info, 0), EINVAL);
	FAILS(waitid(P_PID, (id_t)pid, &info, WNOHANG | WNOWAIT), EINVAL);
	FAILS(waitid(P_PID, (id_t)pid, &info, WEXITED | 0x4000), EINVAL);
	FAILS(waitpid(pid, NULL, 0x4000), EINVAL);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(info.si_status, 6);
	FAILS(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WCONTINUED), ECHILD);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED),
	    0);
	ck_assert_int_eq(info.si_pid, pid);
	FAILS(waitid(P_ALL, 0, &info, WSTOPPED), ECHILD);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[12];
	int n = 0;

	kid_main(argc, argv);
	tests[n++] = ignored_it_is_not_sent;
	tests[n++] = sa_nocldwait_leaves_no_zombies;
	tests[n++] = a_zombie_stays_when_it_is_ignored_later;
	tests[n++] = sa_nocldstop_tells_of_ends;
	tests[n++] = the_end_is_described;
	tests[n++] = it_is_sent_before_the_wait_returns;
	tests[n++] = a_handler_reaps_them_all;
	tests[n++] = a_signal_that_ends_it_dumps_no_core;
	tests[n++] = waitid_waits_for_what_it_is_told;
	return run_cases("SIGCHLD", tests, n);
}
