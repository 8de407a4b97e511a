/* Instances and their registrations. */
#include "poll/interest.h"

#include <errno.h>
#include <stdlib.h>

#include "poll/alarm.h"
#include "poll/detach.h"
#include "poll/port.h"
#include "time/clock.h"

#define BUCKETS_MIN 16

/* How long a cancelled request may take before its instance is given up. */
#define DRAIN_NS INT64_C(2000000000)

int
ep_new(struct epoll **epp)
{
	struct epoll *ep;
	int err = ENOMEM;

	if ((ep = calloc(1, sizeof(*ep))) == NULL)
		return ENOMEM;
	if ((ep->table = calloc(BUCKETS_MIN, sizeof(struct reg *))) == NULL)
		goto free_ep;
	ep->buckets = BUCKETS_MIN;
	if ((err = port_open(&ep->port)) != 0)
		goto free_table;
	ep->afd_port = ep->port;
	*epp = ep;
	return 0;

free_table:
	free(ep->table);
free_ep:
	free(ep);
	return err;
}

/*
 * Collect what the kernel still has.  A request that does not come back for
 * seconds stays where it is, in the pool's memory, for ever.
 */
static void
drain_requests(struct epoll *ep)
{
	int64_t deadline = clock_deadline(DRAIN_NS);
	struct packet p[PORT_BATCH];
	struct reg *r;
	unsigned int i, n;

	for (r = ep->zombies; r != NULL; r = r->hash_next)
		reg_cancel(r);
	while (ep->pending > 0) {
		if (port_wait(ep->afd_port, p, PORT_BATCH, deadline, 0, &n) !=
		    0)
			break;
		for (i = 0; i < n; i++)
			if (p[i].key == 0)
				(void)reg_complete(p[i].context);
	}
}

static void
remove_all(struct epoll *ep)
{
	unsigned int i;

	lock_write(&detach_lock);
	lock_write(&ep->lock);
	for (i = 0; i < ep->buckets; i++)
		while (ep->table[i] != NULL)
			reg_remove(ep->table[i]);
	unlock_write(&ep->lock);
	unlock_write(&detach_lock);
}

void
ep_free(struct epoll *ep)
{
	remove_all(ep);
	nest_stop(ep);
	drain_requests(ep);
	group_close_all(ep);
	alarms_free(ep);
	port_close(ep->port);
	nest_free(ep);
	free(ep->table);
	free(ep);
}

static struct reg **
bucket_of(struct epoll *ep, int fd)
{
	return &ep->table[(unsigned int)fd & (ep->buckets - 1)];
}

struct reg *
reg_find(struct epoll *ep, int fd, struct file *f)
{
	struct reg *r;

	for (r = *bucket_of(ep, fd); r != NULL; r = r->hash_next)
		if (r->fd == fd && r->file == f)
			break;
	return r;
}

/* Without memory the chains only get longer. */
static void
table_grow(struct epoll *ep)
{
	struct reg **old = ep->table, **table, **bucket, *r;
	unsigned int i, n = ep->buckets;

	if ((table = calloc(n * (size_t)2, sizeof(struct reg *))) == NULL)
		return;
	ep->table = table;
	ep->buckets = n * 2;
	for (i = 0; i < n; i++)
		while ((r = old[i]) != NULL) {
			old[i] = r->hash_next;
			bucket = bucket_of(ep, r->fd);
			r->hash_next = *bucket;
			*bucket = r;
		}
	free(old);
}

/*
 * The description is about to be freed.  Its last handle goes with it, which
 * ends a pending request, so that nothing has to be cancelled.
 */
static void
reg_detach(struct watch *w)
{
	struct reg *r = reg_of(w);
	struct epoll *ep = r->ep;

	lock_write(&ep->lock);
	r->events = 0;		/* nobody has to be told */
	reg_remove(r);
	unlock_write(&ep->lock);
}

int
reg_add(struct epoll *ep, int fd, struct file *f, uint32_t events,
    uint64_t data, struct reg **rp)
{
	struct reg *r, **bucket;
	int err;

	if ((r = reg_alloc()) == NULL)
		return ENOMEM;
	r->ep = ep;
	/* Here it can be told; a wait could only report EPOLLERR. */
	if (f->ops->afd != NULL && (err = group_join(r)) != 0) {
		reg_free(r);
		return err;
	}
	if (ep->count >= ep->buckets)
		table_grow(ep);
	r->fd = fd;
	r->file = f;
	r->events = r->watch.events = events;
	r->data = data;
	r->watch.notify = reg_notify;
	r->watch.used = reg_used;
	r->watch.detach = reg_detach;
	bucket = bucket_of(ep, fd);
	r->hash_next = *bucket;
	*bucket = r;
	ep->count++;
	watch_add(f, &r->watch);
	*rp = r;
	return 0;
}

void
reg_change(struct reg *r, uint32_t events, uint64_t data)
{
	r->events = r->watch.events = events;
	r->data = data;
	r->reported = r->own_reported = 0;
}

static void
unhash(struct epoll *ep, struct reg *r)
{
	struct reg **link = bucket_of(ep, r->fd);

	while (*link != r)
		link = &(*link)->hash_next;
	*link = r->hash_next;
	ep->count--;
}

/*
 * With a request pending, the object waits for its completion.  Nothing is
 * cancelled yet: often the socket is closed next, and that ends it.
 */
static void
take_out(struct reg *r)
{
	struct epoll *ep = r->ep;

	unhash(ep, r);
	r->file = NULL;
	if (!r->pending) {
		group_leave(r);
		reg_free(r);
		return;
	}
	ep->replaced -= r->cancelled;
	r->dead = 1;
	r->hash_next = ep->zombies;
	ep->zombies = r;
}

/* What nobody looked at yet, others may have been spared for. */
void
reg_remove(struct reg *r)
{
	struct file *f = r->file;
	uint32_t events = r->events;

	watch_remove(f, &r->watch);
	if (reg_unqueue(r) && (events & EPOLLEXCLUSIVE) != 0)
		watch_notify(f, events & ~WATCH_ONE);
	take_out(r);
}

void
reg_bury(struct reg *r)
{
	struct reg **link = &r->ep->zombies;

	while (*link != r)
		link = &(*link)->hash_next;
	*link = r->hash_next;
	group_leave(r);
	reg_free(r);
}
