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
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/event_nt.h"

_Static_assert(EFD_NONBLOCK == O_NONBLOCK, "EFD_NONBLOCK is not O_NONBLOCK");
_Static_assert(EFD_CLOEXEC == O_CLOEXEC, "EFD_CLOEXEC is not O_CLOEXEC");

#define COUNT_MAX (UINT64_MAX - 1)

/* Threads that wait for the counter to grow, or to shrink. */
struct side {
	uintptr_t event;	/* made by the first that blocks */
	unsigned int blocked;
};

struct event_file {
	struct file file;
	struct lock lock;
	uint64_t count;
	int is_semaphore;
	struct side readers, writers;
};

/* One attempt, with the lock held: 0 or EAGAIN. */
typedef int attempt(struct event_file *, uint64_t *);

static int
try_read(struct event_file *e, uint64_t *value)
{
	if (e->count == 0)
		return EAGAIN;
	*value = e->is_semaphore ? 1 : e->count;
	e->count -= *value;
	if (e->writers.blocked > 0)
		event_set(e->writers.event);
	return 0;
}

static int
try_write(struct event_file *e, uint64_t *value)
{
	if (*value > COUNT_MAX - e->count)
		return EAGAIN;
	e->count += *value;
	if (e->readers.blocked > 0)
		event_set(e->readers.event);
	return 0;
}

/* About to wait for another try; whoever changes the counter sets the event. */
static int
prepare(struct side *side)
{
	int err = 0;

	if (side->event == 0)
		err = event_new(1, &side->event);
	if (err == 0) {
		event_reset(side->event);
		side->blocked++;
	}
	return err;
}

/* Block once, if that is allowed: EAGAIN to try again, or the end. */
static int
wait_side(struct event_file *e, struct side *side)
{
	int err;

	err = sig_wait(side->event, -1);
	lock_write(&e->lock);
	side->blocked--;
	unlock_write(&e->lock);
	if (err == EINTR)
		err = sig_interrupt();
	return err == 0 ? EAGAIN : err;
}

static int
insist(struct event_file *e, struct side *side, attempt *fn, uint64_t *value)
{
	int err, blocks;

	do {
		lock_write(&e->lock);
		err = fn(e, value);
		blocks = err == EAGAIN && (file_flags(&e->file) & O_NONBLOCK) == 0;
		if (blocks && (err = prepare(side)) != 0)
			blocks = 0;
		unlock_write(&e->lock);
		if (blocks)
			err = wait_side(e, side);
	} while (blocks && err == EAGAIN);
	return err;
}

static int
eventfd_readv(struct file *f, const struct iovec *iov, int count,
    ssize_t *done)
{
	struct event_file *e = (struct event_file *)f;
	uint64_t value;
	int err;

	if (iov_total(iov, count) < sizeof(value))
		return EINVAL;
	if ((err = insist(e, &e->readers, try_read, &value)) != 0)
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
	struct event_file *e = (struct event_file *)f;
	uint64_t value;
	int err;

	if (count == 0 || iov->iov_len < sizeof(value))
		return EINVAL;
	memcpy(&value, iov->iov_base, sizeof(value));
	if (value > COUNT_MAX)
		return EINVAL;
	if ((err = insist(e, &e->writers, try_write, &value)) != 0)
		return err;
	watch_notify(f, EPOLLIN);
	*done = sizeof(value);
	return 0;
}

static uint32_t
eventfd_poll(struct file *f)
{
	struct event_file *e = (struct event_file *)f;
	uint32_t events = 0;

	lock_write(&e->lock);
	if (e->count > 0)
		events |= EPOLLIN;
	if (e->count < COUNT_MAX)
		events |= EPOLLOUT;
	unlock_write(&e->lock);
	return events;
}

static void
eventfd_close(struct file *f)
{
	struct event_file *e = (struct event_file *)f;

	if (e->readers.event != 0)
		event_free(e->readers.event);
	if (e->writers.event != 0)
		event_free(e->writers.event);
	free(e);
}

static const struct file_ops eventfd_ops = {
	.name = "eventfd",
	.readv = eventfd_readv,
	.writev = eventfd_writev,
	.poll = eventfd_poll,
	.close = eventfd_close,
};

int
eventfd(unsigned int initval, int flags)
{
	struct event_file *e;
	int err, fd = -1;

	if ((flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) != 0)
		return result(EINVAL, 0);
	if ((e = calloc(1, sizeof(*e))) == NULL)
		return result(ENOMEM, 0);
	file_init(&e->file, FILE_EVENTFD, &eventfd_ops,
	    O_RDWR | (flags & EFD_NONBLOCK), 0);
	e->count = initval;
	e->is_semaphore = (flags & EFD_SEMAPHORE) != 0;
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
