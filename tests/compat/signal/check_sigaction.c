/* sigaction, signal, raise, sets and numbers. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/handle.h"

static volatile sig_atomic_t count, last, depth, deepest;
static siginfo_t seen;

static void
on_signal(int signo)
{
	count++;
	last = signo;
}

static void
on_info(int signo, siginfo_t *info, void *context)
{
	(void)context;
	count++;
	last = signo;
	seen = *info;
}

/* Raises itself once more: does the second one nest? */
static void
on_nested(int signo)
{
	if (++depth > deepest)
		deepest = depth;
	if (++count == 1)
		raise(signo);
	depth--;
}

static void
action(int signo, void (*handler)(int), int flags)
{
	handle_signal(signo, handler, flags);
	count = last = depth = deepest = 0;
}

/* XSH raise(): it "shall not return until after the handler does". */
START_TEST(raise_runs_the_handler_at_once)
{
	action(SIGUSR1, on_signal, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(last, SIGUSR1);
}
END_TEST

/* XSH kill(): delivered before it returns, if nobody else can take it. */
START_TEST(kill_of_self_runs_the_handler_at_once)
{
	action(SIGTERM, on_signal, 0);
	ck_assert_int_eq(kill(getpid(), SIGTERM), 0);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(last, SIGTERM);
}
END_TEST

/* XSH sigaction(): the old action is given back. */
START_TEST(the_old_action_comes_back)
{
	struct sigaction act, old;

	action(SIGUSR2, on_signal, SA_RESTART);
	memset(&act, 0, sizeof(act));
	act.sa_sigaction = on_info;
	act.sa_flags = SA_SIGINFO;
	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, SIGTERM);
	ck_assert_int_eq(sigaction(SIGUSR2, &act, &old), 0);
	ck_assert(old.sa_handler == on_signal);
	ck_assert_int_ne(old.sa_flags & SA_RESTART, 0);

	ck_assert_int_eq(sigaction(SIGUSR2, NULL, &old), 0);
	ck_assert(old.sa_sigaction == on_info);
	ck_assert_int_ne(old.sa_flags & SA_SIGINFO, 0);
	ck_assert_int_eq(sigismember(&old.sa_mask, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&old.sa_mask, SIGINT), 0);
}
END_TEST

