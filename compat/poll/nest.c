/*
 * An epoll instance inside another, or in poll().
 *
 * Descriptions other than sockets tell their watches, and those pass it on to
 * the watches of the instance.  The completions of AFD requests only lie in
 * the instance's port, where nobody takes them while its program waits
 * elsewhere.  So the requests of an instance that is watched go to a second
 * port, and a thread takes them from there.
 */
#include "poll/interest.h"

#include <errno.h>
#include <stdlib.h>

#include "poll/nest.h"
#include "poll/port.h"
#include "time/clock.h"

#define KEY_STOP 2
#define NEST_MAX 5		/* instances on one path, as on Linux */
#define MOVE_NS INT64_C(10000000)

static struct lock nest_lock;

static void
nest_take(struct epoll *ep, const struct packet *p, unsigned int n)
{
	unsigned int i;

	lock_write(&ep->lock);
	for (i = 0; i < n; i++)
		if (p[i].key == KEY_WAKE)
			ep_woken(ep);
		else if (p[i].key == 0 && reg_complete(p[i].context) != 0)
			reg_queue(p[i].context);
	unlock_write(&ep->lock);
	ep_wake(ep);
	watch_notify(&ep->file, EPOLLIN);
}

static void
nest_main(void *arg)
{
	struct epoll *ep = arg;
	struct packet p[PORT_BATCH];
	unsigned int i, n;
	int stop = 0;

	while (!stop) {
		if (port_wait(ep->nest->port, p, PORT_BATCH, -1, 0, &n) != 0)
			continue;
		for (i = 0; i < n; i++)
			stop |= p[i].key == KEY_STOP;
		nest_take(ep, p, n);
	}
}

static int
nest_new(struct epoll *ep)
{
	struct nest *nest;
	int err;

	if ((nest = calloc(1, sizeof(*nest))) == NULL)
		return ENOMEM;
	if ((err = port_open(&nest->port)) != 0)
		goto free_nest;
	ep->nest = nest;
	if ((err = nest_thread(nest_main, ep, &nest->thread)) != 0)
		goto close_port;
	ep->afd_port = nest->port;
	ep->open_groups = NULL;
	return 0;

close_port:
	ep->nest = NULL;
	port_close(nest->port);
free_nest:
	free(nest);
	return err;
}

static unsigned int
cancel_chain(const struct epoll *ep, struct reg *r)
{
	unsigned int n = 0;

	for (; r != NULL; r = r->hash_next)
		if (r->pending && r->group->port == ep->port) {
			reg_cancel(r);
			n++;
		}
	return n;
}

/* Requests that would still complete at the first port. */
static unsigned int
cancel_old(struct epoll *ep)
{
	unsigned int i, n;

	n = cancel_chain(ep, ep->zombies);
	for (i = 0; i < ep->buckets; i++)
		n += cancel_chain(ep, ep->table[i]);
	return n;
}

/*
 * Another thread may be waiting on the first port and take some of these
 * completions: hence the limit of each wait.
 */
static void
move_requests(struct epoll *ep)
{
	struct packet p[PORT_BATCH];
	unsigned int n, left;

	for (;;) {
		lock_write(&ep->lock);
		left = cancel_old(ep);
		unlock_write(&ep->lock);
		if (left == 0)
			break;
		if (port_wait(ep->port, p, PORT_BATCH,
		    clock_deadline(MOVE_NS), 0, &n) == 0)
			nest_take(ep, p, n);
	}
}

int
ep_nest(struct epoll *ep)
{
	int err = 0, is_new;

	lock_write(&ep->lock);
	is_new = ep->nest == NULL;
	if (is_new)
		err = nest_new(ep);
	unlock_write(&ep->lock);
	if (err == 0 && is_new)
		move_requests(ep);
	return err;
}

/* The thread ends; what is still pending completes at its port. */
void
nest_stop(struct epoll *ep)
{
	if (ep->nest == NULL)
		return;
	(void)port_post(ep->nest->port, KEY_STOP, NULL);
	nest_join(ep->nest->thread);
}

void
nest_free(struct epoll *ep)
{
	if (ep->nest == NULL)
		return;
	port_close(ep->nest->port);
	free(ep->nest);
}

/* The longest path of instances below, ep included; counts no further than
 * it needs to.  *found: one of them is target. */
static int
depth_below(struct epoll *ep, const struct epoll *target, int *found)
{
	struct reg *r;
	unsigned int i;
	int depth, max = 0;

	if (ep == target) {
		*found = 1;
		return 1;
	}
	lock_write(&ep->lock);
	for (i = 0; i < ep->buckets; i++)
		for (r = ep->table[i]; r != NULL; r = r->hash_next) {
			if (r->file->kind != FILE_EPOLL)
				continue;
			depth = depth_below((struct epoll *)r->file, target,
			    found);
			max = depth > max ? depth : max;
		}
	unlock_write(&ep->lock);
	return max + 1;
}

/* The longest path above, ep included.  poll()'s own instances count too. */
static int
depth_above(struct epoll *ep)
{
	struct watch *w;
	int depth, max = 0;

	lock_write(&ep->file.watch_lock);
	for (w = ep->file.watches; w != NULL; w = w->next) {
		depth = depth_above(reg_of(w)->ep);
		max = depth > max ? depth : max;
	}
	unlock_write(&ep->file.watch_lock);
	return max + 1;
}

int
nest_enter(struct epoll *outer, struct epoll *inner)
{
	int below, circle = 0, err = 0;

	lock_write(&nest_lock);
	below = depth_below(inner, outer, &circle);
	if (circle || below + depth_above(outer) > NEST_MAX)
		err = ELOOP;
	else
		err = ep_nest(inner);
	if (err != 0)
		unlock_write(&nest_lock);
	return err;
}

void
nest_leave(void)
{
	unlock_write(&nest_lock);
}
