/*
 * Waiting.  A wait looks at the queued registrations, which starts requests
 * for those that are not ready, and then takes packets from the port.  It
 * blocks only when nothing was found.
 */
#include "poll/interest.h"

#include <errno.h>

#include "poll/alarm.h"
#include "poll/port.h"
#include "signal/wait.h"
#include "time/clock.h"

/* For a completion that is due: it is never waited for in full. */
#define REPLACE_NS INT64_C(1000000)
#define REPLACE_TRIES 100

/* What never ends once it holds. */
#define AFD_STAYS (AFD_FIN | AFD_RESET | AFD_REFUSED)

struct sink {
	struct epoll_event *ev;
	int max, n;
	uint64_t stamp;
};

/*
 * What was reported is not asked for again until it was seen to have ended;
 * about the rest a socket has to be asked again.  An edge is reported with all
 * that holds, as on Linux.
 */
static uint32_t
report_edge(struct reg *r)
{
	uint32_t mask = reg_mask(r), afd = r->reported & AFD_STAYS;

	if ((atomic_load(&r->dry) & EPOLLOUT) == 0)
		afd |= r->reported & AFD_OUT;
	afd = (afd_to_epoll(afd) | r->own_reported) & mask;
	r->reported |= r->found;
	r->own_reported = r->own;
	return afd;
}

static int
is_socket_edge(const struct reg *r)
{
	return (r->events & EPOLLET) != 0 && r->file->ops->afd != NULL;
}

/* Level-triggered registrations are looked at again by the next wait. */
static void
report(struct sink *s, struct reg *r, uint32_t events)
{
	if (is_socket_edge(r))
		events |= report_edge(r);
	if (r->stamp == s->stamp) {	/* never twice in one wait */
		s->ev[r->at].events |= events;
	} else {
		s->ev[s->n].events = events;
		s->ev[s->n].data.u64 = r->data;
		r->at = s->n++;
		r->stamp = s->stamp;
		r->ep->n.events++;
	}
	if (r->events & EPOLLONESHOT)
		r->events = r->watch.events = r->events & REG_FLAGS;
	else if ((r->events & EPOLLET) == 0 || is_socket_edge(r))
		reg_queue(r);
}

/* What is queued behind last came meanwhile, and is for the next wait. */
static void
look(struct epoll *ep, struct sink *s)
{
	struct reg *r, *last;
	uint32_t events;

	if ((last = ep_last(ep)) == NULL)
		return;
	while (s->n < s->max && (r = ep_pop(ep)) != NULL) {
		if (r->stamp == s->stamp)
			reg_queue(r);
		else if ((events = reg_check(r)) != 0)
			report(s, r, events);
		if (r == last)
			break;
	}
}

/*
 * While an instance is watched nest.c takes its completions; but a wait that
 * does not block must not depend on whether it had its turn yet.
 */
static int
has_packets(const struct epoll *ep)
{
	return ep->pending > 0;
}

static void
take(struct epoll *ep, struct sink *s, const struct packet *p, unsigned int n)
{
	struct reg *r;
	uint32_t events;
	unsigned int i;

	ep->n.waits++;
	ep->n.packets += n;
	for (i = 0; i < n; i++) {
		if (p[i].key == KEY_WAKE)
			ep_woken(ep);
		else if (p[i].key == KEY_ALARM)
			alarm_rang(ep, p[i].context);
		if (p[i].key != 0)
			continue;
		r = p[i].context;
		if ((events = reg_complete(r)) == 0)
			continue;
		if (s != NULL)
			report(s, r, events);
		else
			reg_queue(r);
	}
}

/* Take what is there without waiting. */
static void
gather(struct epoll *ep, struct sink *s)
{
	struct packet p[PORT_BATCH];
	unsigned int n = 0;

	if (port_wait(ep->afd_port, p, (unsigned int)(s->max - s->n), 0, 0,
	    &n) == 0)
		take(ep, s, p, n);
}

/*
 * A request that was cancelled to ask for more is over at once, but its packet
 * may come a moment later.  What it is to be asked can hold already, so a wait
 * that does not block waits for that.
 */
