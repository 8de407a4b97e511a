/*
 * timerfd: a description that counts expirations.
 *
 * As on Linux a periodic timer that has expired does not run on until somebody
 * reads it or asks for its time; the expirations between are then counted by
 * the clock.  So one that nobody reads costs nothing, and no expiration drifts
 * by how late the one before it was seen.
 *
 * What a timer is set to lies in the description's state, which a child that
 * inherits it shares (fd/share.h), as it does one of NT's timers, which then
 * stands for all: it is signalled soon when there is something to read, and
 * else when the next expiration is due.  Who looks and finds nothing sets it,
 * and is told when it ends; who is told looks.  So nobody depends on what a
 * process that was killed left undone.
 */
#include <sys/timerfd.h>

#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/iov.h"
#include "poll/watch.h"
#include "process/handoff.h"
#include "signal/block.h"
#include "signal/wait.h"
#include "time/convert.h"
#include "time/expiry.h"
#include "time/timerfd.h"

_Static_assert(TFD_NONBLOCK == O_NONBLOCK, "TFD_NONBLOCK is not O_NONBLOCK");
_Static_assert(TFD_CLOEXEC == O_CLOEXEC, "TFD_CLOEXEC is not O_CLOEXEC");

struct timer_file {
	struct file file;
	struct lock lock;
	struct expiry expiry;
	clockid_t clock;
	struct blocked readers;
};

/* Lock held, as below: by begin(), or by block_until() and file_lock(). */
static struct timer_state *
state_of(struct timer_file *t)
{
	return &atomic_load_explicit(&t->file.state,
	    memory_order_relaxed)->timer;
}

static void
begin(struct timer_file *t)
{
	lock_write(&t->lock);
	file_lock(&t->file);
}

static void
end(struct timer_file *t)
{
	file_unlock(&t->file);
	unlock_write(&t->lock);
}

static int
is_shared(const struct timer_file *t)
{
	return t->expiry.shared != 0;
}

/* 1: it has expired just now, and who watches must be told. */
static int
look_at_clock(struct timer_file *t)
{
	struct timer_state *s = state_of(t);

	if (s->due == 0 || s->expired ||
	    timebase_now((enum timebase)s->base) < s->due)
		return 0;
	s->expired = 1;
	s->ticks++;
	block_wake(&t->readers);
	return 1;
}

/* A periodic timer runs on, a single one has stopped.  1: set NT's timer. */
static int
run_on(struct timer_file *t)
{
	struct timer_state *s = state_of(t);

	if (!s->expired)
		return 0;
	s->expired = 0;
	if (s->interval == 0) {
		s->due = 0;
		return 0;
	}
	s->ticks += (uint64_t)expiry_next(&s->due, s->interval,
	    timebase_now((enum timebase)s->base));
	return 1;
}

/* A stopped timer of NT's could stay signalled: a shared one never stops. */
static int
arm(struct timer_file *t)
{
	const struct timer_state *s = state_of(t);
	enum timebase base = (enum timebase)s->base;
	int64_t when = s->due;

	if (is_shared(t) && s->ticks > 0) {
		base = TIME_MONOTONIC;
		when = 0;
	} else if (s->due == 0 || s->expired) {
		if (!is_shared(t))
			return 0;
		base = TIME_MONOTONIC;
		when = INT64_MAX;
	}
	return expiry_set(&t->expiry, base, when);
}

/*
 * On a thread of the pool; perhaps too early, or for a time replaced since, or
 * for an expiration that another process has counted.
 */
static void
timer_expired(void *arg)
{
	struct timer_file *t = arg;
	int tell;

	begin(t);
	tell = look_at_clock(t);
	if (is_shared(t)) {
		tell = state_of(t)->ticks > 0;
		block_wake(&t->readers);
	}
	if (!tell && (!is_shared(t) || t->file.watches != NULL))
		(void)arm(t);
	end(t);
	if (tell)
		watch_notify(&t->file, EPOLLIN | WATCH_ONE);
}

