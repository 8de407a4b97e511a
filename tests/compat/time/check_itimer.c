/* setitimer(), getitimer() and alarm(): POSIX.1-2017, setitimer(2). */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/time.h>
#include <unistd.h>

#include "compat/time/timing.h"
#include "support/handle.h"
#include "support/main.h"

#define US_PER_S 1000000

static atomic_int alarms;

static void
count_alarm(int signo)
{
	(void)signo;
	alarms++;
}

static void
handle_alarms(void)
{
	handle_signal(SIGALRM, count_alarm, 0);
	alarms = 0;
}

static struct itimerval
timer_of(int64_t value_us, int64_t interval_us)
{
	struct itimerval t;

	t.it_value.tv_sec = value_us / US_PER_S;
	t.it_value.tv_usec = (long)(value_us % US_PER_S);
	t.it_interval.tv_sec = interval_us / US_PER_S;
	t.it_interval.tv_usec = (long)(interval_us % US_PER_S);
	return t;
}

static int64_t
us_of(struct timeval tv)
{
	return (int64_t)tv.tv_sec * US_PER_S + tv.tv_usec;
}

static void
stop(void)
{
	struct itimerval none = timer_of(0, 0);

	ck_assert_int_eq(setitimer(ITIMER_REAL, &none, NULL), 0);
}

/* A single timer: one SIGALRM, not early; then the timer reads 0. */
START_TEST(a_timer_sends_sigalrm_once)
{
	struct itimerval t = timer_of(30000, 0), now;
	int64_t start;

	handle_alarms();
	start = mono_ns();
	errno = 7;
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
	ck_assert_int_eq(errno, 7);
	errno = 0;
	ck_assert_int_eq(pause(), -1);
	ck_assert_int_eq(errno, EINTR);
	ck_assert(mono_ns() - start >= 30 * MS);
	ck_assert_int_eq(alarms, 1);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) == 0);
	ck_assert(us_of(now.it_interval) == 0);
}
END_TEST

/* Each interval sends another, start + n intervals. */
START_TEST(an_interval_sends_again_and_again)
{
	struct itimerval t = timer_of(5000, 10000), old;
	int64_t start;

	handle_alarms();
	start = mono_ns();
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
	while (alarms < 4)
		ck_assert_int_eq(pause(), -1);
	ck_assert(mono_ns() - start >= 35 * MS);
	t = timer_of(0, 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, &old), 0);
	ck_assert(us_of(old.it_interval) == 10000);
	ck_assert(us_of(old.it_value) > 0);
	ck_assert(us_of(old.it_value) <= 10000);
}
END_TEST

/* The old setting has what is left; a new one replaces it; 0 stops it. */
START_TEST(a_new_setting_replaces_the_old)
{
	struct itimerval t = timer_of(100 * US_PER_S, 3), old, now;

	handle_alarms();
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
	t = timer_of(50 * US_PER_S, 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, &old), 0);
	ck_assert(us_of(old.it_value) <= 100 * US_PER_S);
	ck_assert(us_of(old.it_value) > 50 * US_PER_S);
	ck_assert(us_of(old.it_interval) == 3);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) <= 50 * US_PER_S);
	ck_assert(us_of(now.it_value) > 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, NULL, NULL), 0);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) == 0);
	ck_assert_int_eq(alarms, 0);
}
END_TEST

/* setitimer(2): a value of 0 stops it; what interval is read then, differs. */
START_TEST(a_timer_that_is_stopped_forgets_its_interval)
{
	struct itimerval off = timer_of(0, 5 * US_PER_S), now;

	ck_assert_int_eq(setitimer(ITIMER_REAL, &off, NULL), 0);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) == 0);
	ck_assert(us_of(now.it_interval) == 0);
	ck_assert_int_eq(setitimer(ITIMER_PROF, &off, NULL), 0);
	ck_assert_int_eq(getitimer(ITIMER_PROF, &now), 0);
	ck_assert(us_of(now.it_value) == 0);
	ck_assert(us_of(now.it_interval) == 5 * US_PER_S);
	off = timer_of(0, 0);
	ck_assert_int_eq(setitimer(ITIMER_PROF, &off, NULL), 0);
}
END_TEST

/* alarm(): the same timer; what was left, at least 1. */
START_TEST(alarm_is_the_same_timer_in_seconds)
{
	struct itimerval t = timer_of(100000, 0), now;

	handle_alarms();
	ck_assert_uint_eq(alarm(100), 0);
	ck_assert_uint_eq(alarm(7), 100);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) > 0);
	ck_assert(us_of(now.it_value) <= 7 * US_PER_S);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
	ck_assert_uint_eq(alarm(0), 1);
	ck_assert_uint_eq(alarm(0), 0);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) == 0);
	ck_assert_int_eq(alarms, 0);
}
END_TEST

/* alarm(): SIGALRM when the seconds are over, and once. */
START_TEST(alarm_rings_after_its_seconds)
{
	int64_t start;

	handle_alarms();
	start = mono_ns();
	ck_assert_uint_eq(alarm(1000), 0);
	ck_assert_uint_eq(alarm(1), 1000);
	while (alarms == 0)
		(void)pause();
	ck_assert(mono_ns() - start >= 1000 * MS);
	ck_assert_uint_eq(alarm(0), 0);
	ck_assert_int_eq(alarms, 1);
}
END_TEST

/* setitimer(): a value of 0 stops it, whatever the interval. */
START_TEST(without_a_value_an_interval_is_nothing)
{
	static const int all[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	struct itimerval t, now;
	size_t i;

	handle_alarms();
	for (i = 0; i < 3; i++) {
		t = timer_of(100 * US_PER_S, 1);
		ck_assert_int_eq(setitimer(all[i], &t, NULL), 0);
		t = timer_of(0, 1000);
		ck_assert_int_eq(setitimer(all[i], &t, NULL), 0);
		ck_assert_int_eq(getitimer(all[i], &now), 0);
		ck_assert(us_of(now.it_value) == 0);
	}
	ck_assert_int_eq(alarms, 0);
	stop();
}
END_TEST

/* EINVAL, and nothing has changed. */
START_TEST(bad_times_are_refused)
{
	static const struct itimerval bad[] = {
		{ .it_value = { 0, US_PER_S } }, { .it_value = { 0, -1 } },
		{ .it_value = { -1, 0 } }, { .it_interval = { 0, US_PER_S } },
		{ .it_interval = { -1, 0 } },
	};
	struct itimerval t = timer_of(100 * US_PER_S, 0), now;
	size_t i;

	ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		ck_assert_int_eq(setitimer(ITIMER_REAL, &bad[i], NULL), -1);
		ck_assert_int_eq(errno, EINVAL);
	}
	errno = 0;
	ck_assert_int_eq(setitimer(12, &t, NULL), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(getitimer(-1, &now), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert(us_of(now.it_value) > 50 * US_PER_S);
	stop();
}
END_TEST

int
main(void)
{
	static const TTest *tests[8];
	int n = 0;

	tests[n++] = a_timer_sends_sigalrm_once;
	tests[n++] = an_interval_sends_again_and_again;
	tests[n++] = a_new_setting_replaces_the_old;
	tests[n++] = a_timer_that_is_stopped_forgets_its_interval;
	tests[n++] = alarm_is_the_same_timer_in_seconds;
	tests[n++] = alarm_rings_after_its_seconds;
	tests[n++] = without_a_value_an_interval_is_nothing;
	tests[n++] = bad_times_are_refused;
	return run_cases("itimer", tests, n);
}
