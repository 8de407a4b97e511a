/*
 * pipe.  The bytes are in a pipe of NT's, so that an end can be another
 * program's; who may write how much, and who is told, is decided here.  NT
 * would keep a write waiting until all of it is read, which can neither be
 * divided (O_NONBLOCK) nor given up without losing count, and tells nobody
 * when there is room again.
 *
 * All of that is behind the pair's lock, the transfers included: none of them
 * waits, since what is in the pipe and what has room in it is known.  When
 * plain programs read from it, nobody tells how much: then each write finds
 * out by itself, and waits in NT (LIM-FD-5).
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
#include "fileio/iov.h"
#include "fileio/pipe.h"
#include "fileio/pipe_end.h"
#include "fileio/pipe_news.h"
#include "fileio/pipe_pair.h"
#include "poll/watch.h"
#include "process/handoff.h"
#include "signal/wait.h"

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

/*
 * Lock held.  How much can be read; EPIPE when nothing is left and no writer.
 * Asking NT would double what a read costs.
 */
static int
available(struct file *f, size_t *n)
{
	struct pair *p = pair_of(f);

	if (!pair_knows(p))
		return pipe_available(f->handle, n);
	*n = p->state->taken;
	return *n == 0 && p->end[PIPE_WRITER] == NULL ? EPIPE : 0;
}

/* Lock held: has nobody the other end any more? */
static int
is_alone(struct file *f)
{
	struct pipe_file *e = (struct pipe_file *)f;

	if (!pair_knows(e->pair))
		return pipe_is_alone(f->handle);
	return e->pair->end[!e->side] == NULL;
}

struct read_arg {
	struct file *f;
	size_t left;
};

/* Never more than is known to be there: a read of more could block. */
static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	struct read_arg *a = arg;
	int err;

	(void)off;
	*done = 0;
	if (len > a->left)
		len = a->left;
	if (len == 0)
		return 0;
	err = pipe_get(a->f->handle, buf, len, done);
	if (err != 0 || *done == 0)
		pair_of(a->f)->lost_count = 1;
	a->left -= *done;
	return err;
}

