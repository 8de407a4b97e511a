/* nanosleep() and clock_nanosleep() of POSIX.1-2024; sleep and usleep. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/timing.h"

static const int64_t lengths[] = {
	0, 1, 100, 50000, 300000, MS, 2 * MS + 1, 17 * MS, 40 * MS,
};
#define LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static void
took_at_least(int64_t start, int64_t ns)
{
	int64_t took = mono_ns() - start;

	ck_assert_msg(took >= ns, "%lld ns took %lld", (long long)ns,
	    (long long)took);
	ck_assert(took < LONG_NS);
}

/* XSH nanosleep(): "shall not be less than the time specified by rqtp". */
START_TEST(a_sleep_is_never_short)
{
	struct timespec ts;
	int64_t start;
	size_t i;

	for (i = 0; i < LENGTHS; i++) {
		ts = ts_of(lengths[i]);
		start = mono_ns();
		ck_assert_int_eq(nanosleep(&ts, NULL), 0);
		took_at_least(start, lengths[i]);
		start = mono_ns();
		ck_assert_int_eq(usleep((useconds_t)(lengths[i] / 1000)), 0);
		took_at_least(start, lengths[i] / 1000 * 1000);
	}
}
END_TEST

static void
clock_sleeps(clockid_t clock)
{
	struct timespec ts;
	int64_t start, due;
	size_t i;

	for (i = 0; i < LENGTHS; i++) {
		ts = ts_of(lengths[i]);
		start = mono_ns();
		ck_assert_int_eq(clock_nanosleep(clock, 0, &ts, NULL), 0);
		took_at_least(start, lengths[i]);
		due = clock_ns(clock) + lengths[i];
		ts = ts_of(due);
		ck_assert_int_eq(clock_nanosleep(clock, TIMER_ABSTIME, &ts,
		    NULL), 0);
		ck_assert(clock_ns(clock) >= due);
		ck_assert(clock_ns(clock) < due + LONG_NS);
	}
}

START_TEST(both_clocks_sleep_to_a_time_and_for_a_time)
{
	clock_sleeps(CLOCK_MONOTONIC);
	clock_sleeps(CLOCK_REALTIME);
}
END_TEST

START_TEST(a_time_in_the_past_is_no_sleep)
{
	struct timespec ts = { 0, 1 };
	int64_t start = mono_ns();

	ck_assert_int_eq(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts,
	    NULL), 0);
	ck_assert_int_eq(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts,
	    NULL), 0);
	ck_assert(mono_ns() - start < LONG_NS);
}
END_TEST

/* EINVAL; clock_nanosleep() returns it, and errno is not for that. */
START_TEST(times_and_clocks_are_checked)
{
	static const struct timespec bad[] = {
		{ 0, 1000000000 }, { 0, -1 }, { -1, 0 },
	};
	const struct timespec ok = { 0, 1 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_fails(nanosleep(&bad[i], NULL), EINVAL);
		errno = EDOM;
		ck_assert_int_eq(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad[i],
		    NULL), EINVAL);
		ck_assert_int_eq(clock_nanosleep(CLOCK_REALTIME,
		    TIMER_ABSTIME, &bad[i], NULL), EINVAL);
		ck_assert_int_eq(errno, EDOM);
	}
	ck_assert_int_eq(clock_nanosleep((clockid_t)99, 0, &ok, NULL),
	    EINVAL);
	ck_assert_int_eq(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ok,
	    NULL), EINVAL);
	ck_assert_int_eq(errno, EDOM);
}
END_TEST

/* What is left is what was not slept; 1 ms for a kernel's slack. */
static void
check_left(struct timespec left, int64_t asked, int64_t took)
{
	ck_assert_int_ge(left.tv_nsec, 0);
	ck_assert_int_lt(left.tv_nsec, 1000000000);
	ck_assert(ns_of(left) >= asked - took);
	ck_assert(ns_of(left) <= asked + MS);
}

