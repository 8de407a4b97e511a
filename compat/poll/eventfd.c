/*
 * eventfd.  The counter lies where other kinds have their position, so that a
 * child which inherits the description changes the same one (fd/share.h), and
 * file_lock() is its lock.
 *
 * NT's events tell those who wait, in any process, of the counter.  Each is
 * made by the first who needs it.  It may be set when what it tells of is not
 * so, but is never clear when it is: who makes it so sets the event first, and
 * who finds that it is not so clears it, with the lock.  So nobody misses a
 * change, even of a process that was killed in the middle of one.
 */
#include <sys/eventfd.h>

#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/iov.h"
#include "fileio/pipe_alarm.h"
#include "poll/eventfd.h"
#include "poll/watch.h"
#include "process/handoff.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "time/clock.h"

_Static_assert(EFD_NONBLOCK == O_NONBLOCK, "EFD_NONBLOCK is not O_NONBLOCK");
_Static_assert(EFD_CLOEXEC == O_CLOEXEC, "EFD_CLOEXEC is not O_CLOEXEC");

#define COUNT_MAX (UINT64_MAX - 1)
#define LOOK_AGAIN_NS 100000000

enum event_of {
	EVENT_COUNT,		/* it is not 0 */
	EVENT_ROOM,		/* it is not COUNT_MAX */
	EVENT_LESS,		/* it is less than a writer had found */
	EVENTS
};

struct event_file {
	struct file file;
	int is_semaphore;
	uintptr_t event[EVENTS];	/* 0: nobody has needed it */
	struct pipe_alarm *alarm[2];	/* for the first two, when shared */
};

/* One attempt, with the lock held: 0, or EAGAIN and what to wait for. */
typedef int attempt(struct event_file *, uint64_t *, enum event_of *);

/* Lock held.  Its synced is 1 while EVENT_LESS is waited for. */
static struct file_state *
state_of(struct event_file *e)
{
	return atomic_load_explicit(&e->file.state, memory_order_relaxed);
}

static void
tell(struct event_file *e, enum event_of which)
{
	if (e->event[which] != 0)
		event_set(e->event[which]);
}

static int
try_read(struct event_file *e, uint64_t *value, enum event_of *which)
{
	struct file_state *s = state_of(e);
	uint64_t count = (uint64_t)s->pos;

	*which = EVENT_COUNT;
	if (count == 0)
		return EAGAIN;
	*value = e->is_semaphore ? 1 : count;
	if (count == COUNT_MAX)
		tell(e, EVENT_ROOM);
	if (s->synced != 0)
		tell(e, EVENT_LESS);
	s->pos = (off_t)(count - *value);
	s->synced = 0;
	return 0;
}

static int
try_write(struct event_file *e, uint64_t *value, enum event_of *which)
{
	struct file_state *s = state_of(e);
	uint64_t count = (uint64_t)s->pos;

	*which = count == COUNT_MAX ? EVENT_ROOM : EVENT_LESS;
	if (*value > COUNT_MAX - count)
		return EAGAIN;
	if (count == 0 && *value > 0)
		tell(e, EVENT_COUNT);
	s->pos = (off_t)(count + *value);
	return 0;
}

/* Lock held: about to wait, since what the event tells of is not so. */
static int
clear(struct event_file *e, enum event_of which)
{
	int err;

	if (e->event[which] == 0 &&
	    (err = event_new(1, &e->event[which])) != 0)
		return err;
	event_reset(e->event[which]);
	if (which == EVENT_LESS)
		state_of(e)->synced = 1;
	return 0;
}

/*
 * 0: try again.  Two writers whose values differ could clear EVENT_LESS for
 * each other, where the counter is as good as full: they look again.
 */
static int
wait_for(struct event_file *e, enum event_of which)
{
	int64_t deadline = -1;
	int err;

	if (which == EVENT_LESS)
		deadline = clock_monotonic_ns() + LOOK_AGAIN_NS;
	err = sig_wait(e->event[which], deadline);
	if (err == EINTR)
		return sig_interrupt();
	return err == ETIMEDOUT ? 0 : err;
}

static int
insist(struct event_file *e, attempt *fn, uint64_t *value)
{
	enum event_of which;
	int err, blocks;

	do {
		file_lock(&e->file);
		err = fn(e, value, &which);
		blocks = err == EAGAIN &&
		    (file_flags(&e->file) & O_NONBLOCK) == 0;
		if (blocks && (err = clear(e, which)) != 0)
			blocks = 0;
		file_unlock(&e->file);
		if (blocks)
			err = wait_for(e, which);
	} while (blocks && err == 0);
	return err;
}

static int
eventfd_readv(struct file *f, const struct iovec *iov, int count,
    ssize_t *done)
{
	uint64_t value;
	int err;

	if (iov_total(iov, count) < sizeof(value))
		return EINVAL;
	if ((err = insist((struct event_file *)f, try_read, &value)) != 0)
		return err;
	watch_notify(f, EPOLLOUT);
	iov_scatter(iov, 0, &value, sizeof(value));
	*done = sizeof(value);
	return 0;
}

