/* compat_signal_map: its arguments; its effect is in check_console.c. */
#include <compat.h>

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

START_TEST(every_event_has_its_signal)
{
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_C, SIGINT), SIGINT);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_BREAK, SIGQUIT),
	    SIGTERM);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_BREAK, 0), SIGQUIT);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_BREAK, SIGTERM), 0);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_CLOSE, SIGHUP), SIGHUP);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_LOGOFF, SIGHUP),
	    SIGHUP);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_SHUTDOWN, SIGTERM),
	    SIGTERM);
}
END_TEST

static void
refused(int event, int signo)
{
	errno = 0;
	ck_assert_int_eq(compat_signal_map(event, signo), -1);
	ck_assert_int_eq(errno, EINVAL);
}

START_TEST(other_events_and_signals_are_refused)
{
	refused(-1, SIGINT);
	refused(3, SIGINT);
	refused(4, SIGINT);
	refused(7, SIGINT);
	refused(COMPAT_CTRL_C, -1);
	refused(COMPAT_CTRL_C, NSIG);
	refused(COMPAT_CTRL_C, SIGKILL);
	refused(COMPAT_CTRL_C, SIGSTOP);
	ck_assert_int_eq(compat_signal_map(COMPAT_CTRL_C, SIGINT), SIGINT);
}
END_TEST

START_TEST(nothing_is_about_to_end_the_process)
{
	int event = 99;

	ck_assert_int_eq(compat_signal_grace(&event), -1);
	ck_assert_int_eq(event, 99);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("signal_map");
	TCase *tc = tcase_create("signal_map");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, every_event_has_its_signal);
	tcase_add_test(tc, other_events_and_signals_are_refused);
	tcase_add_test(tc, nothing_is_about_to_end_the_process);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
