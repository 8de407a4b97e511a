/* timerfd_create(2), timerfd_settime(2), timerfd_gettime(2) of Linux. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/tfd.h"
#include "compat/time/timing.h"

static void
assert_stopped(int fd)
{
	struct itimerspec its;

	ck_assert_int_eq(timerfd_gettime(fd, &its), 0);
	ck_assert(ns_of(its.it_value) == 0);
}

START_TEST(flags_are_checked_and_kept)
{
	int fd;

	ck_assert_fails(timerfd_create(CLOCK_MONOTONIC, 0x10000000), EINVAL);
	ck_assert_fails(timerfd_create((clockid_t)99, 0), EINVAL);
	ck_assert_fails(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL);
	fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE),
	    O_NONBLOCK | O_RDWR);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_ge(fd = timerfd_create(CLOCK_MONOTONIC, 0), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void
settime_fails(int fd, int flags, struct timespec value,
    struct timespec interval, int err)
{
	struct itimerspec its = { .it_value = value, .it_interval = interval };

	ck_assert_fails(timerfd_settime(fd, flags, &its, NULL), err);
}

/* ERRORS of timerfd_settime(): EBADF, EFAULT, EINVAL. */
START_TEST(settime_checks_its_arguments)
{
	static const struct timespec bad[] = {
		{ 0, 1000000000 }, { 0, -1 }, { -1, 0 },
	};
	const struct timespec one = { 1, 0 };
	struct itimerspec *volatile none = NULL;
	int fd = timer(TFD_NONBLOCK), other = eventfd(0, 0);
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		settime_fails(fd, 0, bad[i], one, EINVAL);
		settime_fails(fd, 0, one, bad[i], EINVAL);
	}
	settime_fails(fd, 0x100, one, one, EINVAL);
	settime_fails(other, 0, one, one, EINVAL);
	settime_fails(-1, 0, one, one, EBADF);
	ck_assert_fails(timerfd_settime(fd, 0, none, NULL), EFAULT);
	assert_stopped(fd);
	ck_assert_int_eq(close(other), 0);
	ck_assert_int_eq(close(fd), 0);
	settime_fails(fd, 0, one, one, EBADF);
}
END_TEST

/* ERRORS of timerfd_gettime(): EBADF, EFAULT, EINVAL. */
START_TEST(gettime_checks_its_arguments)
{
	struct itimerspec its, *volatile none = NULL;
	int fd = timer(0), other = eventfd(0, 0);

	ck_assert_fails(timerfd_gettime(other, &its), EINVAL);
	ck_assert_fails(timerfd_gettime(fd, none), EFAULT);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(other), 0);
	ck_assert_fails(timerfd_gettime(fd, &its), EBADF);
}
END_TEST

