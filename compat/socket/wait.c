#include "socket/sock.h"

#include <sys/epoll.h>

#include <errno.h>

#include "poll/afd.h"
#include "signal/wait.h"
#include "socket/event_nt.h"

/* A thread that waits for a socket; on its stack. */
struct sock_waiter {
	struct sock_waiter *next;
	uintptr_t event;
	uint32_t events;
	size_t known;		/* bytes read ahead, for EPOLLIN */
};

/* One event is kept with the socket: most have one thread that waits. */
static int
event_take(struct socket *s, uintptr_t *event)
{
	*event = atomic_exchange(&s->spare_event, 0);
	return *event != 0 ? 0 : event_new(0, event);
}

static void
event_give(struct socket *s, uintptr_t event)
{
	uintptr_t none = 0;

	if (!atomic_compare_exchange_strong(&s->spare_event, &none, event))
		event_free(event);
}

static void
waiter_add(struct socket *s, struct sock_waiter *w)
{
	lock_write(&s->lock);
	w->next = s->waiters;
	s->waiters = w;
	unlock_write(&s->lock);
}

static void
waiter_remove(struct socket *s, struct sock_waiter *w)
{
	struct sock_waiter **p;

	lock_write(&s->lock);
	for (p = &s->waiters; *p != w; p = &(*p)->next)
		;
	*p = w->next;
	unlock_write(&s->lock);
}

static int
was_shut(struct socket *s, uint32_t events)
{
	int shut = atomic_load(&s->shut);

	return ((events & EPOLLIN) != 0 && (shut & SOCK_SHUT_RD) != 0) ||
	    ((events & EPOLLOUT) != 0 && (shut & SOCK_SHUT_WR) != 0);
}

void
sock_rouse(struct socket *s, uint32_t events)
{
	struct sock_waiter *w;

	lock_write(&s->lock);
	for (w = s->waiters; w != NULL; w = w->next)
		if ((w->events & events) != 0)
			event_set(w->event);
	unlock_write(&s->lock);
}

void
sock_wake(struct socket *s)
{
	struct sock_waiter *w;

	lock_write(&s->lock);
	for (w = s->waiters; w != NULL; w = w->next)
		if (was_shut(s, w->events))
			event_set(w->event);
	unlock_write(&s->lock);
	if (s->ops->wake != NULL)
		s->ops->wake(s);
}

void
sock_unheld(struct file *f)
{
	struct socket *s = (struct socket *)f;

	sock_rouse(s, UINT32_MAX);
	if (s->ops->rouse != NULL)
		s->ops->rouse(s);
}

/* What AFD knows nothing of. */
static int
has_changed(struct socket *s, const struct sock_waiter *w)
{
	return was_shut(s, w->events) || !file_is_held(&s->file) ||
	    ((w->events & EPOLLIN) != 0 && ahead_count(s) != w->known);
}

/*
 * The request is in the kernel's hands until it is complete, so after a signal
 * or a timeout it is cancelled and collected; if it completed after all, that
 * wins.
 */
static int
wait_request(struct socket *s, struct sock_waiter *w, int64_t deadline)
{
	struct afd_op op;
	int err;

	err = afd_start(&op, 0, s->base, afd_from_epoll(w->events), w->event,
	    NULL);
	if (err != EINPROGRESS)
		return err;
	/* Starting a request resets its event, so look at these now. */
	err = has_changed(s, w) ? 0 : sig_wait(w->event, deadline);
	if (!afd_is_done(&op)) {
		afd_cancel(&op);
		while (!afd_is_done(&op))
			event_wait(w->event);
	}
	if (afd_result(&op) != 0)
		return 0;
	if (err == 0 && !file_is_held(&s->file))
		return EBADF;
	return err != 0 ? err : afd_error(&op);
}

static int
block(struct socket *s, struct sock_waiter *w, int64_t deadline, int ends)
{
	int err;

	if ((err = event_take(s, &w->event)) != 0)
		return err;
	waiter_add(s, w);
	err = wait_request(s, w, deadline);
	waiter_remove(s, w);
	event_give(s, w->event);
	return sig_waited(err, ends);
}

int
sock_block(struct socket *s, uint32_t events, int64_t deadline, int ends)
{
	struct sock_waiter w = { .events = events };

	return block(s, &w, deadline, ends);
}

int
sock_block_ahead(struct socket *s, size_t known, int64_t deadline, int ends)
{
	struct sock_waiter w = { .events = EPOLLIN, .known = known };

	return block(s, &w, deadline, ends);
}

int
sock_await(struct socket *s, uintptr_t event, int64_t deadline, int ends)
{
	if (!file_is_held(&s->file))
		return EBADF;
	return sig_waited(sig_wait(event, deadline), ends);
}

int
sock_ready(struct socket *s, uint32_t events)
{
	struct afd_op op;
	uintptr_t event;
	int done, err;

	if (event_take(s, &event) != 0)
		return 0;
	err = afd_start(&op, 0, s->base, afd_from_epoll(events), event, NULL);
	done = err == 0;
	if (err == EINPROGRESS) {
		afd_cancel(&op);
		while (!afd_is_done(&op))
			event_wait(event);
		done = afd_result(&op) != 0;
	}
	event_give(s, event);
	return done;
}
