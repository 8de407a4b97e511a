/*
 * pipe.  The bytes are in a pipe of NT's, so that an end can be handed to
 * another program one day; who may write how much, and who is told, is decided
 * here.  NT would keep a write waiting until all of it is read, which can
 * neither be divided (O_NONBLOCK) nor given up without losing count, and tells
 * nobody when there is room again.  LIM-FD-5.
 */
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/disk.h"
#include "fileio/io.h"
#include "fileio/iov.h"
#include "fileio/pipe_end.h"
#include "poll/watch.h"
#include "signal/wait.h"

/* Linux's numbers (pipe(7)). */
#define CAPACITY 65536
#define ATOMIC 4096		/* PIPE_BUF */

enum end { READER, WRITER };

struct pipe_file;

/* What the two ends share.  lock comes before any watch_lock. */
struct pair {
	struct lock lock;
	struct lock read_lock;	/* over "look, then read that much" */
	struct pipe_file *end[2];
	size_t taken;		/* written, or about to be; frees by reading */
	long queued;		/* written; below 0 when a read was faster */
	uintptr_t room;		/* event: it may be worth trying to write */
};

struct pipe_file {
	struct file f;
	struct pair *pair;
	enum end side;
};

static struct pair *
pair_of(struct file *f)
{
	return ((struct pipe_file *)f)->pair;
}

static int
is_nonblocking(struct file *f)
{
	return (file_flags(f) & O_NONBLOCK) != 0;
}

/* The other end is safe to use while the lock is held: it cannot go. */
static void
tell(struct pair *p, enum end side, uint32_t events)
{
	if (p->end[side] != NULL)
		watch_notify(&p->end[side]->f, events);
}

static void
was_read(struct pair *p, size_t n)
{
	lock_write(&p->lock);
	p->taken -= n;
	p->queued -= (long)n;
	room_set(p->room, 1);
	if (CAPACITY - p->taken >= ATOMIC)
		tell(p, WRITER, EPOLLOUT);
	unlock_write(&p->lock);
}

struct read_arg {
	uintptr_t handle;
	size_t left;
};

/* Never more than is known to be there: a read of more could block. */
static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	struct read_arg *a = arg;
	int err;

	*done = 0;
	if (len > a->left)
		len = a->left;
	if (len == 0)
		return 0;
	if ((err = io_read(a->handle, buf, len, off, done)) == 0)
		a->left -= *done;
	return err;
}

/* EAGAIN when there is nothing; *done is 0 at the end of the pipe. */
static int
try_read(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	struct pair *p = pair_of(f);
	struct read_arg arg = { .handle = f->handle };
	int err;

	*done = 0;
	lock_write(&p->read_lock);
	err = pipe_available(f->handle, &arg.left);
	if (err == 0)
		err = arg.left > 0 ?
		    iov_each(iov, n, 0, read_op, &arg, done) : EAGAIN;
	else if (err == EPIPE)
		err = 0;
	unlock_write(&p->read_lock);
	if (*done > 0)
		was_read(p, (size_t)*done);
	return err;
}

static int
pipe_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err;

	if (iov_total(iov, n) == 0)
		return 0;
	for (;;) {
		err = try_read(f, iov, n, done);
		if (err != EAGAIN || is_nonblocking(f))
			return err;
		err = pipe_wait(f->handle);
		if (err == EINTR)
			err = sig_interrupt();
		if (err != 0)
			return err;
	}
}

/* Reserve room for as much of len as may be written now: 0 for none. */
static int
reserve(struct pair *p, size_t len, size_t *n)
{
	size_t room;
	int err = 0;

	lock_write(&p->lock);
	room = CAPACITY - p->taken;
	*n = len < room ? len : room;
	if (len <= ATOMIC && room < len)
		*n = 0;
	if (p->end[READER] == NULL)
		err = EPIPE;
	else if (*n == 0)
		room_set(p->room, 0);
	else
		p->taken += *n;
	unlock_write(&p->lock);
	return err;
}

static void
was_written(struct pair *p, size_t reserved, size_t n)
{
	lock_write(&p->lock);
	p->taken -= reserved - n;
	p->queued += (long)n;
	if (n > 0)
		tell(p, READER, EPOLLIN);
	unlock_write(&p->lock);
}

static int
wait_room(struct pair *p)
{
	int err;

	if ((err = room_wait(p->room)) == EINTR)
		err = sig_interrupt();
	return err;
}

static int
write_all(struct file *f, const char *buf, size_t len, ssize_t *done)
{
	struct pair *p = pair_of(f);
	size_t n, put;
	int err;

	while ((size_t)*done < len) {
		if ((err = reserve(p, len - (size_t)*done, &n)) != 0)
			return err;
		if (n == 0) {
			if (is_nonblocking(f))
				return EAGAIN;
			if ((err = wait_room(p)) != 0)
				return err;
			continue;
		}
		err = io_write(f->handle, buf + *done, n, 0, &put);
		was_written(p, n, put);
		if (err != 0)
			return err;
		*done += (ssize_t)put;
	}
	return 0;
}

