#include <sys/epoll.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "poll/interest.h"
#include "poll/poller.h"
#include "signal/wait.h"
#include "time/clock.h"

_Static_assert(EPOLL_CLOEXEC == O_CLOEXEC, "EPOLL_CLOEXEC is not O_CLOEXEC");

/* EPOLLEXCLUSIVE goes with these only (epoll_ctl(2)). */
#define EXCLUSIVE_OK (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | \
    EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

static uint32_t
epoll_poll(struct file *f)
{
	struct epoll *ep = (struct epoll *)f;
	int ready;

	lock_write(&ep->lock);
	ready = ep_is_ready(ep);
	unlock_write(&ep->lock);
	return ready ? EPOLLIN | EPOLLRDNORM : 0;
}

static void
epoll_close(struct file *f)
{
	ep_free((struct epoll *)f);
}

const struct file_ops epoll_ops = {
	.name = "epoll",
	.poll = epoll_poll,
	.close = epoll_close,
};

int
epoll_create1(int flags)
{
	struct epoll *ep;
	int err, fd = -1;

	if ((flags & ~EPOLL_CLOEXEC) != 0)
		return result(EINVAL, 0);
	if ((err = ep_new(&ep)) != 0)
		return result(err, 0);
	file_init(&ep->file, FILE_EPOLL, &epoll_ops, O_RDWR, 0);
	err = fd_install(&ep->file, 0, flags != 0 ? FD_CLOEXEC : 0, &fd);
	if (err != 0)
		file_put(&ep->file);
	return result(err, fd);
}

int
epoll_create(int size)
{
	return size > 0 ? epoll_create1(0) : result(EINVAL, 0);
}

/* What epoll_ctl() has checked. */
struct change {
	struct epoll *ep;
	struct file *file;
	int fd;
	uint32_t events;
	uint64_t data;
};

static int
add_locked(const struct change *c)
{
	struct reg *r;
	int err;

	if (reg_find(c->ep, c->fd, c->file) != NULL)
		return EEXIST;
	err = reg_add(c->ep, c->fd, c->file, c->events, c->data, &r);
	if (err == 0)
		reg_arm(r);
	return err;
}

static int
add(const struct change *c)
{
	int err = 0, nests = c->file->kind == FILE_EPOLL;

	if (nests)
		err = nest_enter(c->ep, (struct epoll *)c->file);
	if (err != 0)
		return err;
	lock_write(&c->ep->lock);
	err = add_locked(c);
	unlock_write(&c->ep->lock);
	if (nests)
		nest_leave();
	return err;
}

static int
mod(const struct change *c)
{
	struct reg *r;
	int err = 0;

	lock_write(&c->ep->lock);
	if ((r = reg_find(c->ep, c->fd, c->file)) == NULL) {
		err = ENOENT;
	} else if (((r->events | c->events) & EPOLLEXCLUSIVE) != 0) {
		err = EINVAL;
	} else {
		reg_change(r, c->events, c->data);
		reg_arm(r);
	}
	unlock_write(&c->ep->lock);
	return err;
}

static int
del(const struct change *c)
{
	struct reg *r;

	lock_write(&c->ep->lock);
	if ((r = reg_find(c->ep, c->fd, c->file)) != NULL)
		reg_remove(r);
	unlock_write(&c->ep->lock);
	return r != NULL ? 0 : ENOENT;
}

static int
change(const struct change *c, int op)
{
	const struct file_ops *ops = c->file->ops;
	int err;

	switch (op) {
	case EPOLL_CTL_ADD:
		if ((c->events & EPOLLEXCLUSIVE) != 0 &&
		    (c->file->kind == FILE_EPOLL ||
		    (c->events & ~EXCLUSIVE_OK) != 0))
			return EINVAL;
		err = add(c);
		break;
	case EPOLL_CTL_MOD:
		err = mod(c);
		break;
	case EPOLL_CTL_DEL:
		return del(c);
	default:
		return EINVAL;
	}
	if (err == 0) {
		if (ops->watch != NULL)
			ops->watch(c->file, c->events);
		ep_wake(c->ep);
		watch_notify(&c->ep->file, EPOLLIN);
	}
	return err;
}

/* Both descriptors are open; in the order in which Linux complains. */
static int
check_and_change(struct file *epf, struct change *c, int op)
{
	if (c->file->ops->poll == NULL && c->file->ops->afd == NULL)
		return EPERM;
	if (epf == c->file || epf->kind != FILE_EPOLL)
		return EINVAL;
	c->ep = (struct epoll *)epf;
	return change(c, op);
}

int
epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	struct change c = { .fd = fd };
	struct file *epf;
	int err;

	if (op != EPOLL_CTL_DEL) {
		if (event == NULL)
			return result(EFAULT, 0);
		c.events = event->events | EPOLLERR | EPOLLHUP;
		c.data = event->data.u64;
	}
	if ((err = fd_get(epfd, &epf)) != 0)
		return result(err, 0);
	if ((err = fd_get(fd, &c.file)) != 0)
		goto put_epoll;
	err = check_and_change(epf, &c, op);
	file_put(c.file);
put_epoll:
	file_put(epf);
	return result(err, 0);
}

static int
wait_on(struct file *f, struct epoll_event *ev, int max, int64_t deadline,
    int *n)
{
	if (f->kind != FILE_EPOLL)
		return EINVAL;
	return ep_wait((struct epoll *)f, ev, max, deadline, n);
}

/*
 * A signal that only *mask lets through is handled inside the wait or not at
 * all: after a wait that found something it stays pending, as on Linux.
 */
static int
wait_until(int epfd, struct epoll_event *ev, int max, int64_t deadline,
    const sigset_t *mask)
{
	struct file *f;
	uint64_t old = 0;
	int err, n = 0;

	if (max <= 0)
		return result(EINVAL, 0);
	if (ev == NULL)
		return result(EFAULT, 0);
	if ((err = fd_get(epfd, &f)) != 0)
		return result(err, 0);
	if (mask != NULL)
		old = sig_mask_swap(*mask);
	err = wait_on(f, ev, max, deadline, &n);
	if (mask != NULL)
		(void)sig_mask_swap(old);
	file_put(f);
	sig_poll();
	return result(err, n);
}

int
epoll_wait(int epfd, struct epoll_event *ev, int max, int timeout)
{
	return epoll_pwait(epfd, ev, max, timeout, NULL);
}

int
epoll_pwait(int epfd, struct epoll_event *ev, int max, int timeout,
    const sigset_t *mask)
{
	int64_t deadline;

	deadline = timeout == 0 ? 0 :
	    clock_deadline(timeout * INT64_C(1000000));
	return wait_until(epfd, ev, max, deadline, mask);
}

int
epoll_pwait2(int epfd, struct epoll_event *ev, int max,
    const struct timespec *timeout, const sigset_t *mask)
{
	int64_t deadline;
	int err;

	if ((err = poll_deadline(timeout, &deadline)) != 0)
		return result(err, 0);
	return wait_until(epfd, ev, max, deadline, mask);
}

int
poll_counters(int epfd, struct poll_counters *n)
{
	struct file *f;
	struct epoll *ep;
	int err;

	if ((err = fd_get(epfd, &f)) != 0)
		return err;
	if (f->kind == FILE_EPOLL) {
		ep = (struct epoll *)f;
		lock_write(&ep->lock);
		*n = ep->n;
		n->pending = ep->pending;
		unlock_write(&ep->lock);
	} else {
		err = EINVAL;
	}
	file_put(f);
	return err;
}
