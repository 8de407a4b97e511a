/* Sleeps and timers where NT's timers are coarse, hasty, or gone. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/tfd.h"
#include "compat/time/timer_fault.h"
#include "compat/time/timing.h"

static void
sleeps(clockid_t clock)
{
	struct timespec ts = { 0, 20 * MS };
	int64_t due = clock_ns(clock) + 20 * MS;

	ck_assert_int_eq(clock_nanosleep(clock, 0, &ts, NULL), 0);
	ck_assert(clock_ns(clock) >= due);
	due += 20 * MS;
	ts = ts_of(due);
	ck_assert_int_eq(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL), 0);
	ck_assert(clock_ns(clock) >= due);
	ck_assert(clock_ns(clock) < due + LONG_NS);
}

static void
sleep_is_interrupted(void)
{
	struct timespec ts = { 1000, 0 }, left;
	int r, err;

	handle_usr1(0);
	sender_start(SIGUSR1);
	r = nanosleep(&ts, &left);
	err = errno;
	sender_stop();
	ck_assert_int_eq(r, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert(ns_of(left) <= 1000 * SEC);
	ck_assert(ns_of(left) > 1000 * SEC - LONG_NS);
}

START_TEST(coarse_timers_will_do)
{
	int fd = timer(0);
	int64_t start;

	timers_are(TIMERS_COARSE);
	sleeps(CLOCK_MONOTONIC);
	sleeps(CLOCK_REALTIME);
	sleep_is_interrupted();
	ck_assert_int_gt(timers_refused(), 0);
	start = mono_ns();
	timers_are(TIMERS_COARSE);
	set(fd, 10 * MS, 10 * MS);
	ck_assert_int_eq(timers_refused(), 1);
	ck_assert_uint_ge(take(fd), 1);
	ck_assert(mono_ns() - start >= 10 * MS);
	ck_assert_int_eq(close(fd), 0);
	timers_are(TIMERS_AS_THEY_ARE);
}
END_TEST

START_TEST(sleeping_does_without_timers)
{
	timers_are(TIMERS_NONE);
	sleeps(CLOCK_MONOTONIC);
	sleeps(CLOCK_REALTIME);
	sleep_is_interrupted();
	ck_assert_int_gt(timers_refused(), 0);
	timers_are(TIMERS_AS_THEY_ARE);
}
END_TEST

/* ENOMEM, and the timer has stopped; later it works. */
START_TEST(a_timer_says_so)
{
	const struct itimerspec its = { .it_value = { 0, 1 } };
	int fd = timer(TFD_NONBLOCK);
	struct itimerspec now;

	timers_are(TIMERS_NONE);
	ck_assert_fails(timerfd_settime(fd, 0, &its, NULL), ENOMEM);
	ck_assert_int_eq(timerfd_gettime(fd, &now), 0);
	ck_assert(ns_of(now.it_value) == 0);
	assert_empty(fd);
	timers_are(TIMERS_AS_THEY_ARE);
	set(fd, 1, 0);
	wait_readable(fd);
	ck_assert(take(fd) == 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Takes the signal of a timer with a period of 20 ms twice. */
static void
posix_timer_is_not_early(clockid_t clock, int flags)
{
	int64_t start = clock_ns(clock);
	int64_t from = flags == TIMER_ABSTIME ? start : 0;
	struct itimerspec its;
	sigset_t set;
	timer_t id;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	its.it_value = ts_of(from + 20 * MS);
	its.it_interval = ts_of(20 * MS);
	ck_assert_int_eq(timer_create(clock, NULL, &id), 0);
	ck_assert_int_eq(timer_settime(id, flags, &its, NULL), 0);
	ck_assert_int_eq(sigwait(&set, &signo), 0);
	ck_assert(clock_ns(clock) >= start + 20 * MS);
	ck_assert_int_eq(sigwait(&set, &signo), 0);
	ck_assert(clock_ns(clock) >= start + 40 * MS);
	ck_assert_int_eq(timer_delete(id), 0);
}

/* ENOMEM, and the timer is as it was; later it works. */
START_TEST(a_posix_timer_says_so)
{
	struct itimerspec its = { .it_value = { 100, 0 } }, now;
	timer_t id;

	ck_assert_int_eq(timer_create(CLOCK_REALTIME, NULL, &id), 0);
	ck_assert_int_eq(timer_settime(id, 0, &its, NULL), 0);
	timers_are(TIMERS_NONE);
	ck_assert_fails(timer_settime(id, TIMER_ABSTIME, &its, NULL), ENOMEM);
	ck_assert_int_eq(timer_gettime(id, &now), 0);
	ck_assert(ns_of(now.it_value) > 50 * SEC);
	timers_are(TIMERS_AS_THEY_ARE);
	ck_assert_int_eq(timer_delete(id), 0);
	posix_timer_is_not_early(CLOCK_REALTIME, TIMER_ABSTIME);
}
END_TEST

static void
timer_is_not_early(clockid_t clock, int flags)
{
	int fd = timerfd_create(clock, 0);
	int64_t start = clock_ns(clock);
	int64_t from = flags == TFD_TIMER_ABSTIME ? start : 0;

	ck_assert_int_ge(fd, 0);
	set_to(fd, flags, from + 20 * MS, 20 * MS, NULL);
	ck_assert_uint_ge(take(fd), 1);
	ck_assert(clock_ns(clock) >= start + 20 * MS);
	ck_assert_uint_ge(take(fd), 1);
	ck_assert(clock_ns(clock) >= start + 40 * MS);
	ck_assert_int_eq(close(fd), 0);
}

/* NT's clocks are not ours: a timer that was early is set again. */
START_TEST(hasty_timers_are_set_again)
{
	timers_are(TIMERS_EARLY);
	sleeps(CLOCK_MONOTONIC);
	sleeps(CLOCK_REALTIME);
	timer_is_not_early(CLOCK_MONOTONIC, 0);
	timer_is_not_early(CLOCK_MONOTONIC, TFD_TIMER_ABSTIME);
	timer_is_not_early(CLOCK_REALTIME, TFD_TIMER_ABSTIME);
	ck_assert_int_gt(timers_refused(), 9);
	posix_timer_is_not_early(CLOCK_MONOTONIC, 0);
	posix_timer_is_not_early(CLOCK_MONOTONIC, TIMER_ABSTIME);
	posix_timer_is_not_early(CLOCK_REALTIME, TIMER_ABSTIME);
	ck_assert_int_gt(timers_refused(), 15);
	timers_are(TIMERS_AS_THEY_ARE);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timer_fallback");
	TCase *tc = tcase_create("timer_fallback");

	tcase_add_test(tc, coarse_timers_will_do);
	tcase_add_test(tc, sleeping_does_without_timers);
	tcase_add_test(tc, a_timer_says_so);
	tcase_add_test(tc, a_posix_timer_says_so);
	tcase_add_test(tc, hasty_timers_are_set_again);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
