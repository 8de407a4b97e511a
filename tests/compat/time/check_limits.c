/* Where the calls about time differ from POSIX and Linux: LIM-TIME. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/tfd.h"
#include "compat/time/timing.h"

#define LINUX_CLOCK_BOOTTIME 7
#define LINUX_SIGEV_THREAD_ID 4

/* LIM-TIME-3.  Linux: a read fails with ECANCELED when the clock was set. */
START_TEST(a_set_clock_cancels_nothing)
{
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	const struct itimerspec its = { .it_value = { 1, 0 } };

	ck_assert_fails(timerfd_settime(fd,
	    TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &its, NULL), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-TIME-4. */
START_TEST(a_threads_processor_time_is_not_waited_for)
{
	const struct timespec ts = { 0, 1 };
	timer_t id;

	ck_assert_int_eq(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &ts,
	    NULL), ENOTSUP);
	ck_assert_fails(timer_create(CLOCK_THREAD_CPUTIME_ID, NULL, &id),
	    ENOTSUP);
}
END_TEST

/* LIM-TIME-5. */
START_TEST(there_is_no_clock_of_time_since_boot)
{
	struct timespec ts;

	ck_assert_fails(clock_gettime(LINUX_CLOCK_BOOTTIME, &ts), EINVAL);
	ck_assert_fails(timerfd_create(LINUX_CLOCK_BOOTTIME, 0), EINVAL);
}
END_TEST

/* LIM-TIME-9. */
START_TEST(a_timer_signals_no_chosen_thread)
{
	struct sigevent event = { .sigev_notify = LINUX_SIGEV_THREAD_ID };
	timer_t id;

	event.sigev_signo = SIGUSR1;
	ck_assert_fails(timer_create(CLOCK_MONOTONIC, &event, &id), EINVAL);
}
END_TEST

/* POSIX leaves it open what becomes of the signal. */
START_TEST(a_deleted_timer_takes_its_signal_along)
{
	const struct itimerspec its = { .it_value = { 0, 1 } };
	const struct timespec now = { 0, 0 };
	sigset_t set, pending;
	timer_t id;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(timer_create(CLOCK_MONOTONIC, NULL, &id), 0);
	ck_assert_int_eq(timer_settime(id, 0, &its, NULL), 0);
	do {
		ck_assert_int_eq(sigpending(&pending), 0);
	} while (!sigismember(&pending, SIGALRM));
	ck_assert_int_eq(timer_delete(id), 0);
	ck_assert_fails(sigtimedwait(&set, NULL, &now), EAGAIN);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("time limits");
	TCase *tc = tcase_create("time limits");

	tcase_add_test(tc, a_set_clock_cancels_nothing);
	tcase_add_test(tc, a_threads_processor_time_is_not_waited_for);
	tcase_add_test(tc, there_is_no_clock_of_time_since_boot);
	tcase_add_test(tc, a_timer_signals_no_chosen_thread);
	tcase_add_test(tc, a_deleted_timer_takes_its_signal_along);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