static void
gather_replaced(struct epoll *ep, struct sink *s)
{
	struct packet p[PORT_BATCH];
	unsigned int n;
	uintptr_t port;
	int i, err;

	if (ep->replaced == 0)
		return;
	for (i = 0; i < REPLACE_TRIES && ep->replaced > 0 && s->n < s->max;
	    i++) {
		port = ep->afd_port;
		unlock_write(&ep->lock);
		err = port_wait(port, p, (unsigned int)(s->max - s->n),
		    clock_deadline(REPLACE_NS), 0, &n);
		lock_write(&ep->lock);
		if (err == 0)
			take(ep, s, p, n);
	}
	/* Another thread may have taken it, and queued what it found. */
	look(ep, s);
}

/* Removed registrations whose socket lives on. */
static void
cancel_zombies(struct epoll *ep)
{
	struct reg *r;

	for (r = ep->zombies; r != NULL; r = r->hash_next)
		reg_cancel(r);
}

/*
 * The first part of a wait, without blocking.  A wait that was filled by what
 * was queued leaves packets behind, so the next one begins with those: no
 * number of busy registrations keeps the others from being seen.
 */
static void
find(struct epoll *ep, struct sink *s, int is_last)
{
	lock_write(&ep->lock);
	s->stamp = ++ep->stamp;
	cancel_zombies(ep);
	if (ep->crowded && has_packets(ep))
		gather(ep, s);
	look(ep, s);
	ep->crowded = s->n == s->max;
	if (s->n > 0 || is_last) {
		if (s->n < s->max && has_packets(ep))
			gather(ep, s);
		gather_replaced(ep, s);
	}
	unlock_write(&ep->lock);
}

/*
 * EAGAIN: there may be something now.  What is queued is looked at, however the
 * wait ended: other instances may have been spared for its sake.
 */
static int
block(struct epoll *ep, struct sink *s, int64_t deadline)
{
	struct packet p[PORT_BATCH];
	struct alarm *alarm;
	int64_t until = deadline;
	unsigned int n = 0;
	int err, is_queued = 0;

	sig_wait_begin();
	if (sig_deliverable()) {
		err = EINTR;
	} else if (!ep_block(ep)) {
		err = EAGAIN;
	} else {
		alarm = alarm_begin(ep, &until);
		err = port_wait(ep->port, p, (unsigned int)s->max, until, 1,
		    &n);
		alarm_end(ep, alarm);
		is_queued = ep_unblock(ep);
	}
	sig_wait_end();
	if (is_queued && (err == EINTR || err == ETIMEDOUT))
		return EAGAIN;
	if (err == EINTR)
		return sig_interrupt_always() == 0 ? EAGAIN : EINTR;
	if (err == ETIMEDOUT && until != deadline)
		return EAGAIN;
	if (err != 0)
		return err;
	lock_write(&ep->lock);
	take(ep, s, p, n);
	unlock_write(&ep->lock);
	return s->n > 0 ? 0 : EAGAIN;
}

int
ep_wait(struct epoll *ep, struct epoll_event *ev, int max, int64_t deadline,
    int *n)
{
	struct sink s = { .ev = ev, .max = max };
	int err = 0;

	do {
		find(ep, &s, deadline == 0);
		if (s.n > 0 || deadline == 0)
			err = 0;
		else
			err = block(ep, &s, deadline);
	} while (err == EAGAIN);

	/* Somebody else has to look at what is left. */
	ep_wake(ep);
	*n = s.n;
	return err == ETIMEDOUT ? 0 : err;
}

static void
ep_drain(struct epoll *ep)
{
	struct packet p[PORT_BATCH];
	unsigned int n;

	while (has_packets(ep) &&
	    port_wait(ep->afd_port, p, PORT_BATCH, 0, 0, &n) == 0)
		take(ep, NULL, p, n);
	ep_wake(ep);
}

/* For who watches the instance itself: is there something to report? */
int
ep_is_ready(struct epoll *ep)
{
	struct reg *r, *last;

	ep_drain(ep);
	if ((last = ep_last(ep)) == NULL)
		return 0;
	while ((r = ep_pop(ep)) != NULL) {
		if (reg_check(r) != 0) {
			reg_queue(r);
			return 1;
		}
		if (r == last)
			break;
	}
	return 0;
}