/* XSH sigaction(), EINVAL. */
START_TEST(bad_signals_are_refused)
{
	static const int bad[] = { 0, -1, NSIG, NSIG + 1000 };
	struct sigaction act;
	size_t i;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		ck_assert_int_eq(sigaction(bad[i], &act, NULL), -1);
		ck_assert_int_eq(errno, EINVAL);
	}
	errno = 0;
	ck_assert_int_eq(sigaction(SIGKILL, &act, NULL), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(sigaction(SIGSTOP, &act, NULL), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(sigaction(SIGKILL, NULL, &act), 0);
	errno = 0;
	ck_assert_int_eq(kill(getpid(), NSIG), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(raise(-1), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert(signal(NSIG, on_signal) == SIG_ERR);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert(signal(SIGTERM, SIG_ERR) == SIG_ERR);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert(signal(SIGKILL, on_signal) == SIG_ERR);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(resethand_resets_the_handler)
{
	struct sigaction act;

	action(SIGUSR1, on_signal, SA_RESETHAND);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert(act.sa_handler == SIG_DFL);
}
END_TEST

/* XSH sigaction(): a signal is blocked while its handler runs... */
START_TEST(a_handler_does_not_nest)
{
	action(SIGUSR1, on_nested, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 2);
	ck_assert_int_eq(deepest, 1);
}
END_TEST

/* ...unless SA_NODEFER is given. */
START_TEST(a_nodefer_handler_nests)
{
	action(SIGUSR1, on_nested, SA_NODEFER);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 2);
	ck_assert_int_eq(deepest, 2);
}
END_TEST

START_TEST(siginfo_says_who_sent)
{
	handle_info(SIGUSR1, on_info, 0);
	memset(&seen, 0, sizeof(seen));
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(seen.si_signo, SIGUSR1);
	ck_assert_int_eq(seen.si_code, SI_USER);
	ck_assert_int_eq(seen.si_pid, getpid());
}
END_TEST

START_TEST(an_ignored_signal_does_nothing)
{
	sigset_t pending;

	action(SIGTERM, SIG_IGN, 0);
	ck_assert_int_eq(raise(SIGTERM), 0);
	ck_assert_int_eq(kill(getpid(), SIGTERM), 0);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGTERM), 0);
}
END_TEST

/* XBD <signal.h>: SIGCHLD and SIGURG are ignored by default. */
START_TEST(some_signals_are_ignored_by_default)
{
	action(SIGCHLD, SIG_DFL, 0);
	action(SIGURG, SIG_DFL, 0);
	action(SIGWINCH, SIG_DFL, 0);
	ck_assert_int_eq(raise(SIGCHLD), 0);
	ck_assert_int_eq(raise(SIGURG), 0);
	ck_assert_int_eq(raise(SIGWINCH), 0);
}
END_TEST

/* signal(2): BSD semantics; the CRT resets the handler instead. */
START_TEST(signal_keeps_the_handler_and_restarts)
{
	struct sigaction act;

	ck_assert(signal(SIGTERM, SIG_DFL) != SIG_ERR);
	ck_assert(signal(SIGTERM, on_signal) == SIG_DFL);
	count = 0;
	ck_assert_int_eq(raise(SIGTERM), 0);
	ck_assert_int_eq(raise(SIGTERM), 0);
	ck_assert_int_eq(count, 2);
	ck_assert_int_eq(sigaction(SIGTERM, NULL, &act), 0);
	ck_assert_int_ne(act.sa_flags & SA_RESTART, 0);
	ck_assert(signal(SIGTERM, SIG_IGN) == on_signal);
}
END_TEST

START_TEST(sets_hold_what_is_added)
{
	sigset_t set;
	int i;

	ck_assert_int_eq(sigemptyset(&set), 0);
	for (i = 1; i < NSIG; i++)
		ck_assert_int_eq(sigismember(&set, i), 0);
	ck_assert_int_eq(sigaddset(&set, SIGRTMAX), 0);
	ck_assert_int_eq(sigaddset(&set, SIGHUP), 0);
	ck_assert_int_eq(sigismember(&set, SIGRTMAX), 1);
	ck_assert_int_eq(sigismember(&set, SIGHUP), 1);
	ck_assert_int_eq(sigdelset(&set, SIGHUP), 0);
	ck_assert_int_eq(sigismember(&set, SIGHUP), 0);
	ck_assert_int_eq(sigfillset(&set), 0);
	for (i = 1; i <= SIGSYS; i++)
		ck_assert_int_eq(sigismember(&set, i), 1);
	for (i = SIGRTMIN; i <= SIGRTMAX; i++)
		ck_assert_int_eq(sigismember(&set, i), 1);
	errno = 0;
	ck_assert_int_eq(sigaddset(&set, NSIG), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(sigdelset(&set, 0), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(sigismember(&set, -1), -1);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* XBD <signal.h>: the numbers are distinct. */
START_TEST(no_two_signals_share_a_number)
{
	const int all[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP,
	    SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2,
	    SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP,
	    SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
	    SIGWINCH, SIGIO, SIGPWR, SIGSYS, SIGRTMIN, SIGRTMAX };
	size_t n = sizeof(all) / sizeof(all[0]), i, j;

	for (i = 0; i < n; i++) {
		ck_assert_int_gt(all[i], 0);
		ck_assert_int_lt(all[i], NSIG);
		for (j = 0; j < i; j++)
			ck_assert_int_ne(all[i], all[j]);
	}
	ck_assert_int_ge(SIGRTMAX - SIGRTMIN + 1, 8);
}
END_TEST

START_TEST(signals_have_names)
{
	ck_assert_str_eq(strsignal(SIGINT), "Interrupt");
	ck_assert_str_eq(strsignal(SIGABRT), "Aborted");
	ck_assert_str_eq(strsignal(SIGTTIN), "Stopped (tty input)");
	ck_assert_str_eq(strsignal(SIGRTMIN + 2), "Real-time signal 2");
	ck_assert_str_eq(strsignal(NSIG + 5), "Unknown signal 70");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sigaction");
	TCase *tc = tcase_create("sigaction");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, raise_runs_the_handler_at_once);
	tcase_add_test(tc, kill_of_self_runs_the_handler_at_once);
	tcase_add_test(tc, the_old_action_comes_back);
	tcase_add_test(tc, bad_signals_are_refused);
	tcase_add_test(tc, resethand_resets_the_handler);
	tcase_add_test(tc, a_handler_does_not_nest);
	tcase_add_test(tc, a_nodefer_handler_nests);
	tcase_add_test(tc, siginfo_says_who_sent);
	tcase_add_test(tc, an_ignored_signal_does_nothing);
	tcase_add_test(tc, some_signals_are_ignored_by_default);
	tcase_add_test(tc, signal_keeps_the_handler_and_restarts);
	tcase_add_test(tc, sets_hold_what_is_added);
	tcase_add_test(tc, no_two_signals_share_a_number);
	tcase_add_test(tc, signals_have_names);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