struct reading {
	struct timer_file *t;
	uint64_t ticks;
};

/* The clock counts, however late the pool is. */
static int
try_locked(struct reading *r)
{
	struct timer_file *t = r->t;
	struct timer_state *s = state_of(t);
	int again, err;

	(void)look_at_clock(t);
	again = run_on(t) || is_shared(t);
	r->ticks = s->ticks;
	s->ticks = 0;
	if (again && (err = arm(t)) != 0) {
		s->ticks = r->ticks;
		return err;
	}
	return r->ticks > 0 ? 0 : EAGAIN;
}

static int
try_read(void *arg)
{
	struct reading *r = arg;
	int err;

	file_lock(&r->t->file);
	err = try_locked(r);
	file_unlock(&r->t->file);
	return err;
}

static int
timerfd_readv(struct file *f, const struct iovec *iov, int count,
    ssize_t *done)
{
	struct timer_file *t = (struct timer_file *)f;
	struct reading r = { .t = t };
	int err;

	if (iov_total(iov, count) < sizeof(r.ticks))
		return EINVAL;
	if ((err = block_until(&t->readers, f, &t->lock, try_read, &r)) != 0)
		return err;
	iov_scatter(iov, 0, &r.ticks, sizeof(r.ticks));
	*done = sizeof(r.ticks);
	return 0;
}

/*
 * Not by the clock: an expiration that was found here would be news to other
 * watches, and nobody can be told while a poller's lock is held.
 */
static uint32_t
timerfd_poll(struct file *f)
{
	struct timer_file *t = (struct timer_file *)f;
	uint32_t events;

	begin(t);
	events = state_of(t)->ticks > 0 ? EPOLLIN : 0;
	if (events == 0 && is_shared(t) && f->watches != NULL)
		(void)arm(t);
	end(t);
	return events;
}

/* What other processes do is told to those who watched when it was set. */
static void
timerfd_watch(struct file *f, uint32_t events)
{
	(void)events;
	(void)timerfd_poll(f);
}

static int
timerfd_hand(struct file *f, struct hand_record *r)
{
	struct timer_file *t = (struct timer_file *)f;
	int err;

	begin(t);
	err = expiry_share(&t->expiry, t->clock == CLOCK_MONOTONIC ?
	    TIME_MONOTONIC : TIME_WALL);
	if (err == 0)
		err = arm(t);
	end(t);
	r->type = HAND_TIMER;
	r->handle[HAND_MAIN] = t->expiry.shared;
	r->data[0] = (unsigned char)t->clock;
	return err;
}

static void
timerfd_close(struct file *f)
{
	struct timer_file *t = (struct timer_file *)f;

	expiry_close(&t->expiry);
	block_free(&t->readers);
	free(t);
}

static const struct file_ops timerfd_ops = {
	.name = "timerfd",
	.readv = timerfd_readv,
	.poll = timerfd_poll,
	.watch = timerfd_watch,
	.hand = timerfd_hand,
	.close = timerfd_close,
};

static int
timer_new(clockid_t clock, int flags, struct timer_file **tp)
{
	struct timer_file *t;
	int err;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return ENOMEM;
	if ((err = expiry_open(&t->expiry, timer_expired, t)) != 0) {
		free(t);
		return err;
	}
	t->clock = clock;
	file_init(&t->file, FILE_TIMERFD, &timerfd_ops, flags, 0);
	*tp = t;
	return 0;
}

int
timerfd_take(struct hand_record *r, struct file **fp)
{
	struct timer_file *t;
	int err;

	if ((err = timer_new((clockid_t)r->data[0], r->flags, &t)) != 0)
		return err;
	t->expiry.shared = (uintptr_t)r->handle[HAND_MAIN];
	*fp = &t->file;
	return 0;
}

static int
create(clockid_t clock, int flags, int *fd)
{
	struct timer_file *t;
	int err;

	if ((err = timer_new(clock, O_RDWR | (flags & TFD_NONBLOCK),
	    &t)) != 0)
		return err;
	err = fd_install(&t->file, 0, (flags & TFD_CLOEXEC) != 0 ?
	    FD_CLOEXEC : 0, fd);
	if (err != 0)
		file_put(&t->file);
	return err;
}

