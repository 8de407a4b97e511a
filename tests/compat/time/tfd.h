/* Timers that must do what they are told. */
#ifndef TESTS_TIME_TFD_H
#define TESTS_TIME_TFD_H

#include <sys/timerfd.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/timing.h"

static inline int
timer(int flags)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, flags);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static inline void
set_to(int fd, int flags, int64_t value, int64_t interval,
    struct itimerspec *old)
{
	struct itimerspec its;

	its.it_value = ts_of(value);
	its.it_interval = ts_of(interval);
	ck_assert_int_eq(timerfd_settime(fd, flags, &its, old), 0);
}

static inline void
set(int fd, int64_t value, int64_t interval)
{
	set_to(fd, 0, value, interval, NULL);
}

static inline uint64_t
take(int fd)
{
	uint64_t n = 0;

	ck_assert_int_eq(read(fd, &n, sizeof(n)), sizeof(n));
	return n;
}

static inline void
assert_empty(int fd)
{
	uint64_t n;

	ck_assert_fails(read(fd, &n, sizeof(n)), EAGAIN);
}

static inline void
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	ck_assert_int_eq(p.revents, POLLIN);
}

#endif
