/*
 * timer_create() and its kin.
 *
 * A timer has one item for its signal, which is pending or not; while it is,
 * the timer stands still, and the expirations between are counted by the clock
 * when the signal is taken: these are the overruns.  So a timer whose signal
 * nobody takes costs nothing, and no expiration drifts.
 *
 * The signals' lock guards all of it, because the item is taken under that.
 */
#include <time.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"
#include "time/convert.h"
#include "time/expiry.h"
#include "time/notify.h"

#define NS_PER_MS INT64_C(1000000)
#define BUCKETS 256

struct posix_timer {
	struct sig_item item;	/* first: item_taken() */
	struct posix_timer *next;
	struct expiry expiry;
	struct notify notify;	/* SIGEV_THREAD */
	int id;
	int how;		/* sigev_notify */
	clockid_t clock;
	enum timebase base;	/* of due */
	int64_t due;		/* 0: stopped; past while the item is pending */
	int64_t interval;
	int pending;
	int overruns;		/* told by timer_getoverrun() */
};

static struct {
	struct posix_timer *bucket[BUCKETS];
	int last_id;
} timers;

/* Lock held. */
static struct posix_timer **
find_link(int id)
{
	struct posix_timer **link = &timers.bucket[(unsigned int)id % BUCKETS];

	while (*link != NULL && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

/* Lock held.  An id that was deleted comes back as late as can be. */
static void
enter(struct posix_timer *t)
{
	struct posix_timer **link;

	do {
		timers.last_id = timers.last_id == INT_MAX ? 0 :
		    timers.last_id + 1;
		link = find_link(timers.last_id);
	} while (*link != NULL);
	t->id = timers.last_id;
	*link = t;
}

/*
 * Lock held, due has passed: go on to the first expiration after now, but not
 * before earliest.  Return how many were left out.
 */
static int
run_on(struct posix_timer *t, int64_t now, int64_t earliest)
{
	int64_t n;

	if (t->interval == 0) {
		t->due = 0;
		return 0;
	}
	n = expiry_next(&t->due, t->interval, now > earliest ? now : earliest);
	(void)expiry_set(&t->expiry, t->base, t->due);
	return n < INT_MAX ? (int)n : INT_MAX;	/* DELAYTIMER_MAX */
}

/* Lock held: somebody takes the signal, or it is dropped. */
static void
item_taken(struct sig_item *item, siginfo_t *info)
{
	struct posix_timer *t = (struct posix_timer *)item;
	int64_t now = timebase_now(t->base);

	t->pending = 0;
	t->overruns = run_on(t, now, now);
	info->si_overrun = t->overruns;
}

/*
 * Lock held.  A signal that is ignored is tried again, but not each
 * microsecond.  A thread that could not be started is, later: due stays.
 */
static int
notify(struct posix_timer *t, int64_t now)
{
	if (t->how == SIGEV_THREAD) {
		if (notify_start(&t->notify) == 0)
			t->overruns = run_on(t, now, now);
		else
			(void)expiry_set(&t->expiry, TIME_MONOTONIC,
			    timebase_after(TIME_MONOTONIC, 10 * NS_PER_MS));
		return 0;
	}
	t->pending = sig_send_item(&t->item);
	if (!t->pending)
		(void)run_on(t, now, now + NS_PER_MS);
	return t->pending;
}

/* On a thread of the pool; perhaps too early, or for a time replaced since. */
static void
timer_expired(void *arg)
{
	struct posix_timer *t = arg;
	int64_t now;
	int sent = 0;

	lock_write(&sig_process.lock);
	now = timebase_now(t->base);
	if (t->due != 0 && !t->pending) {
		if (now >= t->due)
			sent = notify(t, now);
		else
			(void)expiry_set(&t->expiry, t->base, t->due);
	}
	unlock_write(&sig_process.lock);
	if (sent)
		signalfd_notify(SIG_BIT(t->item.info.si_signo));
}

static int
set_signal(struct posix_timer *t, int signo, union sigval value)
{
	if (signo <= 0 || signo >= NSIG)
		return EINVAL;
	if (signo == SIGSTOP)
		return ENOSYS;		/* LIM-SIG-4 */
	t->item.info.si_signo = signo;
	t->item.info.si_code = SI_TIMER;
	t->item.info.si_value = value;
	t->item.taken = item_taken;
	return 0;
}

static int
set_thread(struct posix_timer *t, const struct sigevent *event)
{
	if (event->sigev_notify_function == NULL)
		return EINVAL;
	t->notify.fn = event->sigev_notify_function;
	t->notify.value = event->sigev_value;
	t->notify.mask = sig_self()->mask;
	if (event->sigev_notify_attributes != NULL)
		t->notify.stack = event->sigev_notify_attributes->s_size;
	return 0;
}

static int
set_event(struct posix_timer *t, const struct sigevent *event)
{
	static const union sigval id_follows;

	t->how = event != NULL ? event->sigev_notify : SIGEV_SIGNAL;
	if (event == NULL)
		return set_signal(t, SIGALRM, id_follows);
	switch (t->how) {
	case SIGEV_SIGNAL:
		return set_signal(t, event->sigev_signo, event->sigev_value);
	case SIGEV_THREAD:
		return set_thread(t, event);
	case SIGEV_NONE:
		return 0;
	default:
		return EINVAL;
	}
}

/* LIM-TIME-4. */
static int
check_clock(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_PROCESS_CPUTIME_ID:
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		return ENOTSUP;
	default:
		return EINVAL;
	}
}

static int
create(clockid_t clock, const struct sigevent *event, timer_t *id)
{
	struct posix_timer *t;
	int err;

	if ((err = check_clock(clock)) != 0)
		return err;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return EAGAIN;
	t->clock = clock;
	if ((err = set_event(t, event)) != 0)
		goto free_timer;
	if (expiry_open(&t->expiry, timer_expired, t) != 0) {
		err = EAGAIN;
		goto free_timer;
	}
	lock_write(&sig_process.lock);
	enter(t);
	t->item.info.si_timerid = t->id;
	if (event == NULL)
		t->item.info.si_value.sival_int = t->id;
	*id = t->id;
	unlock_write(&sig_process.lock);
	return 0;

free_timer:
	free(t);
	return err;
}

int
timer_create(clockid_t clock, struct sigevent *__restrict__ event,
    timer_t *__restrict__ id)
{
	int err = id != NULL ? create(clock, event, id) : EFAULT;

	sig_poll();
	return result(err, 0);
}

/* The pool's thread may be on its way: it finds a timer that does not run. */
int
timer_delete(timer_t id)
{
	struct posix_timer **link, *t;

	lock_write(&sig_process.lock);
	link = find_link(id);
	if ((t = *link) != NULL) {
		*link = t->next;
		t->due = 0;
		if (t->pending)
			sig_remove(&sig_process.pending, &t->item);
	}
	unlock_write(&sig_process.lock);
	if (t == NULL)
		return result(EINVAL, 0);
	expiry_close(&t->expiry);
	free(t);
	sig_poll();
	return 0;
}

/*
 * Lock held.  What is left until the next expiration; a timer with an interval
 * runs on in secret while its signal is pending, and one without notification
 * always.
 */
static void
describe(const struct posix_timer *t, struct itimerspec *now)
{
	int64_t clock, left = 0;

	if (t->due != 0) {
		clock = timebase_now(t->base);
		left = t->due - clock;
		if (left <= 0 && t->interval != 0)
			left = t->interval - -left % t->interval;
		else if (left <= 0)
			left = !t->pending && t->how != SIGEV_NONE;
	}
	now->it_value = ns_to_timespec(left);
	now->it_interval = ns_to_timespec(t->interval);
}

struct setting {
	int is_absolute;
	int64_t value, interval;
};

static enum timebase
base_of(clockid_t clock, int is_absolute)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return TIME_PROCESS;
	return is_absolute && clock == CLOCK_REALTIME ? TIME_WALL :
	    TIME_MONOTONIC;
}