/* EINTR, "rmtp ... the unslept amount"; SA_RESTART changes nothing. */
static void
is_interrupted(int flags)
{
	const struct timespec ts = { 1000, 5 };
	struct timespec left = { -1, -1 }, none = { -1, -1 };
	int64_t start, took;
	int r, err, clock_err, abs_err;

	handle_usr1(flags);
	start = mono_ns();
	sender_start(SIGUSR1);
	r = nanosleep(&ts, &left);
	err = errno;
	took = mono_ns() - start;
	sender_stop();
	ck_assert_int_eq(r, -1);
	ck_assert_int_eq(err, EINTR);
	check_left(left, ns_of(ts), took);

	start = mono_ns();
	sender_start(SIGUSR1);
	clock_err = clock_nanosleep(CLOCK_REALTIME, 0, &ts, &left);
	took = mono_ns() - start;
	sender_stop();
	ck_assert_int_eq(clock_err, EINTR);
	check_left(left, ns_of(ts), took);

	left = ts_of(clock_ns(CLOCK_REALTIME) + 1000 * SEC);
	sender_start(SIGUSR1);
	abs_err = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &left, &none);
	sender_stop();
	ck_assert_int_eq(abs_err, EINTR);
	ck_assert_int_eq(none.tv_sec, -1);	/* not for an absolute time */
	ck_assert_int_ge(handled, 3);
}

START_TEST(a_handler_ends_a_sleep)
{
	is_interrupted(0);
	is_interrupted(SA_RESTART);
}
END_TEST

/*
 * However often it is interrupted, the rest becomes less.  (On Linux by 50 us
 * less than was slept, its slack: so not too often.)
 */
START_TEST(the_rest_can_be_slept)
{
	struct timespec left = { 0, 60 * MS };
	int64_t start = mono_ns();
	int r;

	handle_usr1(0);
	sender_start_every(2 * MS, SIGUSR1);
	do {
		r = nanosleep(&left, &left);
	} while (r == -1 && mono_ns() - start < LONG_NS);
	sender_stop();
	ck_assert_int_eq(r, 0);
	ck_assert_int_ge(handled, 1);
	took_at_least(start, 60 * MS);
}
END_TEST

/* Such a sleep has no end within 64 bits of ns, and is a sleep all the same. */
START_TEST(a_huge_sleep_can_be_interrupted)
{
	struct timespec ts = { INT64_MAX / 2, 999999999 };
	int r, abs_err, err;

	handle_usr1(0);
	sender_start(SIGUSR1);
	r = nanosleep(&ts, NULL);
	err = errno;
	abs_err = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL);
	sender_stop();
	ck_assert_int_eq(r, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_int_eq(abs_err, EINTR);
}
END_TEST

/* SIGURG is ignored by default, and SIGUSR1 is blocked. */
START_TEST(no_handler_no_interruption)
{
	const struct timespec ts = { 0, 30 * MS };
	struct timespec left = { -1, -1 };
	int64_t start = mono_ns();
	int r;

	sender_start(SIGURG);
	r = nanosleep(&ts, &left);
	sender_stop();
	ck_assert_int_eq(r, 0);
	took_at_least(start, 30 * MS);
	ck_assert_int_eq(left.tv_sec, -1);

	handle_usr1(0);
	block_usr1();
	start = mono_ns();
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(nanosleep(&ts, NULL), 0);
	took_at_least(start, 30 * MS);
	ck_assert_int_eq(handled, 0);
	unblock_usr1();
	ck_assert_int_eq(handled, 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nanosleep");
	TCase *tc = tcase_create("nanosleep");

	tcase_add_test(tc, a_sleep_is_never_short);
	tcase_add_test(tc, both_clocks_sleep_to_a_time_and_for_a_time);
	tcase_add_test(tc, a_time_in_the_past_is_no_sleep);
	tcase_add_test(tc, times_and_clocks_are_checked);
	tcase_add_test(tc, a_handler_ends_a_sleep);
	tcase_add_test(tc, the_rest_can_be_slept);
	tcase_add_test(tc, a_huge_sleep_can_be_interrupted);
	tcase_add_test(tc, no_handler_no_interruption);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