/* "EINVAL if the size of the supplied buffer is less than 8 bytes." */
START_TEST(small_buffers_and_writes_are_refused)
{
	int fd = timer(TFD_NONBLOCK);
	char buf[16] = { 0 };

	ck_assert_fails(read(fd, buf, 7), EINVAL);
	ck_assert_fails(write(fd, buf, 8), EINVAL);
	assert_empty(fd);
	set(fd, 1, 0);
	wait_readable(fd);
	ck_assert_fails(read(fd, buf, 7), EINVAL);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 8);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(vector_read_spreads_the_count)
{
	char a[3] = { 9, 9, 9 }, b[16] = { 9 };
	struct iovec iov[2] = { { a, sizeof(a) }, { b, sizeof(b) } };
	int fd = timer(0);

	set(fd, 1, 0);
	ck_assert_int_eq(readv(fd, iov, 2), 8);
	ck_assert_int_eq(a[0], 1);
	ck_assert_int_eq(a[2], 0);
	ck_assert_int_eq(b[0], 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void
expires_once(clockid_t clock)
{
	int fd = timerfd_create(clock, 0);
	int64_t start;

	ck_assert_int_ge(fd, 0);
	start = mono_ns();
	set(fd, 20 * MS, 0);
	ck_assert(take(fd) == 1);
	ck_assert(mono_ns() - start >= 20 * MS);
	ck_assert(mono_ns() - start < LONG_NS);
	assert_stopped(fd);
	set_nonblock(fd);
	assert_empty(fd);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_single_timer_expires_once_and_never_early)
{
	expires_once(CLOCK_MONOTONIC);
	expires_once(CLOCK_REALTIME);
}
END_TEST

/* The read count lies between what fits in the time at the least and most. */
START_TEST(expirations_are_counted)
{
	int64_t before, armed, reading, done;
	struct timespec ms60 = { 0, 60 * MS };
	int fd = timer(0);
	uint64_t n;

	before = mono_ns();
	set(fd, 5 * MS, 5 * MS);
	armed = mono_ns();
	ck_assert_int_eq(nanosleep(&ms60, NULL), 0);
	reading = mono_ns();
	n = take(fd);
	done = mono_ns();
	ck_assert_uint_ge(n, (uint64_t)((reading - armed) / (5 * MS)));
	ck_assert_uint_le(n, (uint64_t)((done - before) / (5 * MS)));
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * After many expirations the next one is still a whole number of intervals
 * after the start: the time by which each was seen too late did not add up.
 */
START_TEST(a_periodic_timer_does_not_drift)
{
	const int64_t step = 7 * MS;
	int64_t before, armed, asked, told, first, last;
	struct itimerspec its;
	uint64_t n = 0;
	int fd = timer(0);

	before = mono_ns();
	set(fd, step, step);
	armed = mono_ns();
	while (n < 30) {
		n += take(fd);
		ck_assert(mono_ns() - before >= (int64_t)n * step);
	}
	asked = mono_ns();
	ck_assert_int_eq(timerfd_gettime(fd, &its), 0);
	told = mono_ns();
	ck_assert(ns_of(its.it_interval) == step);
	first = asked + ns_of(its.it_value) - armed;
	last = told + ns_of(its.it_value) - before;
	ck_assert_msg(last / step * step >= first, "%lld to %lld",
	    (long long)first, (long long)last);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void
past_expires_at_once(clockid_t clock)
{
	int fd = timerfd_create(clock, 0);
	int64_t start = mono_ns();

	ck_assert_int_ge(fd, 0);
	set_to(fd, TFD_TIMER_ABSTIME, 1, 0, NULL);
	ck_assert(take(fd) == 1);
	set_to(fd, TFD_TIMER_ABSTIME, clock_ns(clock) - 95 * MS, 10 * MS,
	    NULL);
	ck_assert_uint_ge(take(fd), 10);
	ck_assert(mono_ns() - start < LONG_NS);
	ck_assert_int_eq(close(fd), 0);
}

/* NOTES of timerfd_settime(): an absolute time that has passed. */
START_TEST(an_absolute_time_in_the_past_expires_at_once)
{
	past_expires_at_once(CLOCK_MONOTONIC);
	past_expires_at_once(CLOCK_REALTIME);
}
END_TEST

static void
absolute_is_not_early(clockid_t clock)
{
	int fd = timerfd_create(clock, 0);
	int64_t due = clock_ns(clock) + 30 * MS;

	ck_assert_int_ge(fd, 0);
	set_to(fd, TFD_TIMER_ABSTIME, due, 10 * MS, NULL);
	ck_assert_uint_ge(take(fd), 1);
	ck_assert(clock_ns(clock) >= due);
	ck_assert_uint_ge(take(fd), 1);
	ck_assert(clock_ns(clock) >= due + 10 * MS);
	ck_assert(clock_ns(clock) - due < LONG_NS);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(an_absolute_time_is_never_early)
{
	absolute_is_not_early(CLOCK_MONOTONIC);
	absolute_is_not_early(CLOCK_REALTIME);
}
END_TEST

/* "Specifying zero in both fields of it_value disarms the timer." */
START_TEST(stopping_forgets_what_was_not_read)
{
	int fd = timer(TFD_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	set(fd, 1, 0);
	wait_readable(fd);
	set(fd, 0, 0);
	assert_empty(fd);
	assert_stopped(fd);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	set(fd, 10 * MS, 10 * MS);
	set(fd, 0, 0);
	ck_assert_int_eq(poll(&p, 1, 50), 0);
	assert_empty(fd);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(setting_starts_the_count_anew)
{
	struct itimerspec old;
	int fd = timer(TFD_NONBLOCK);

	set(fd, MS, MS);
	wait_readable(fd);
	set_to(fd, 0, 100 * SEC, 0, &old);
	assert_empty(fd);
	ck_assert(ns_of(old.it_interval) == MS);
	ck_assert(ns_of(old.it_value) <= MS);
	set_to(fd, 0, 0, 0, &old);
	ck_assert(ns_of(old.it_interval) == 0);
	ck_assert(ns_of(old.it_value) <= 100 * SEC);
	ck_assert(ns_of(old.it_value) > 100 * SEC - LONG_NS);
	set_to(fd, 0, 0, 0, &old);
	ck_assert(ns_of(old.it_value) == 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* it_value is relative, also when the timer was set with an absolute time. */
START_TEST(gettime_tells_what_is_left)
{
	struct itimerspec its;
	int fd = timer(TFD_NONBLOCK);

	set_to(fd, TFD_TIMER_ABSTIME, mono_ns() + 50 * SEC, 3 * SEC, NULL);
	ck_assert_int_eq(timerfd_gettime(fd, &its), 0);
	ck_assert(ns_of(its.it_value) <= 50 * SEC);
	ck_assert(ns_of(its.it_value) > 50 * SEC - LONG_NS);
	ck_assert(ns_of(its.it_interval) == 3 * SEC);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* gettime lets a periodic timer run on, and takes nothing away. */
START_TEST(gettime_leaves_expirations_to_be_read)
{
	struct itimerspec its;
	int fd = timer(TFD_NONBLOCK);

	set(fd, 1, 0);
	wait_readable(fd);
	assert_stopped(fd);
	ck_assert(take(fd) == 1);
	set(fd, 1, 50 * SEC);
	wait_readable(fd);
	ck_assert_int_eq(timerfd_gettime(fd, &its), 0);
	ck_assert(ns_of(its.it_value) <= 50 * SEC);
	ck_assert(ns_of(its.it_value) > 50 * SEC - LONG_NS);
	ck_assert(take(fd) == 1);
	assert_empty(fd);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Times that overflow 64 bits of ns are far away, not past. */
START_TEST(huge_times_are_far_away)
{
	struct itimerspec its;
	int fd = timer(TFD_NONBLOCK);

	memset(&its, 0, sizeof(its));
	its.it_value.tv_sec = its.it_interval.tv_sec = INT64_MAX / 2;
	ck_assert_int_eq(timerfd_settime(fd, 0, &its, NULL), 0);
	assert_empty(fd);
	ck_assert_int_eq(timerfd_gettime(fd, &its), 0);
	ck_assert(its.it_value.tv_sec > 1000000000);
	set(fd, 1, INT64_MAX);
	wait_readable(fd);
	ck_assert(take(fd) == 1);
	assert_empty(fd);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_handler_ends_a_blocked_read)
{
	int fd = timer(0), err;
	uint64_t n;
	ssize_t got;

	handle_usr1(0);
	sender_start(SIGUSR1);
	got = read(fd, &n, sizeof(n));
	err = errno;
	sender_stop();
	ck_assert_int_eq(got, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_int_ge(handled, 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(sa_restart_lets_it_go_on)
{
	int fd = timer(0);
	int64_t start = mono_ns();
	uint64_t n = 0;
	ssize_t got;

	handle_usr1(SA_RESTART);
	set(fd, 50 * MS, 0);
	sender_start(SIGUSR1);
	got = read(fd, &n, sizeof(n));
	sender_stop();
	ck_assert_int_eq(got, sizeof(n));
	ck_assert(n == 1);
	ck_assert(mono_ns() - start >= 50 * MS);
	ck_assert_int_ge(handled, 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* It would matter for an absolute time of CLOCK_REALTIME only. */
START_TEST(cancel_on_set_is_taken_where_it_means_nothing)
{
	int fd = timer(TFD_NONBLOCK);

	set_to(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, 1, 0, NULL);
	ck_assert(take(fd) == 1);
	set_to(fd, TFD_TIMER_CANCEL_ON_SET, SEC, 0, NULL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timerfd");
	TCase *tc = tcase_create("timerfd");

	tcase_add_test(tc, flags_are_checked_and_kept);
	tcase_add_test(tc, settime_checks_its_arguments);
	tcase_add_test(tc, gettime_checks_its_arguments);
	tcase_add_test(tc, small_buffers_and_writes_are_refused);
	tcase_add_test(tc, vector_read_spreads_the_count);
	tcase_add_test(tc, a_single_timer_expires_once_and_never_early);
	tcase_add_test(tc, expirations_are_counted);
	tcase_add_test(tc, a_periodic_timer_does_not_drift);
	tcase_add_test(tc, an_absolute_time_in_the_past_expires_at_once);
	tcase_add_test(tc, an_absolute_time_is_never_early);
	tcase_add_test(tc, stopping_forgets_what_was_not_read);
	tcase_add_test(tc, setting_starts_the_count_anew);
	tcase_add_test(tc, gettime_tells_what_is_left);
	tcase_add_test(tc, gettime_leaves_expirations_to_be_read);
	tcase_add_test(tc, huge_times_are_far_away);
	tcase_add_test(tc, a_handler_ends_a_blocked_read);
	tcase_add_test(tc, sa_restart_lets_it_go_on);
	tcase_add_test(tc, cancel_on_set_is_taken_where_it_means_nothing);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
