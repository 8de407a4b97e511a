/*
 * The process's interval timers: signals from a thread of NT's pool.  What the
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

struct itimer {
	int signo;
	enum timebase base;
	struct lock lock;
	int opened;
	struct expiry expiry;
	int64_t due;		/* 0: stopped */
	int64_t interval;
};

static struct itimer itimers[] = {
	[ITIMER_REAL] = { .signo = SIGALRM, .base = TIME_MONOTONIC },
	[ITIMER_VIRTUAL] = { .signo = SIGVTALRM, .base = TIME_USER },
	[ITIMER_PROF] = { .signo = SIGPROF, .base = TIME_PROCESS },
};

static struct itimer *
find(int which)
{
	return which >= 0 &&
	    which < (int)(sizeof(itimers) / sizeof(itimers[0])) ?
	    &itimers[which] : NULL;
}

static void
send_alarm(int signo)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	info.si_code = SI_KERNEL;
	(void)sig_send(0, &info);
}

/* Lock held: the next expiration after now, or none. */
static void
run_on(struct itimer *t, int64_t now)
{
	int64_t step;

	if (t->interval == 0 ||
	    __builtin_mul_overflow((now - t->due) / t->interval + 1,
	    t->interval, &step) ||
	    __builtin_add_overflow(t->due, step, &t->due))
		t->due = 0;
}

static void
itimer_expired(void *arg)
{
	struct itimer *t = arg;
	int64_t now;
	int expired;

	lock_write(&t->lock);
	now = timebase_now(t->base);
	expired = t->due != 0 && now >= t->due;
	if (expired)
		run_on(t, now);
	if (t->due != 0)
		(void)expiry_set(&t->expiry, t->base, t->due);
	unlock_write(&t->lock);
	if (expired)
		send_alarm(t->signo);
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
describe(struct itimer *t, struct itimerval *now)
{
	int64_t left = 0;

	if (t->due != 0) {
		left = t->due - timebase_now(t->base);
		if (left <= 0)
			left = 1;	/* the pool is about to come */
	}
	now->it_value = ns_to_timeval(left);
	now->it_interval = ns_to_timeval(t->interval);
}

/* Lock held.  On failure the timer is as it was. */
static int
start(struct itimer *t, int64_t value, int64_t interval)
{
	int64_t due;
	int err;

	if (!t->opened) {
		err = expiry_open(&t->expiry, itimer_expired, t);
		if (err != 0)
			return err;
		t->opened = 1;
	}
	due = timebase_after(t->base, value);
	if ((err = expiry_set(&t->expiry, t->base, due)) != 0)
		return err;
	t->due = due;
	t->interval = interval;
	return 0;
}

static int
set(struct itimer *t, int64_t value, int64_t interval,
    struct itimerval *old)
{
	struct itimerval before;
	int err = 0;

	lock_write(&t->lock);
	describe(t, &before);
	if (value != 0) {
		err = start(t, value, interval);
	} else {
		if (t->opened)
			expiry_stop(&t->expiry);
		t->due = 0;
		/* Linux forgets the interval here, and not of the others. */
		t->interval = t->base == TIME_MONOTONIC ? 0 : interval;
	}
	unlock_write(&t->lock);
	if (err == 0 && old != NULL)
		*old = before;
	return err;
}

/* ITIMER_VIRTUAL and ITIMER_PROF: LIM-TIME-7. */
int
setitimer(int which, const struct itimerval *__restrict__ value,
    struct itimerval *__restrict__ old)
{
	struct itimer *t = find(which);
	int64_t first = 0, interval = 0;
	int err = t != NULL ? 0 : EINVAL;

	if (err == 0 && value != NULL &&
	    (err = timeval_to_ns(&value->it_value, &first)) == 0)
		err = timeval_to_ns(&value->it_interval, &interval);
	if (err == 0)
		err = set(t, first, interval, old);
	sig_poll();
	return result(err, 0);
}

int
getitimer(int which, struct itimerval *now)
{
	struct itimer *t = find(which);

	if (t == NULL || now == NULL)
		return result(now == NULL ? EFAULT : EINVAL, 0);
	lock_write(&t->lock);
	describe(t, now);
	unlock_write(&t->lock);
	return 0;
}

/* As Linux rounds: to the nearest second, but no alarm is 0. */
unsigned int
alarm(unsigned int seconds)
{
	struct itimerval old;

	if (set(&itimers[ITIMER_REAL], (int64_t)seconds * NS_PER_S, 0,
	    &old) != 0)
		return 0;
	sig_poll();
	if (old.it_value.tv_usec >= US_PER_S / 2 ||
	    (old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0))
		old.it_value.tv_sec++;
	return (unsigned int)old.it_value.tv_sec;
}
