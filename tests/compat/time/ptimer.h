/* What the tests of timer_create() share. */
#ifndef TESTS_TIME_PTIMER_H
#define TESTS_TIME_PTIMER_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "compat/time/timing.h"
#include "support/fails.h"

/** What came for the signals of ptimer_handle(): how many, and the last. */
extern atomic_int ptimer_count;
extern siginfo_t ptimer_seen;

/** ptimer_handle(signo): count it, from 0. */
void ptimer_handle(int signo);

static inline sigset_t
only(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return set;
}

static inline void
block(int signo)
{
	sigset_t set = only(signo);

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
}

static inline void
unblock(int signo)
{
	sigset_t set = only(signo);

	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
}

static inline struct sigevent
event_of(int how, int signo, int value)
{
	struct sigevent event;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = how;
	event.sigev_signo = signo;
	event.sigev_value.sival_int = value;
	return event;
}

static inline timer_t
timer_new(clockid_t clock, int how, int signo, int value)
{
	struct sigevent event = event_of(how, signo, value);
	timer_t id;

	errno = 7;
	ck_assert_int_eq(timer_create(clock, &event, &id), 0);
	ck_assert_int_eq(errno, 7);
	return id;
}

static inline struct itimerspec
times(int64_t value, int64_t interval)
{
	struct itimerspec t;

	t.it_value = ts_of(value);
	t.it_interval = ts_of(interval);
	return t;
}

static inline void
set(timer_t id, int flags, int64_t value, int64_t interval)
{
	struct itimerspec t = times(value, interval);

	ck_assert_int_eq(timer_settime(id, flags, &t, NULL), 0);
}

static inline int64_t
left(timer_t id)
{
	struct itimerspec now;

	ck_assert_int_eq(timer_gettime(id, &now), 0);
	return ns_of(now.it_value);
}

static inline siginfo_t
take(int signo)
{
	struct timespec limit = ts_of(LONG_NS);
	sigset_t set = only(signo);
	siginfo_t info;

	ck_assert_int_eq(sigtimedwait(&set, &info, &limit), signo);
	return info;
}

static inline void
nothing_comes(int signo, int64_t ns)
{
	struct timespec limit = ts_of(ns);
	sigset_t set = only(signo);

	FAILS(sigtimedwait(&set, NULL, &limit), EAGAIN);
}

#endif
