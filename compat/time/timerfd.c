/*
 * timerfd: a description that counts expirations.
 *
 * As on Linux a periodic timer that has expired does not run on until somebody
 * reads it or asks for its time; the expirations between are then counted by
 * the clock.  So one that nobody reads costs nothing, and no expiration drifts
 * by how late the one before it was seen.
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
#include "signal/block.h"
#include "signal/wait.h"
#include "time/convert.h"
#include "time/expiry.h"

_Static_assert(TFD_NONBLOCK == O_NONBLOCK, "TFD_NONBLOCK is not O_NONBLOCK");
_Static_assert(TFD_CLOEXEC == O_CLOEXEC, "TFD_CLOEXEC is not O_CLOEXEC");

struct timer_file {
	struct file file;
	struct lock lock;
	struct expiry expiry;
	clockid_t clock;
	enum timebase base;	/* of due */
	int64_t due;		/* the next expiration; 0: stopped */
	int64_t interval;
	uint64_t ticks;		/* expirations to be read */
	int expired;		/* due has passed and was counted */
	struct blocked readers;
};

/* Lock held.  1: it has expired just now, and who watches must be told. */
static int
look_at_clock(struct timer_file *t)
{
	if (t->due == 0 || t->expired || timebase_now(t->base) < t->due)
		return 0;
	t->expired = 1;
	t->ticks++;
	block_wake(&t->readers);
	return 1;
}

/* Lock held: a periodic timer runs on, a single one has stopped. */
static int
run_on(struct timer_file *t)
{
	int64_t late, n = 1, step;

	if (!t->expired)
		return 0;
	t->expired = 0;
	if (t->interval == 0) {
		t->due = 0;
		return 0;
	}
	/* Negative, when somebody has set the wall clock back. */
	if ((late = timebase_now(t->base) - t->due) > 0)
		n += late / t->interval;
	t->ticks += (uint64_t)n - 1;
	if (__builtin_mul_overflow(n, t->interval, &step) ||
	    __builtin_add_overflow(t->due, step, &t->due))
		t->due = INT64_MAX;
	return expiry_set(&t->expiry, t->base, t->due);
}

/* On a thread of the pool; perhaps too early, or for a time replaced since. */
static void
timer_expired(void *arg)
{
	struct timer_file *t = arg;
	int tell;

	lock_write(&t->lock);
	tell = look_at_clock(t);
	if (!tell && t->due != 0 && !t->expired)
		(void)expiry_set(&t->expiry, t->base, t->due);
	unlock_write(&t->lock);
	if (tell)
		watch_notify(&t->file, EPOLLIN | WATCH_ONE);
}

struct reading {
	struct timer_file *t;
	uint64_t ticks;
};

/* Lock held.  The clock counts, however late the pool is. */
static int
try_read(void *arg)
{
	struct reading *r = arg;
	struct timer_file *t = r->t;
	int err;

	(void)look_at_clock(t);
	if (t->ticks == 0)
		return EAGAIN;
	if ((err = run_on(t)) != 0)
		return err;
	r->ticks = t->ticks;
	t->ticks = 0;
	return 0;
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

	lock_write(&t->lock);
	events = t->ticks > 0 ? EPOLLIN : 0;
	unlock_write(&t->lock);
	return events;
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
	.close = timerfd_close,
};

static int
create(clockid_t clock, int flags, int *fd)
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
	file_init(&t->file, FILE_TIMERFD, &timerfd_ops,
	    O_RDWR | (flags & TFD_NONBLOCK), 0);
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

/* Lock held. */
static void
describe(const struct timer_file *t, struct itimerspec *out)
{
	int64_t left = 0;

	if (t->due != 0 && (left = t->due - timebase_now(t->base)) < 0)
		left = 0;
	out->it_value = ns_to_timespec(left);
	out->it_interval = ns_to_timespec(t->interval);
}

struct setting {
	int flags;
	int64_t value, interval;
};

/* Lock held.  What has expired by now is forgotten, whether read or not. */
static int
set(struct timer_file *t, const struct setting *s)
{
	int is_absolute = (s->flags & TFD_TIMER_ABSTIME) != 0;

	expiry_stop(&t->expiry);
	t->ticks = 0;
	t->expired = 0;
	t->due = 0;
	t->interval = s->interval;
	t->base = is_absolute && t->clock == CLOCK_REALTIME ?
	    TIME_WALL : TIME_MONOTONIC;
	if (s->value == 0)
		return 0;
	t->due = is_absolute ? s->value : timebase_after(t->base, s->value);
	return expiry_set(&t->expiry, t->base, t->due);
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
	lock_write(&t->lock);
	(void)look_at_clock(t);
	(void)run_on(t);
	describe(t, &before);
	if ((err = set(t, s)) != 0)
		t->due = 0;
	tell = look_at_clock(t);	/* at once, if it was in the past */
	unlock_write(&t->lock);
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
	lock_write(&t->lock);
	tell = look_at_clock(t);
	err = run_on(t);
	describe(t, now);
	unlock_write(&t->lock);
	if (tell)
		watch_notify(&t->file, EPOLLIN | WATCH_ONE);
	file_put(&t->file);
	return result(err, 0);
}