static int
pipe_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	size_t len;
	void *buf;
	int err, own;

	if ((err = iov_gather(iov, n, &buf, &len, &own)) != 0)
		return err;
	*done = 0;
	err = write_all(f, buf, len, done);
	if (own)
		free(buf);
	return *done > 0 ? 0 : err;
}

static uint32_t
pipe_poll(struct file *f)
{
	struct pair *p = pair_of(f);
	uint32_t events = 0;

	lock_write(&p->lock);
	if (((struct pipe_file *)f)->side == READER) {
		if (p->queued > 0)
			events |= EPOLLIN;
		if (p->end[WRITER] == NULL)
			events |= EPOLLHUP;
	} else {
		if (CAPACITY - p->taken >= ATOMIC)
			events |= EPOLLOUT;
		if (p->end[READER] == NULL)
			events |= EPOLLOUT | EPOLLERR;
	}
	unlock_write(&p->lock);
	return events;
}

static int
pipe_ioctl(struct file *f, unsigned long request, void *arg)
{
	struct pair *p = pair_of(f);

	if (request != FIONREAD)
		return ENOTTY;
	lock_write(&p->lock);
	*(int *)arg = p->queued > 0 ? (int)p->queued : 0;
	unlock_write(&p->lock);
	return 0;
}

static void
pipe_close(struct file *f)
{
	struct pair *p = pair_of(f);
	enum end side = ((struct pipe_file *)f)->side;
	int last;

	handle_close(f->handle);
	lock_write(&p->lock);
	p->end[side] = NULL;
	room_set(p->room, 1);	/* blocked writers see that nobody reads */
	tell(p, !side, side == WRITER ? EPOLLHUP : EPOLLERR | EPOLLOUT);
	last = p->end[!side] == NULL;
	unlock_write(&p->lock);
	if (last) {
		handle_close(p->room);
		free(p);
	}
	free(f);
}

static const struct file_ops reader_ops = {
	.name = "pipe",
	.readv = pipe_readv,
	.stat = handle_stat,
	.ioctl = pipe_ioctl,
	.poll = pipe_poll,
	.close = pipe_close,
};

static const struct file_ops writer_ops = {
	.name = "pipe",
	.writev = pipe_writev,
	.stat = handle_stat,
	.ioctl = pipe_ioctl,
	.poll = pipe_poll,
	.close = pipe_close,
};

static int
pair_new(int flags, struct file **r, struct file **w)
{
	struct pipe_file *in = calloc(1, sizeof(*in));
	struct pipe_file *out = calloc(1, sizeof(*out));
	struct pair *p = calloc(1, sizeof(*p));
	uintptr_t rh, wh;
	int err = ENOMEM;

	if (in == NULL || out == NULL || p == NULL)
		goto free_all;
	if ((err = room_new(&p->room)) != 0)
		goto free_all;
	/* Twice, so that NT never finds its own buffer full first. */
	if ((err = pipe_ends(2 * CAPACITY, &rh, &wh)) != 0)
		goto close_room;
	file_init(&in->f, FILE_PIPE, &reader_ops, O_RDONLY | flags, rh);
	file_init(&out->f, FILE_PIPE, &writer_ops, O_WRONLY | flags, wh);
	in->pair = out->pair = p;
	in->side = READER;
	out->side = WRITER;
	p->end[READER] = in;
	p->end[WRITER] = out;
	*r = &in->f;
	*w = &out->f;
	return 0;

close_room:
	handle_close(p->room);
free_all:
	free(p);
	free(out);
	free(in);
	return err;
}

static int
make_pipe(int fd[2], int flags)
{
	struct file *r, *w;
	int cloexec = flags & O_CLOEXEC ? FD_CLOEXEC : 0, in, out, err;

	if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0)
		return EINVAL;
	if (fd == NULL)
		return EFAULT;
	if ((err = pair_new(flags & O_NONBLOCK, &r, &w)) != 0)
		return err;
	if ((err = fd_install(r, 0, cloexec, &in)) != 0) {
		file_put(r);
		file_put(w);
		return err;
	}
	if ((err = fd_install(w, 0, cloexec, &out)) != 0) {
		(void)fd_close(in);
		file_put(w);
		return err;
	}
	fd[0] = in;
	fd[1] = out;
	return 0;
}

int
pipe2(int fd[2], int flags)
{
	return result(make_pipe(fd, flags), 0);
}

int
pipe(int fd[2])
{
	return result(make_pipe(fd, 0), 0);
}