/* Lock held.  On failure the timer is as it was. */
static int
set(struct posix_timer *t, const struct setting *s)
{
	enum timebase base = base_of(t->clock, s->is_absolute);
	int64_t due = 0;
	int err;

	if (s->value != 0)
		due = s->is_absolute ? s->value :
		    timebase_after(base, s->value);
	if (due != 0 && t->how != SIGEV_NONE &&
	    (err = expiry_set(&t->expiry, base, due)) != 0)
		return err;
	if (due == 0)
		expiry_stop(&t->expiry);
	if (t->pending)
		sig_remove(&sig_process.pending, &t->item);
	t->pending = 0;
	t->overruns = 0;
	t->base = base;
	t->due = due;
	t->interval = s->value != 0 ? s->interval : 0;	/* as on Linux */
	return 0;
}

static int
settime(timer_t id, const struct setting *s, struct itimerspec *old)
{
	struct itimerspec before;
	struct posix_timer *t;
	int err = EINVAL;

	lock_write(&sig_process.lock);
	if ((t = *find_link(id)) != NULL) {
		describe(t, &before);
		err = set(t, s);
	}
	unlock_write(&sig_process.lock);
	if (err == 0 && old != NULL)
		*old = before;
	return err;
}

int
timer_settime(timer_t id, int flags,
    const struct itimerspec *__restrict__ value,
    struct itimerspec *__restrict__ old)
{
	struct setting s = { .is_absolute = (flags & TIMER_ABSTIME) != 0 };
	int err = EINVAL;

	if (value != NULL &&
	    (err = timespec_to_ns(&value->it_value, &s.value)) == 0 &&
	    (err = timespec_to_ns(&value->it_interval, &s.interval)) == 0)
		err = settime(id, &s, old);
	sig_poll();
	return result(err, 0);
}

int
timer_gettime(timer_t id, struct itimerspec *now)
{
	struct posix_timer *t;

	if (now == NULL)
		return result(EFAULT, 0);
	lock_write(&sig_process.lock);
	if ((t = *find_link(id)) != NULL)
		describe(t, now);
	unlock_write(&sig_process.lock);
	return result(t != NULL ? 0 : EINVAL, 0);
}

int
timer_getoverrun(timer_t id)
{
	struct posix_timer *t;
	int overruns = 0;

	lock_write(&sig_process.lock);
	if ((t = *find_link(id)) != NULL)
		overruns = t->overruns;
	unlock_write(&sig_process.lock);
	return result(t != NULL ? 0 : EINVAL, overruns);
}