/* EAGAIN when there is nothing; *done is 0 at the end of the pipe. */
static int
try_read(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	struct pair *p = pair_of(f);
	struct read_arg arg = { .f = f };
	int err, had;

	*done = 0;
	pair_lock(p);
	had = pair_room(p) >= PIPE_ATOMIC;
	err = available(f, &arg.left);
	if (err == 0)
		err = arg.left > 0 ?
		    iov_each(iov, n, 0, read_op, &arg, done) : EAGAIN;
	else if (err == EPIPE)
		err = 0;
	if (*done > 0) {
		pair_set_taken(p, arg.left);
		if (!had && pair_room(p) >= PIPE_ATOMIC)
			pipe_news(p, PIPE_WRITER, EPOLLOUT);
	}
	pair_unlock(p);
	if (arg.left == 0)
		pipe_alarms_set(f, 0);
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

/* How much of len may be written in one step. */
static size_t
may_write(struct pair *p, size_t len)
{
	size_t room = pair_room(p);

	if (p->state->strangers != 0)
		return len < PIPE_ATOMIC ? len : PIPE_ATOMIC;
	if (len <= PIPE_ATOMIC && room < len)
		return 0;
	return len < room ? len : room;
}

/* EAGAIN: no room.  EINPROGRESS: NT has none, and has begun to wait. */
static int
try_write(struct file *f, const char *buf, size_t len, size_t *put,
    struct pipe_put **pending)
{
	struct pair *p = pair_of(f);
	size_t n;
	int err;

	*put = 0;
	pair_lock(p);
	if ((n = may_write(p, len)) > 0) {
		err = pipe_put(f->handle, buf, n, put, pending);
		p->lost_count |= err != 0;
		if (*put > 0 || err == EINPROGRESS) {
			pair_set_taken(p, p->state->taken +
			    (err == EINPROGRESS ? n : *put));
			pipe_news(p, PIPE_READER, EPOLLIN | WATCH_ONE);
		}
	} else {
		err = is_alone(f) ? EPIPE : EAGAIN;
	}
	pair_unlock(p);
	if (err == EAGAIN)
		pipe_alarms_set(f, 1);
	return err;
}

static int
write_all(struct file *f, const char *buf, size_t len, ssize_t *done)
{
	struct pipe_put *pending;
	size_t put;
	int err, block;

	while ((size_t)*done < len) {
		block = !is_nonblocking(f);
		err = try_write(f, buf + *done, len - (size_t)*done, &put,
		    &pending);
		if (err == EINPROGRESS)
			err = pipe_put_end(f->handle, pending, block, &put);
		else if (err == EAGAIN && block)
			err = pipe_wait_room(f->handle, pair_of(f)->room);
		*done += (ssize_t)put;
		/* What is written is told: SA_RESTART is for the rest. */
		if ((err = sig_waited(err, *done > 0)) != 0)
			return err;
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
reader_poll(struct file *f)
{
	struct pair *p = pair_of(f);
	uint32_t events = 0;
	size_t n;

	/* Not against other processes, of which NT tells. */
	lock_write(&p->lock);
	if (available(f, &n) != 0)
		events = EPOLLHUP;
	else if (n > 0)
		events = EPOLLIN | (is_alone(f) ? EPOLLHUP : 0);
	unlock_write(&p->lock);
	if (events == 0)
		pipe_alarms_set(f, 0);
	return events;
}

/* Where plain programs read, a write is tried: it can be EAGAIN. */
static uint32_t
writer_poll(struct file *f)
{
	struct pair *p = pair_of(f);
	uint32_t events = 0, alone = 0;

	pair_lock(p);
	if (p->state->strangers != 0 || pair_room(p) >= PIPE_ATOMIC)
		events |= EPOLLOUT;
	if (is_alone(f))
		alone = EPOLLERR;
	pair_unlock(p);
	if (events == 0)
		pipe_alarms_set(f, 1);
	return events | alone;
}

static void
pipe_watch(struct file *f, uint32_t events)
{
	(void)events;
	pipe_alarms_set(f, 0);
}

static int
pipe_ioctl(struct file *f, unsigned long request, void *arg)
{
	struct pipe_file *e = (struct pipe_file *)f;
	size_t n = 0;

	if (request != FIONREAD)
		return ENOTTY;
	if (e->side == PIPE_READER)
		(void)pipe_available(f->handle, &n);
	else
		n = e->pair->state->taken;
	*(int *)arg = (int)n;
	return 0;
}

static void
pipe_close(struct file *f)
{
	struct pipe_file *e = (struct pipe_file *)f;
	struct pair *p = e->pair;
	int last;

	pipe_alarm_free(e->other);
	pipe_alarm_free(e->space);
	handle_close(f->handle);
	pair_lock(p);
	p->end[e->side] = NULL;
	pipe_news(p, !e->side, e->side == PIPE_WRITER ? EPOLLHUP :
	    EPOLLERR | EPOLLOUT);
	last = p->end[!e->side] == NULL;
	pair_unlock(p);
	if (last)
		pair_free(p);
	free(e);
}

/* From now on others act on the pipe too: alarms in place of pipe_news(). */
static int
share(struct file *f)
{
	struct pair *p = pair_of(f);
	int err, side;

	if ((err = pair_share(p)) != 0)
		return err;
	pair_lock(p);
	for (side = PIPE_READER; side <= PIPE_WRITER && err == 0; side++)
		if (p->end[side] != NULL &&
		    (err = pipe_alarms_new(p->end[side])) == 0)
			pipe_alarms_set(&p->end[side]->f, 0);
	pair_unlock(p);
	return err;
}

static int
pipe_hand(struct file *f, struct hand_record *r)
{
	int err;

	if ((err = share(f)) != 0)
		return err;
	r->type = HAND_PIPE;
	r->handle[HAND_MAIN] = f->handle;
	r->data[0] = (unsigned char)((struct pipe_file *)f)->side;
	return pair_hand(pair_of(f), r);
}

static int
pipe_native(struct file *f, struct native_handle *native)
{
	struct pipe_file *e = (struct pipe_file *)f;
	int err;

	if ((err = share(f)) != 0)
		return err;
	if (e->side == PIPE_READER) {
		pair_lock(e->pair);
		e->pair->state->strangers++;
		room_set(e->pair->room, 1);
		pair_unlock(e->pair);
	}
	native->handle = f->handle;
	native->access = pipe_access(e->side == PIPE_WRITER);
	return 0;
}

static const struct file_ops reader_ops = {
	.name = "pipe",
	.readv = pipe_readv,
	.stat = handle_stat,
	.ioctl = pipe_ioctl,
	.poll = reader_poll,
	.watch = pipe_watch,
	.hand = pipe_hand,
	.native = pipe_native,
	.close = pipe_close,
};

static const struct file_ops writer_ops = {
	.name = "pipe",
	.writev = pipe_writev,
	.stat = handle_stat,
	.ioctl = pipe_ioctl,
	.poll = writer_poll,
	.watch = pipe_watch,
	.hand = pipe_hand,
	.native = pipe_native,
	.close = pipe_close,
};

static struct file *
end_new(enum pipe_side side, int flags, uintptr_t handle, struct pair *p)
{
	struct pipe_file *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	file_init(&e->f, FILE_PIPE, side == PIPE_READER ? &reader_ops :
	    &writer_ops, flags, handle);
	e->side = side;
	e->pair = p;
	p->end[side] = e;
	return &e->f;
}

int
pipe_take(struct hand_record *r, struct file **fp)
{
	enum pipe_side side = r->data[0] == 0 ? PIPE_READER : PIPE_WRITER;
	struct pair *p;
	int err;

	if ((err = pair_take(r, &p)) != 0)
		return err;
	*fp = end_new(side, r->flags, (uintptr_t)r->handle[HAND_MAIN], p);
	if (*fp == NULL) {
		free(p);
		return ENOMEM;
	}
	(void)pipe_alarms_new((struct pipe_file *)*fp);
	return 0;
}

static int
ends_new(int flags, struct file **r, struct file **w)
{
	struct pair *p;
	uintptr_t rh, wh;
	int err;

	if ((err = pair_new(&p)) != 0)
		return err;
	/* Twice, so that NT never finds its own buffer full first. */
	if ((err = pipe_ends(2 * PIPE_CAPACITY, &rh, &wh)) != 0)
		goto free_pair;
	*r = end_new(PIPE_READER, O_RDONLY | flags, rh, p);
	*w = end_new(PIPE_WRITER, O_WRONLY | flags, wh, p);
	if (*r != NULL && *w != NULL)
		return 0;
	err = ENOMEM;
	free(*r);
	free(*w);
	handle_close(rh);
	handle_close(wh);
free_pair:
	pair_free(p);
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
	if ((err = ends_new(flags & O_NONBLOCK, &r, &w)) != 0)
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