/* As on Linux, where each buffer is a write of its own. */
static int
eventfd_writev(struct file *f, const struct iovec *iov, int count,
    ssize_t *done)
{
	uint64_t value;
	int err;

	if (count == 0 || iov->iov_len < sizeof(value))
		return EINVAL;
	memcpy(&value, iov->iov_base, sizeof(value));
	if (value > COUNT_MAX)
		return EINVAL;
	if ((err = insist((struct event_file *)f, try_write, &value)) != 0)
		return err;
	watch_notify(f, EPOLLIN | WATCH_ONE);
	*done = sizeof(value);
	return 0;
}

/*
 * Lock held: what other processes do, the alarms tell of.  Each rings once, so
 * it is set again whenever somebody watches and finds nothing.  A watch that is
 * just being added makes a look of its own.
 */
static void
look_out(struct event_file *e, enum event_of which, int holds)
{
	if (holds || e->alarm[which] == NULL || e->file.watches == NULL)
		return;
	event_reset(e->event[which]);
	pipe_alarm_set(e->alarm[which]);
}

static uint32_t
eventfd_poll(struct file *f)
{
	struct event_file *e = (struct event_file *)f;
	uint64_t count;

	file_lock(f);
	count = (uint64_t)state_of(e)->pos;
	look_out(e, EVENT_COUNT, count > 0);
	look_out(e, EVENT_ROOM, count < COUNT_MAX);
	file_unlock(f);
	return (count > 0 ? EPOLLIN : 0) | (count < COUNT_MAX ? EPOLLOUT : 0);
}

static void
eventfd_watch(struct file *f, uint32_t events)
{
	(void)events;
	(void)eventfd_poll(f);
}

static void
count_rang(void *arg)
{
	watch_notify(arg, EPOLLIN);
}

static void
room_rang(void *arg)
{
	watch_notify(arg, EPOLLOUT);
}

static int
alarms_new(struct event_file *e)
{
	int err;

	if (e->alarm[EVENT_COUNT] == NULL &&
	    (err = pipe_alarm_new(0, e->event[EVENT_COUNT], count_rang,
	    &e->file, &e->alarm[EVENT_COUNT])) != 0)
		return err;
	if (e->alarm[EVENT_ROOM] != NULL)
		return 0;
	return pipe_alarm_new(0, e->event[EVENT_ROOM], room_rang, &e->file,
	    &e->alarm[EVENT_ROOM]);
}

static void
eventfd_close(struct file *f)
{
	struct event_file *e = (struct event_file *)f;
	int i;

	pipe_alarm_free(e->alarm[EVENT_COUNT]);
	pipe_alarm_free(e->alarm[EVENT_ROOM]);
	for (i = 0; i < EVENTS; i++)
		if (e->event[i] != 0)
			event_free(e->event[i]);
	free(e);
}

/* From now on others change the counter too; the alarms tell who watches. */
static int
eventfd_hand(struct file *f, struct hand_record *r)
{
	struct event_file *e = (struct event_file *)f;
	int err = 0, i;

	file_lock(f);
	for (i = 0; i < EVENTS && err == 0; i++)
		if (e->event[i] == 0 &&
		    (err = event_new(1, &e->event[i])) == 0)
			event_set(e->event[i]);
	if (err == 0)
		err = alarms_new(e);
	file_unlock(f);
	if (err != 0)
		return err;
	(void)eventfd_poll(f);
	r->type = HAND_EVENT;
	for (i = 0; i < EVENTS; i++)
		r->handle[HAND_MAIN + i] = e->event[i];
	r->data[0] = (unsigned char)e->is_semaphore;
	return 0;
}

static const struct file_ops eventfd_ops = {
	.name = "eventfd",
	.readv = eventfd_readv,
	.writev = eventfd_writev,
	.poll = eventfd_poll,
	.watch = eventfd_watch,
	.hand = eventfd_hand,
	.close = eventfd_close,
};

static struct event_file *
event_file_new(int flags, int is_semaphore)
{
	struct event_file *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	file_init(&e->file, FILE_EVENTFD, &eventfd_ops, flags, 0);
	e->is_semaphore = is_semaphore;
	return e;
}

int
eventfd_take(struct hand_record *r, struct file **fp)
{
	struct event_file *e;
	int err, i;

	if ((e = event_file_new(r->flags, r->data[0])) == NULL)
		return ENOMEM;
	for (i = 0; i < EVENTS; i++)
		e->event[i] = (uintptr_t)r->handle[HAND_MAIN + i];
	if ((err = alarms_new(e)) != 0) {
		pipe_alarm_free(e->alarm[EVENT_COUNT]);
		free(e);
		return err;
	}
	*fp = &e->file;
	return 0;
}

int
eventfd(unsigned int initval, int flags)
{
	struct event_file *e;
	int err, fd = -1;

	if ((flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) != 0)
		return result(EINVAL, 0);
	e = event_file_new(O_RDWR | (flags & EFD_NONBLOCK),
	    (flags & EFD_SEMAPHORE) != 0);
	if (e == NULL)
		return result(ENOMEM, 0);
	state_of(e)->pos = initval;
	err = fd_install(&e->file, 0, (flags & EFD_CLOEXEC) != 0 ?
	    FD_CLOEXEC : 0, &fd);
	if (err != 0)
		file_put(&e->file);
	return result(err, fd);
}

int
eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int
eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
