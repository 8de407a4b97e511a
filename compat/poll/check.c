/*
 * Does what a registration waits for hold?  The kind's own poll knows at once;
 * about a socket AFD is asked, which answers at once or later, by a packet.
 */
#include "poll/interest.h"

#include <errno.h>

/* How often AFD may tell of what does not count, one after the other. */
#define TRIES 16

/* What may be reported; 0 while EPOLLONESHOT has disarmed it, or poll() is
 * not interested this time. */
uint32_t
reg_mask(const struct reg *r)
{
	return r->round == r->ep->round ? r->events & ~REG_FLAGS : 0;
}

/* What the kind itself knows.  Of a socket that is what AFD does not know. */
static uint32_t
own_events(const struct reg *r)
{
	const struct file_ops *ops = r->file->ops;

	return ops->poll != NULL ? ops->poll(r->file) : 0;
}

static uint32_t
to_epoll(uint32_t afd, uint32_t own)
{
	uint32_t events = afd_to_epoll(afd);

	if ((afd & AFD_FIN) != 0 && (own & WATCH_END_HUPS) != 0)
		events |= EPOLLHUP;
	return events;
}

static uint32_t
reg_asks(struct reg *r, uint32_t mask, uint32_t own)
{
	uint32_t dry, asks = afd_from_epoll(mask & ~own);

	if ((own & WATCH_END_HUPS) != 0)
		asks |= AFD_FIN;
	if ((r->events & EPOLLET) == 0)
		return asks;
	dry = atomic_exchange(&r->dry, 0);
	if (dry & EPOLLIN)
		r->reported &= ~(AFD_IN | AFD_ACCEPT | AFD_PRI);
	if (dry & EPOLLOUT)
		r->reported &= ~AFD_OUT;
	return asks & ~r->reported;
}

/* The kind may have another opinion of what counts. */
static uint32_t
result_of(const struct reg *r)
{
	const struct file_ops *ops = r->file->ops;
	uint32_t afd = afd_result(&r->op);

	return ops->found != NULL ? ops->found(r->file, afd) : afd;
}

void
reg_cancel(struct reg *r)
{
	if (!r->pending || r->cancelled)
		return;
	r->cancelled = 1;
	if (!r->dead)
		r->ep->replaced++;
	if (afd_is_done(&r->op))
		return;
	afd_cancel(&r->op);
	r->ep->n.cancels++;
}

static int
reg_start(struct reg *r, uint32_t asks)
{
	uintptr_t sock;
	int err;

	atomic_store(&r->used, 0);
	r->found = 0;
	if ((err = r->file->ops->afd(r->file, &sock)) != 0 ||
	    (err = group_join(r)) != 0)
		return err;
	err = afd_start(&r->op, r->group->via, sock, asks, 0, r);
	r->ep->n.polls++;
	if (err == 0 && r->group->skips) {
		r->ep->n.inline_polls++;
		return 0;
	}
	if (err != 0 && err != EINPROGRESS)
		return err;
	r->pending = 1;
	r->cancelled = r->peeked = 0;
	r->op_generation = r->generation;
	r->ep->pending++;
	return EINPROGRESS;
}

/* Asking again would end the same way, so somebody has to be told. */
static uint32_t
failed(int err, uint32_t mask)
{
	if (err == EBADF || err == ENOTSOCK)
		return 0;	/* closed behind our back */
	return EPOLLERR & mask;
}

/*
 * A request whose packet was not taken yet.  When it is complete its result is
 * reported together with what is found otherwise, and the packet then means no
 * more than that it is time to ask again.
 */
static uint32_t
peek(struct reg *r, uint32_t mask, uint32_t own)
{
	uint32_t events;

	if (r->cancelled || r->peeked || !afd_is_done(&r->op) ||
	    afd_error(&r->op) != 0)
		return 0;
	r->found = result_of(r);
	events = to_epoll(r->found, own) & mask;
	if ((atomic_load(&r->used) & events) != 0)
		return 0;
	r->peeked = events != 0;
	return events;
}

/*
 * An older request is left alone when it covers what is asked now: what it
 * finds besides is not reported.
 */
static uint32_t
check_socket(struct reg *r, uint32_t mask, uint32_t own)
{
	uint32_t asks = reg_asks(r, mask, own);
	int err, tries = 0;

	if (r->pending) {
		if ((asks & ~r->op.asked) == 0)
			return peek(r, mask, own);
		reg_cancel(r);
		return 0;
	}
	/* What does not count is gone from AFD now; but never trust it to. */
	do {
		err = reg_start(r, asks);
		if (err == EINPROGRESS)
			return 0;
		if (err != 0)
			return failed(err, mask);
		r->found = tries < TRIES ? result_of(r) : afd_result(&r->op);
	} while (r->found == 0 && afd_result(&r->op) != 0 && tries++ < TRIES);
	return to_epoll(r->found, own) & mask;
}

/* Look now; 0 means that something will queue the registration again. */
uint32_t
reg_check(struct reg *r)
{
	uint32_t mask = reg_mask(r), own, events;

	if (mask == 0)
		return 0;
	own = own_events(r);
	if (r->file->ops->afd == NULL)
		return own & mask;
	r->own = own;
	events = check_socket(r, mask, own);
	/* The rest of the answer is due: all of it is reported at once. */
	if (r->pending && r->cancelled)
		return 0;
	return events | (own & mask & ~r->own_reported);
}

/*
 * New or changed.  If nobody waits the next wait will look, after the program
 * has made up its mind.  If somebody does, start at once, and wake him only
 * when there is something to report.
 */
void
reg_arm(struct reg *r)
{
	if (!ep_has_waiters(r->ep) || reg_check(r) != 0)
		reg_queue(r);
}

/*
 * The request of r is complete.  It may have found what the program has taken
 * since: then ask again rather than report it.  The same when it was cancelled
 * to be replaced by one that asks for more, even if it was faster: its result
 * says nothing about the rest.
 */
uint32_t
reg_complete(struct reg *r)
{
	uint32_t events, own;
	int err;

	r->pending = 0;
	r->ep->pending--;
	r->ep->replaced -= r->cancelled && !r->dead;
	if (r->dead) {
		reg_bury(r);
		return 0;
	}
	if (r->op_generation != r->generation)
		return 0;
	if ((err = afd_error(&r->op)) != 0)
		return failed(err, reg_mask(r));
	r->found = result_of(r);
	own = own_events(r);
	events = to_epoll(r->found, own) & reg_mask(r);
	if (events == 0 || r->cancelled || r->peeked ||
	    (atomic_load(&r->used) & events) != 0)
		return reg_check(r);
	r->own = own;
	return events | (own & reg_mask(r) & ~r->own_reported);
}
