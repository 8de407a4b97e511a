/*
 * The process's interval timer: SIGALRM from a thread of NT's pool.  What the
 * timer is set to is guarded by the lock; the pool's thread may come for a
 * time that has been replaced, and looks at what is set.
 */
#include <sys/time.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"
#include "time/convert.h"
#include "time/expiry.h"

#define NS_PER_US 1000
#define US_PER_S 1000000

static struct {
	struct lock lock;
	int opened;
	struct expiry expiry;
	int64_t due;		/* 0: stopped */
	int64_t interval;
} itimer;

static void
send_alarm(void)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGALRM;
	info.si_code = SI_KERNEL;
	(void)sig_send(0, &info);
}

/* Lock held: the next expiration after now, or none. */
static void
run_on(int64_t now)
{
	int64_t step;

	if (itimer.interval == 0 ||
	    __builtin_mul_overflow((now - itimer.due) / itimer.interval + 1,
	    itimer.interval, &step) ||
	    __builtin_add_overflow(itimer.due, step, &itimer.due))
		itimer.due = 0;
}

static void
itimer_expired(void *arg)
{
	int64_t now;
	int expired;

	(void)arg;
	lock_write(&itimer.lock);
	now = timebase_now(TIME_MONOTONIC);
	expired = itimer.due != 0 && now >= itimer.due;
	if (expired)
		run_on(now);
	if (itimer.due != 0)
		(void)expiry_set(&itimer.expiry, TIME_MONOTONIC, itimer.due);
	unlock_write(&itimer.lock);
	if (expired)
		send_alarm();
}

static int
timeval_to_ns(const struct timeval *tv, int64_t *ns)
{
	struct timespec ts;

	if (tv->tv_usec < 0 || tv->tv_usec >= US_PER_S)
		return EINVAL;
	ts.tv_sec = tv->tv_sec;
	ts.tv_nsec = (long)tv->tv_usec * NS_PER_US;
	return timespec_to_ns(&ts, ns);
}

/* Rounded up, so that a timer that runs never says 0. */
static struct timeval
ns_to_timeval(int64_t ns)
{
	int64_t us = ns / NS_PER_US + (ns % NS_PER_US != 0);

	return (struct timeval){ .tv_sec = us / US_PER_S,
	    .tv_usec = (long)(us % US_PER_S) };
}

/* Lock held. */
static void
describe(struct itimerval *now)
{
	int64_t left = 0;

	if (itimer.due != 0) {
		left = itimer.due - timebase_now(TIME_MONOTONIC);
		if (left <= 0)
			left = 1;	/* the pool is about to come */
	}
	now->it_value = ns_to_timeval(left);
	now->it_interval = ns_to_timeval(itimer.interval);
}

/* Lock held.  On failure the timer is as it was. */
static int
start(int64_t value, int64_t interval)
{
	int64_t due;
	int err;

	if (!itimer.opened) {
		err = expiry_open(&itimer.expiry, itimer_expired, NULL);
		if (err != 0)
			return err;
		itimer.opened = 1;
	}
	due = timebase_after(TIME_MONOTONIC, value);
	if ((err = expiry_set(&itimer.expiry, TIME_MONOTONIC, due)) != 0)
		return err;
	itimer.due = due;
	itimer.interval = interval;
	return 0;
}

static int
set(int64_t value, int64_t interval, struct itimerval *old)
{
	struct itimerval before;
	int err = 0;

	lock_write(&itimer.lock);
	describe(&before);
	if (value != 0) {
		err = start(value, interval);
	} else {
		if (itimer.opened)
			expiry_stop(&itimer.expiry);
		itimer.due = 0;
		itimer.interval = interval;
	}
	unlock_write(&itimer.lock);
	if (err == 0 && old != NULL)
		*old = before;
	return err;
}

/* ITIMER_VIRTUAL and ITIMER_PROF: LIM-TIME-7. */
int
setitimer(int which, const struct itimerval *__restrict__ value,
    struct itimerval *__restrict__ old)
{
	int64_t first = 0, interval = 0;
	int err = which == ITIMER_REAL ? 0 : EINVAL;

	if (err == 0 && value != NULL &&
	    (err = timeval_to_ns(&value->it_value, &first)) == 0)
		err = timeval_to_ns(&value->it_interval, &interval);
	if (err == 0)
		err = set(first, interval, old);
	sig_poll();
	return result(err, 0);
}

int
getitimer(int which, struct itimerval *now)
{
	if (which != ITIMER_REAL || now == NULL)
		return result(now == NULL ? EFAULT : EINVAL, 0);
	lock_write(&itimer.lock);
	describe(now);
	unlock_write(&itimer.lock);
	return 0;
}

/* As Linux rounds: to the nearest second, but no alarm is 0. */
unsigned int
alarm(unsigned int seconds)
{
	struct itimerval old;

	if (set((int64_t)seconds * NS_PER_S, 0, &old) != 0)
		return 0;
	sig_poll();
	if (old.it_value.tv_usec >= US_PER_S / 2 ||
	    (old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0))
		old.it_value.tv_sec++;
	return (unsigned int)old.it_value.tv_sec;
}
