/*
 * poll() is an epoll instance of its own that remembers its registrations from
 * one call to the next: a program that polls the same descriptors again and
 * again pays for what changed, and the requests about the sockets that stayed
 * idle are still under way.  EPOLLONESHOT makes each report once per call; a
 * registration that a call does not mention is of an older round, and silent.
 */
#include <poll.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "poll/interest.h"
#include "poll/poller.h"
#include "signal/state.h"
#include "signal/wait.h"
#include "time/clock.h"

#define FEW 64			/* descriptors without a malloc */
#define POLLERS_MAX 8		/* idle instances that are kept */

#define ALWAYS_READY (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

struct poll_call {
	struct epoll *ep;
	struct pollfd *fds;
	nfds_t n;
	struct file **files;	/* with a reference, or NULL */
	int ready;		/* known without waiting */
};

static struct {
	struct lock lock;
	struct epoll *free;
	int count;
} pollers;

/* The one that this thread used before, whose registrations fit best. */
static struct epoll *
poller_pop(const void *owner)
{
	struct epoll **link, *ep;

	lock_write(&pollers.lock);
	for (link = &pollers.free; *link != NULL; link = &(*link)->free_next)
		if ((*link)->owner == owner)
			break;
	if ((ep = *link) != NULL) {
		*link = ep->free_next;
		pollers.count--;
	}
	unlock_write(&pollers.lock);
	return ep;
}

static int
poller_get(struct epoll **epp)
{
	const void *self = sig_self();
	int err;

	if ((*epp = poller_pop(self)) != NULL)
		return 0;
	if ((err = ep_new(epp)) == 0)
		(*epp)->owner = self;
	return err;
}

/* Keep it; with too many, the one that was used longest ago has to go. */
static void
poller_put(struct epoll *ep)
{
	struct epoll **link, *oldest = NULL;

	lock_write(&pollers.lock);
	ep->free_next = pollers.free;
	pollers.free = ep;
	if (++pollers.count > POLLERS_MAX) {
		link = &pollers.free;
		while ((*link)->free_next != NULL)
			link = &(*link)->free_next;
		oldest = *link;
		*link = NULL;
		pollers.count--;
	}
	unlock_write(&pollers.lock);
	if (oldest != NULL)
		ep_free(oldest);
}

static int
can_wait_for(const struct file *f)
{
	return f->ops->poll != NULL || f->ops->afd != NULL;
}

/* Look the descriptors up, and answer for those that need no waiting. */
static void
open_files(struct poll_call *c)
{
	struct pollfd *p;
	nfds_t i;

	for (i = 0; i < c->n; i++) {
		p = &c->fds[i];
		p->revents = 0;
		c->files[i] = NULL;
		if (p->fd < 0)
			continue;
		if (fd_get(p->fd, &c->files[i]) != 0) {
			c->files[i] = NULL;
			p->revents = POLLNVAL;
		} else if (!can_wait_for(c->files[i])) {
			file_put(c->files[i]);
			c->files[i] = NULL;
			p->revents = p->events & ALWAYS_READY;
		}
		c->ready += p->revents != 0;
	}
}

static void
close_files(struct poll_call *c)
{
	nfds_t i;

	for (i = 0; i < c->n; i++)
		if (c->files[i] != NULL)
			file_put(c->files[i]);
}

/* A descriptor may be in the array more than once. */
static int
want(struct epoll *ep, const struct pollfd *p, struct file *f)
{
	uint32_t events = (unsigned short)p->events | EPOLLERR | EPOLLHUP |
	    EPOLLONESHOT;
	struct reg *r;
	int err;

	if ((r = reg_find(ep, p->fd, f)) == NULL) {
		if ((err = reg_add(ep, p->fd, f, events, 0, &r)) != 0)
			return err;
		r->data = (uintptr_t)r;
	} else {
		if (r->round == ep->round)
			events |= r->events;
		reg_change(r, events, (uintptr_t)r);
	}
	r->round = ep->round;
	r->revents = 0;
	reg_queue(r);
	return 0;
}

static int
want_all(struct poll_call *c)
{
	nfds_t i;
	int err = 0;

	lock_write(&c->ep->lock);
	c->ep->round++;
	for (i = 0; i < c->n && err == 0; i++)
		if (c->files[i] != NULL)
			err = want(c->ep, &c->fds[i], c->files[i]);
	unlock_write(&c->ep->lock);
	return err;
}

