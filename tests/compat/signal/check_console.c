/*
 * Console events, through the function that NT's callback calls.  CLOSE,
 * LOGOFF and SHUTDOWN cannot be generated on NT at all, and CTRL+BREAK not
 * under Wine.  Built for NT only; console.sh has the end-to-end test.
 */
#include <compat.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "fd/names.h"
#include "signal/state.h"

static volatile sig_atomic_t last;
static atomic_int returned;

static void
on_signal(int signo)
{
	last = signo;
}

static void
setup(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t none;
	size_t i;

	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		ck_assert(signal(signals[i], on_signal) != SIG_ERR);
	last = 0;
	returned = 0;
}

/* NT calls back on a thread of its own. */
static void *
send_event(void *arg)
{
	returned = sig_console_event(*(unsigned long *)arg) + 1;
	return NULL;
}

/* Send the event while this thread waits, as main() of a server would. */
static pthread_t
event_during_sigsuspend(unsigned long *event)
{
	sigset_t all, none;
	pthread_t thread;

	sigfillset(&all);
	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, send_event, event), 0);
	errno = 0;
	ck_assert_int_eq(sigsuspend(&none), -1);
	ck_assert_int_eq(errno, EINTR);
	return thread;
}

static void
event_is_signal(unsigned long event, int signo)
{
	pthread_t thread = event_during_sigsuspend(&event);

	ck_assert_int_eq(last, signo);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(returned, 1 + 1);
}

START_TEST(ctrl_c_is_sigint)
{
	event_is_signal(COMPAT_CTRL_C, SIGINT);
	/* The process may go on. */
	ck_assert_int_eq(compat_signal_grace(NULL), -1);
}
END_TEST

START_TEST(ctrl_break_is_sigterm)
{
	event_is_signal(COMPAT_CTRL_BREAK, SIGTERM);
}
END_TEST

START_TEST(ctrl_break_can_be_sigquit)
{
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_BREAK, SIGQUIT),
	    SIGTERM);
	event_is_signal(COMPAT_CTRL_BREAK, SIGQUIT);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_BREAK, SIGTERM),
	    SIGQUIT);
}
END_TEST

/*
 * The program has been told, and NT is still held off: returning would end
 * the process.  The thread stays; that it does not keep the process from
 * ending is the end of this program.
 */
static void
event_holds_nt_off(unsigned long event, int signo)
{
	static unsigned long kept[8];
	pthread_t thread;
	int64_t grace;
	int told = -1;

	kept[event] = event;
	thread = event_during_sigsuspend(&kept[event]);
	ck_assert_int_eq(last, signo);
	ck_assert_int_eq(returned, 0);
	/* As long as NT documents, and no longer: in ns. */
	grace = compat_signal_grace(&told);
	ck_assert_int_eq(told, (int)event);
	ck_assert_int_gt(grace, 0);
	ck_assert_int_lt(grace, INT64_C(20000000000));
	ck_assert_int_eq(pthread_detach(thread), 0);
}

START_TEST(close_is_sighup_and_waits_for_the_program)
{
	event_holds_nt_off(COMPAT_CTRL_CLOSE, SIGHUP);
}
END_TEST

/* A service gets it whenever anybody logs off, and drops it. */
START_TEST(logoff_is_sighup_and_waits_for_the_program)
{
	if (sig_is_service()) {
		ck_assert_int_eq(sig_console_event(COMPAT_CTRL_LOGOFF), 1);
		ck_assert_int_eq(last, 0);
		return;
	}
	event_holds_nt_off(COMPAT_CTRL_LOGOFF, SIGHUP);
}
END_TEST

START_TEST(shutdown_is_sigterm_and_waits_for_the_program)
{
	event_holds_nt_off(COMPAT_CTRL_SHUTDOWN, SIGTERM);
}
END_TEST

/* SIG_DFL: 0 lets NT's own handler end the process. */
START_TEST(default_actions_are_left_to_nt)
{
	ck_assert(signal(SIGINT, SIG_DFL) != SIG_ERR);
	ck_assert(signal(SIGTERM, SIG_DFL) != SIG_ERR);
	ck_assert(signal(SIGHUP, SIG_DFL) != SIG_ERR);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_C), 0);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_BREAK), 0);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_CLOSE), 0);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_SHUTDOWN), 0);
	ck_assert_int_eq(sig_console_event(3), 0);
	ck_assert_int_eq(sig_console_event(99), 0);
}
END_TEST

START_TEST(logoff_is_dropped_by_default)
{
	ck_assert(signal(SIGHUP, SIG_DFL) != SIG_ERR);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_LOGOFF), 1);
}
END_TEST

START_TEST(an_event_that_is_mapped_to_nothing_is_left_to_nt)
{
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_C, 0), SIGINT);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_C), 0);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_C, SIGINT), 0);
}
END_TEST

/* The way of signalfd and sigwait: blocked, with the default action. */
START_TEST(a_blocked_event_waits_to_be_taken)
{
	sigset_t set;
	int signo = 0;

	ck_assert(signal(SIGINT, SIG_DFL) != SIG_ERR);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_C), 1);
	ck_assert_int_eq(sigwait(&set, &signo), 0);
	ck_assert_int_eq(signo, SIGINT);
}
END_TEST

START_TEST(an_ignored_event_does_nothing)
{
	ck_assert(signal(SIGINT, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(sig_console_event(COMPAT_CTRL_C), 1);
	ck_assert_int_eq(last, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("console");
	TCase *tc = tcase_create("console");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, ctrl_c_is_sigint);
	tcase_add_test(tc, ctrl_break_is_sigterm);
	tcase_add_test(tc, ctrl_break_can_be_sigquit);
	tcase_add_test(tc, default_actions_are_left_to_nt);
	tcase_add_test(tc, logoff_is_dropped_by_default);
	tcase_add_test(tc, an_event_that_is_mapped_to_nothing_is_left_to_nt);
	tcase_add_test(tc, a_blocked_event_waits_to_be_taken);
	tcase_add_test(tc, an_ignored_event_does_nothing);
	tcase_add_test(tc, close_is_sighup_and_waits_for_the_program);
	tcase_add_test(tc, logoff_is_sighup_and_waits_for_the_program);
	tcase_add_test(tc, shutdown_is_sigterm_and_waits_for_the_program);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