int
timerfd_create(clockid_t clock, int flags)
{
	int err, fd = -1;

	if ((flags & ~(TFD_NONBLOCK | TFD_CLOEXEC)) != 0 ||
	    (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME))
		err = EINVAL;
	else
		err = create(clock, flags, &fd);
	return result(err, fd);
}

static int
timer_get(int fd, struct timer_file **tp)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_TIMERFD) {
		file_put(f);
		return EINVAL;
	}
	*tp = (struct timer_file *)f;
	return 0;
}

static void
describe(struct timer_file *t, struct itimerspec *out)
{
	const struct timer_state *s = state_of(t);
	int64_t left = 0;

	if (s->due != 0 && (left = s->due -
	    timebase_now((enum timebase)s->base)) < 0)
		left = 0;
	out->it_value = ns_to_timespec(left);
	out->it_interval = ns_to_timespec(s->interval);
}

struct setting {
	int flags;
	int64_t value, interval;
};

/* What has expired by now is forgotten, whether read or not. */
static int
set(struct timer_file *t, const struct setting *to)
{
	int is_absolute = (to->flags & TFD_TIMER_ABSTIME) != 0;
	struct timer_state *s = state_of(t);

	expiry_stop(&t->expiry);
	*s = (struct timer_state){ .interval = to->interval };
	s->base = is_absolute && t->clock == CLOCK_REALTIME ?
	    TIME_WALL : TIME_MONOTONIC;
	if (to->value != 0)
		s->due = is_absolute ? to->value :
		    timebase_after((enum timebase)s->base, to->value);
	return arm(t);
}

/* Nothing tells a program on NT that the clock was set.  LIM-TIME-3. */
static int
settime(struct timer_file *t, const struct setting *s, struct itimerspec *old)
{
	struct itimerspec before;
	int err, tell;

	if (s->flags == (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) &&
	    t->clock == CLOCK_REALTIME)
		return EINVAL;
	begin(t);
	(void)look_at_clock(t);
	(void)run_on(t);
	describe(t, &before);
	if ((err = set(t, s)) != 0)
		state_of(t)->due = 0;
	tell = look_at_clock(t);	/* at once, if it was in the past */
	end(t);
	if (tell)
		watch_notify(&t->file, EPOLLIN | WATCH_ONE);
	if (err == 0 && old != NULL)
		*old = before;
	return err;
}

static int
parse(struct setting *s, int flags, const struct itimerspec *value)
{
	int err;

	if (value == NULL)
		return EFAULT;
	if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0)
		return EINVAL;
	s->flags = flags;
	if ((err = timespec_to_ns(&value->it_value, &s->value)) != 0)
		return err;
	return timespec_to_ns(&value->it_interval, &s->interval);
}

int
timerfd_settime(int fd, int flags, const struct itimerspec *value,
    struct itimerspec *old)
{
	struct timer_file *t;
	struct setting s;
	int err;

	if ((err = parse(&s, flags, value)) != 0 ||
	    (err = timer_get(fd, &t)) != 0)
		return result(err, 0);
	err = settime(t, &s, old);
	file_put(&t->file);
	sig_poll();
	return result(err, 0);
}

/* A single timer that has expired stays readable, and a periodic one too. */
int
timerfd_gettime(int fd, struct itimerspec *now)
{
	struct timer_file *t;
	int err, tell;

	if (now == NULL)
		return result(EFAULT, 0);
	if ((err = timer_get(fd, &t)) != 0)
		return result(err, 0);
	begin(t);
	tell = look_at_clock(t);
	if (run_on(t) || tell)
		err = arm(t);
	describe(t, now);
	end(t);
	if (tell)
		watch_notify(&t->file, EPOLLIN | WATCH_ONE);
	file_put(&t->file);
	return result(err, 0);
}