/* Kinds that have to start something in order to know. */
static int
announce(struct poll_call *c)
{
	struct file *f;
	nfds_t i;
	int err = 0;

	for (i = 0; i < c->n && err == 0; i++) {
		if ((f = c->files[i]) == NULL)
			continue;
		if (f->kind == FILE_EPOLL)
			err = ep_nest((struct epoll *)f);
		if (f->ops->watch != NULL)
			f->ops->watch(f, (unsigned short)c->fds[i].events);
	}
	return err;
}

static int
wait_round(struct poll_call *c, int64_t deadline)
{
	struct epoll_event ev[FEW];
	struct reg *r;
	int err, i, n;

	do {
		if ((err = ep_wait(c->ep, ev, FEW, deadline, &n)) != 0)
			break;
		for (i = 0; i < n; i++) {
			r = (struct reg *)(uintptr_t)ev[i].data.u64;
			r->revents |= ev[i].events;
		}
		deadline = 0;
	} while (n == FEW);
	return err;
}

static void
collect(struct poll_call *c)
{
	struct pollfd *p;
	struct reg *r;
	nfds_t i;

	lock_write(&c->ep->lock);
	for (i = 0; i < c->n; i++) {
		p = &c->fds[i];
		if (c->files[i] == NULL ||
		    (r = reg_find(c->ep, p->fd, c->files[i])) == NULL)
			continue;
		p->revents = (short)(r->revents &
		    ((unsigned short)p->events | POLLERR | POLLHUP));
		c->ready += p->revents != 0;
	}
	unlock_write(&c->ep->lock);
}

static int
poll_files(struct poll_call *c, int64_t deadline)
{
	int err;

	if ((err = want_all(c)) != 0 || (err = announce(c)) != 0)
		return err;
	err = wait_round(c, c->ready > 0 ? 0 : deadline);
	collect(c);
	return c->ready > 0 ? 0 : err;
}

int
poll_until(struct pollfd *fds, nfds_t n, int64_t deadline,
    const sigset_t *mask, int *ready)
{
	struct file *few[FEW];
	struct poll_call c = { .fds = fds, .n = n, .files = few };
	uint64_t old = 0;
	int err;

	if (n > INT_MAX)
		return EINVAL;
	if (fds == NULL && n > 0)
		return EFAULT;
	if (n > FEW && (c.files = calloc(n, sizeof(*c.files))) == NULL)
		return ENOMEM;
	if ((err = poller_get(&c.ep)) != 0)
		goto free_files;
	open_files(&c);
	if (mask != NULL)
		old = sig_mask_swap(*mask);
	err = poll_files(&c, deadline);
	/* With no time to wait, what *mask lets through still counts. */
	if (mask != NULL && err == 0 && c.ready == 0)
		err = sig_interrupt_always();
	if (mask != NULL)
		(void)sig_mask_swap(old);
	close_files(&c);
	poller_put(c.ep);
	*ready = c.ready;
free_files:
	if (c.files != few)
		free(c.files);
	sig_poll();
	return err;
}

int
poll_deadline(const struct timespec *ts, int64_t *deadline)
{
	*deadline = -1;
	if (ts == NULL)
		return 0;
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= 1000000000)
		return EINVAL;
	if (ts->tv_sec == 0 && ts->tv_nsec == 0)
		*deadline = 0;
	else if (ts->tv_sec < INT64_MAX / 1000000000)
		*deadline = clock_deadline(ts->tv_sec * INT64_C(1000000000) +
		    ts->tv_nsec);
	return 0;
}

int
poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int64_t deadline;
	int err, ready = 0;

	deadline = timeout == 0 ? 0 :
	    clock_deadline(timeout * INT64_C(1000000));
	err = poll_until(fds, n, deadline, NULL, &ready);
	return result(err, ready);
}

int
ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
    const sigset_t *mask)
{
	int64_t deadline;
	int err, ready = 0;

	if ((err = poll_deadline(timeout, &deadline)) == 0)
		err = poll_until(fds, n, deadline, mask, &ready);
	return result(err, ready);
}
