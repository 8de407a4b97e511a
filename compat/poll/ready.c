/*
 * Which registrations the next wait has to look at, and who has to be woken
 * to do so.  The lock here is the last in the order of README.md: it is taken
 * inside notifications, which come from anywhere.
 */
#include "poll/interest.h"

#include "poll/port.h"

_Static_assert(WATCH_ONE == EPOLLEXCLUSIVE, "WATCH_ONE is another flag");

void
reg_queue(struct reg *r)
{
	struct epoll *ep = r->ep;

	lock_write(&ep->ready_lock);
	if (!r->queued) {
		r->queued = 1;
		r->next = NULL;
		r->prev = ep->last;
		if (ep->last != NULL)
			ep->last->next = r;
		else
			ep->first = r;
		ep->last = r;
	}
	unlock_write(&ep->ready_lock);
}

static void
unlink_locked(struct epoll *ep, struct reg *r)
{
	if (r->prev != NULL)
		r->prev->next = r->next;
	else
		ep->first = r->next;
	if (r->next != NULL)
		r->next->prev = r->prev;
	else
		ep->last = r->prev;
	r->queued = 0;
}

int
reg_unqueue(struct reg *r)
{
	struct epoll *ep = r->ep;
	int was_queued;

	lock_write(&ep->ready_lock);
	if ((was_queued = r->queued) != 0)
		unlink_locked(ep, r);
	unlock_write(&ep->ready_lock);
	return was_queued;
}

struct reg *
ep_pop(struct epoll *ep)
{
	struct reg *r;

	lock_write(&ep->ready_lock);
	if ((r = ep->first) != NULL)
		unlink_locked(ep, r);
	unlock_write(&ep->ready_lock);
	return r;
}

struct reg *
ep_last(struct epoll *ep)
{
	struct reg *r;

	lock_write(&ep->ready_lock);
	r = ep->last;
	unlock_write(&ep->ready_lock);
	return r;
}

/*
 * Wake one waiting thread, if there is any and none is being woken: however
 * many registrations become ready meanwhile, one packet is enough, because who
 * takes it looks at all of them, and wakes the next one for what it leaves.
 */
int
ep_wake(struct epoll *ep)
{
	int posted;

	lock_write(&ep->ready_lock);
	posted = ep->waiters > 0 && !ep->woken && ep->first != NULL &&
	    port_post(ep->port, KEY_WAKE, NULL) == 0;
	if (posted) {
		ep->woken = 1;
		ep->n.posts++;
	}
	unlock_write(&ep->ready_lock);
	return posted;
}

int
ep_has_waiters(struct epoll *ep)
{
	int yes;

	lock_write(&ep->ready_lock);
	yes = ep->waiters > 0;
	unlock_write(&ep->ready_lock);
	return yes;
}

/* About to block: 0 when there is something to look at instead. */
int
ep_block(struct epoll *ep)
{
	int block;

	lock_write(&ep->ready_lock);
	block = ep->first == NULL;
	ep->waiters += block;
	unlock_write(&ep->ready_lock);
	return block;
}

int
ep_unblock(struct epoll *ep)
{
	int is_queued;

	lock_write(&ep->ready_lock);
	ep->waiters--;
	is_queued = ep->first != NULL;
	unlock_write(&ep->ready_lock);
	return is_queued;
}

/* The wake-up was taken; who took it looks at the queue next. */
void
ep_woken(struct epoll *ep)
{
	lock_write(&ep->ready_lock);
	ep->woken = 0;
	unlock_write(&ep->ready_lock);
}

static int
reg_ready(struct reg *r)
{
	int woke;

	reg_queue(r);
	woke = ep_wake(r->ep);
	watch_notify(&r->ep->file, EPOLLIN);
	return woke;
}

/*
 * EPOLLEXCLUSIVE: who is spared finds it in the queue when he comes the next
 * time.  Only a thread that sleeps and is woken for this counts, one that has
 * been woken already does not: it may take something else.
 */
int
reg_notify(struct watch *w, uint32_t events, int taken)
{
	int one = (w->events & events & WATCH_ONE) != 0;

	if ((w->events & events & ~WATCH_ONE) == 0)
		return 0;
	if (!one || !taken)
		return reg_ready(reg_of(w)) && one;
	reg_queue(reg_of(w));
	return 0;
}

/*
 * Under EPOLLET what was reported is not asked for again until the program
 * has seen the end of it.
 */
void
reg_used(struct watch *w, uint32_t events, int dry)
{
	struct reg *r = reg_of(w);

	atomic_fetch_or(&r->used, events);
	if (!dry || (w->events & EPOLLET) == 0)
		return;
	if ((events & ~atomic_fetch_or(&r->dry, events)) != 0)
		(void)reg_ready(r);
}
