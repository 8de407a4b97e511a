#include "socket/sock.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/lane.h"
#include "afunix/unix.h"
#include "fd/fdtable.h"
#include "fileio/iov.h"
#include "poll/sockwait.h"
#include "poll/watch.h"
#include "socket/event_nt.h"
#include "socket/inherit.h"

int
sock_get(int fd, struct socket **sp)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_SOCKET) {
		file_put(f);
		return ENOTSOCK;
	}
	*sp = (struct socket *)f;
	return 0;
}

void
sock_put(struct socket *s)
{
	file_put(&s->file);
}

int
sock_wrap(const struct sock_ops *ops, int domain, int type, int protocol,
    uintptr_t handle, int flags, struct socket **sp)
{
	struct socket *s;
	int err;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	if ((err = sock_base_handle(handle, &s->base)) != 0) {
		free(s);
		return err;
	}
	file_init(&s->file, FILE_SOCKET, &sock_file_ops, O_RDWR | flags,
	    handle);
	s->ops = ops;
	s->domain = domain;
	s->type = type;
	s->protocol = protocol;
	atomic_init(&s->rcvlowat, 1);
	atomic_init(&s->rcvtimeo, -1);
	atomic_init(&s->sndtimeo, -1);
	*sp = s;
	return 0;
}

int
sock_new(const struct sock_ops *ops, int domain, int type, int protocol,
    uintptr_t handle, int flags, struct socket **sp)
{
	int err;

	err = sock_wrap(ops, domain, type, protocol, handle, flags, sp);
	if (err != 0)
		nt_sock_close(handle, 0);
	return err;
}

int
sock_install(struct socket *s, int type_flags, int *fd)
{
	int err;

	err = fd_install(&s->file, 0,
	    (type_flags & SOCK_CLOEXEC) != 0 ? FD_CLOEXEC : 0, fd);
	if (err != 0)
		sock_put(s);
	return err;
}

int
sock_replace(struct socket *s, uintptr_t handle)
{
	uintptr_t base, old = s->file.handle;
	int err;

	if ((err = sock_base_handle(handle, &base)) != 0) {
		nt_sock_close(handle, 0);
		return err;
	}
	s->file.handle = handle;
	s->base = base;
	nt_sock_close(old, 0);
	return 0;
}

int
sock_readv(struct file *f, const struct iovec *iov, int count, ssize_t *done)
{
	struct nt_msg m = { .iov = iov, .iovcnt = count };
	size_t n = 0;
	int err;

	*done = 0;
	if (iov_total(iov, count) == 0)
		return 0;
	err = sock_recv((struct socket *)f, &m, 0, &n);
	*done = (ssize_t)n;
	return err;
}

int
sock_writev(struct file *f, const struct iovec *iov, int count, ssize_t *done)
{
	struct nt_msg m = { .iov = iov, .iovcnt = count };
	size_t n = 0;
	int err;

	err = sock_send((struct socket *)f, &m, 0, &n);
	*done = (ssize_t)n;
	return err;
}

int
sock_stat(struct file *f, struct stat *st)
{
	(void)f;
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFSOCK | 0777;
	st->st_nlink = 1;
	st->st_blksize = 4096;
	return 0;
}

/* Urgent data come behind what was read ahead. */
static int
at_mark(struct socket *s, int *mark)
{
	if (ahead_count(s) == 0)
		return nt_sock_at_mark(s->file.handle, mark);
	*mark = 0;
	return 0;
}

int
sock_ioctl(struct file *f, unsigned long request, void *arg)
{
	struct socket *s = (struct socket *)f;

	switch (request) {
	case FIONREAD:
		if (atomic_load(&s->state) == SOCK_LISTENING)
			return EINVAL;
		return ahead_readable(s, arg);
	case SIOCATMARK:
		if (s->type == SOCK_STREAM)
			return at_mark(s, arg);
		return ENOTTY;
	default:
		return ENOTTY;
	}
}

static int
sock_afd(struct file *f, uintptr_t *base)
{
	*base = ((struct socket *)f)->base;
	return 0;
}

/*
 * What AFD does not know: a stream that was never connected, and what was shut
 * here or by an AF_UNIX peer, and what was read ahead.  As tcp_poll() and
 * unix_poll() of Linux have it.
 */
uint32_t
sock_poll(struct file *f)
{
	struct socket *s = (struct socket *)f;
	int shut = atomic_load(&s->shut);
	uint32_t events = 0;

	if (s->type == SOCK_STREAM && atomic_load(&s->state) == SOCK_FRESH)
		return EPOLLOUT | EPOLLWRNORM | EPOLLHUP;
	if (s->un != NULL && s->un->lane != NULL) {
		shut |= lane_shut_here(s->un->lane);
		events |= lane_poll(s->un->lane);
	}
	if (ahead_count(s) >= (size_t)atomic_load(&s->rcvlowat))
		events |= EPOLLIN | EPOLLRDNORM;
	if ((shut & SOCK_SHUT_RD) != 0)
		events |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if ((shut & SOCK_SHUT_WR) != 0)
		events |= EPOLLOUT | EPOLLWRNORM | WATCH_END_HUPS;
	if (shut == (SOCK_SHUT_RD | SOCK_SHUT_WR))
		events |= EPOLLHUP;
	return events;
}

void
sock_close(struct file *f)
{
	struct socket *s = (struct socket *)f;
	uintptr_t event;

	if (s->ops->destroy != NULL)
		s->ops->destroy(s);
	/* As Linux (and NT) ends a stream that was not read to its end. */
	if (ahead_close(s) && nt_sock_linger(f->handle, 1, 0) == 0)
		s->linger.l_onoff = 0;
	if (f->handle != 0)
		nt_sock_close(f->handle,
		    s->linger.l_onoff != 0 && s->linger.l_linger > 0);
	if ((event = atomic_load(&s->spare_event)) != 0)
		event_free(event);
	free(s);
}

const struct file_ops sock_file_ops = {
	.name = "socket",
	.readv = sock_readv,
	.writev = sock_writev,
	.stat = sock_stat,
	.ioctl = sock_ioctl,
	.poll = sock_poll,
	.afd = sock_afd,
	.found = ahead_found,
	.hand = sock_hand,
	.native = sock_native,
	.handed = sock_handed,
	.unheld = sock_unheld,
	.close = sock_close,
};
