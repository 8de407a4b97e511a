/* The life of a channel, in the I/O thread. */
#include "private.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Make a channel and give it a number.  A poster calls this, too.  Memory
 * for the word of its end is taken now: it must be told whatever happens.
 */
int
rx_channel_new(struct reactor_group *g, enum rx_state state,
    struct rx_channel **chp)
{
	struct reactor_engine *e = g->engine;
	struct rx_channel *ch;
	int status = REACTOR_ALLOCATION_FAILED;

	if ((ch = calloc(1, sizeof(*ch))) == NULL)
		return status;
	ch->engine = e;
	ch->group = g;
	ch->fd = -1;
	rx_link_init(&ch->in_group);
	rx_link_init(&ch->in_dirty);
	rx_link_init(&ch->in_paused);
	rx_link_init(&ch->in_timer);
	if (state != RX_ACCEPTED) {
		if ((ch->setup = calloc(1, sizeof(*ch->setup))) == NULL)
			goto free_channel;
		if ((status = rx_channel_told(ch)) != 0)
			goto free_channel;
	}
	if ((status = rx_table_alloc(&e->table, g->id, state, ch)) != 0)
		goto put_notice;
	*chp = ch;
	return 0;

put_notice:
	reactor_message_put(&ch->notice);
free_channel:
	rx_channel_free(ch);
	return status;
}

void
rx_channel_free(struct rx_channel *ch)
{
	rx_link_remove(&ch->in_dirty);
	free(ch->setup);
	free(ch->stash);
	free(ch);
}

/* The program is about to learn of the channel. */
int
rx_channel_told(struct rx_channel *ch)
{
	int status = rx_pool_get_notice(ch->engine, &ch->notice);

	ch->told = status == 0;
	return status;
}

void
rx_channel_dirty(struct rx_channel *ch)
{
	if (rx_link_alone(&ch->in_dirty))
		rx_link_append(&ch->engine->dirty, &ch->in_dirty);
}

/*
 * What the channel's state wants of the poller.  While reading is paused
 * only the hang-up is asked for, and once seen nothing: it stays true.
 */
static uint32_t
wanted(const struct rx_channel *ch)
{
	uint32_t want;

	if (ch->fd == -1)
		return 0;
	if (ch->stage == RX_STAGE_LISTENING)
		return ch->paused ? 0 : EPOLLIN;
	if (ch->stage == RX_STAGE_CONNECTING)
		return EPOLLOUT;
	if (ch->paused)
		want = ch->hangup ? 0 : EPOLLRDHUP;
	else
		want = EPOLLIN | EPOLLRDHUP;
	if (ch->blocked && !ch->broken)
		want |= EPOLLOUT;
	return want;
}

/*
 * Tell the poller what changed.  Without any interest the descriptor leaves
 * it: errors and hang-ups cannot be masked.
 */
void
rx_channel_interest(struct rx_channel *ch)
{
	struct epoll_event ev;
	uint32_t want = wanted(ch);
	int op;

	if (want == ch->events)
		return;
	memset(&ev, 0, sizeof(ev));
	ev.events = want;
	ev.data.ptr = ch;
	op = want == 0 ? EPOLL_CTL_DEL : ch->events == 0 ? EPOLL_CTL_ADD :
	    EPOLL_CTL_MOD;
	ch->events = want;
	if (epoll_ctl(ch->engine->epoll, op, ch->fd, &ev) != 0) {
		ch->events = 0;
		rx_channel_close(ch, REACTOR_COMMUNICATION_FAILED, errno);
	}
}

/* m was not sent, or not answered: the program gets it back. */
void
rx_channel_return(struct reactor_message *m, int status, int err)
{
	struct reactor_header *h = &m->header;

	rx_channel_unqueue(m);
	h->flags = (uint8_t)((h->flags & REACTOR_MORE) | REACTOR_ENGINE);
	h->status = (uint8_t)status;
	if (h->opcode == REACTOR_HELLO_REQUEST ||
	    h->opcode == REACTOR_WELCOME_REQUEST) {
		h->opcode++;	/* its own answer */
		rx_text_reason(m, status, err);
	}
	rx_group_deliver(m->group, m);
}

static void
return_list(struct rx_fifo *f, int status, int err)
{
	struct rx_node *n;

	while ((n = rx_fifo_pop(f)) != NULL)
		rx_channel_return((struct reactor_message *)n, status, err);
}

/* Give back whatever was not sent, in the order in which it would have been. */
void
rx_channel_fail_sends(struct rx_channel *ch, int status, int err)
{
	struct reactor_message *m = ch->out;

	ch->out = NULL;
	if (m != NULL)
		rx_channel_return(m, status, err);
	return_list(&ch->urgent, status, err);
	return_list(&ch->normal, status, err);
}

/* The last thing the program hears of the channel; the number goes with it. */
static void
tell_closed(struct rx_channel *ch)
{
	struct reactor_message *m = ch->notice;

	if (!ch->told) {
		rx_table_unref(&ch->engine->table, ch->number);
		return;
	}
	ch->notice = NULL;
	m->header.opcode = REACTOR_SIGNAL;
	m->header.flags = REACTOR_ENGINE;
	m->header.status = REACTOR_CHANNEL_CLOSED;
	m->header.channel = ch->number;
	m->header.id = ch->hello_id;
	m->slot = ch->number;
	rx_text_reason(m, ch->end_reason, ch->end_err);
	rx_group_deliver(ch->group, m);
}

static void
forget_reading(struct rx_channel *ch)
{
	rx_link_remove(&ch->in_paused);
	atomic_store(&ch->engine->table.slots[ch->number].hungry, false);
	if (ch->in != NULL && ch->client && !ch->answered) {
		/* The Hello's own message: it failed after all. */
		reactor_message_clear(ch->in);
		ch->in->header.opcode = REACTOR_HELLO_REQUEST;
		ch->in->header.id = ch->hello_id;
		ch->in->header.channel = ch->number;
		ch->hello = ch->in;
	} else if (ch->in != NULL)
		rx_pool_io_put(ch->engine, ch->in);
	ch->in = NULL;
}

/*
 * The end, whatever it was; status and err go to the program as the reason.
 * rx_channel_end() tells it.  The memory stays until the turn is over: the
 * poller may still name it.
 */
void
rx_channel_close(struct rx_channel *ch, int status, int err)
{
	struct reactor_message *m;

	if (ch->stage == RX_STAGE_DEAD)
		return;
	rx_timer_cancel(ch);
	if (ch->stage == RX_STAGE_LISTENING)
		rx_listen_close(ch);
	ch->stage = RX_STAGE_DEAD;
	if (ch->events != 0)
		(void)epoll_ctl(ch->engine->epoll, EPOLL_CTL_DEL, ch->fd,
		    &(struct epoll_event){ .events = 0 });
	ch->events = 0;
	if (ch->fd != -1)
		(void)close(ch->fd);
	ch->fd = -1;
	rx_table_state(&ch->engine->table, ch->number, RX_ANY, RX_CLOSED);
	forget_reading(ch);
	m = ch->hello;
	ch->hello = NULL;
	if (m != NULL)
		rx_channel_return(m, status, err);
	rx_channel_fail_sends(ch, status, err);
	ch->end_reason = status;
	ch->end_err = err;
	ch->end_status = status == REACTOR_SUCCESS ? REACTOR_CHANNEL_CLOSED :
	    status;
	if (ch->group->dropping)
		rx_channel_finish(ch);
	else
		rx_link_append(&ch->engine->ending, &ch->in_paused);
}

/* Say so, and let go of the number. */
void
rx_channel_finish(struct rx_channel *ch)
{
	ch->engine->table.slots[ch->number].channel = NULL;
	tell_closed(ch);
	rx_link_remove(&ch->in_group);
	rx_link_remove(&ch->in_paused);
	rx_link_append(&ch->engine->graveyard, &ch->in_dirty);
}

/*
 * Tell the end of the channels that were closed in this turn.  Posts that
 * were accepted before may still be on their way here; they must come back
 * before channel_closed does, and are counted in the slot.
 */
void
rx_channel_end(struct reactor_engine *e)
{
	struct rx_link ring;
	struct rx_channel *ch;

	if (rx_link_alone(&e->ending))
		return;
	rx_link_init(&ring);
	rx_link_append(&e->ending, &ring);
	rx_link_remove(&e->ending);
	while (!rx_link_alone(&ring)) {
		ch = RX_OWNER(ring.next, struct rx_channel, in_paused);
		if (RX_QUEUED_MESSAGES(atomic_load(
		    &e->table.slots[ch->number].queued)) > 0)
			rx_link_append(&e->ending, &ch->in_paused);
		else
			rx_channel_finish(ch);
	}
}

void
rx_channel_event(struct rx_channel *ch, uint32_t events)
{
	const uint32_t input = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;

	switch (ch->stage) {
	case RX_STAGE_LISTENING:
		rx_listen_ready(ch);
		return;
	case RX_STAGE_CONNECTING:
		rx_connect_ready(ch);
		return;
	case RX_STAGE_STREAM:
	case RX_STAGE_DRAINING:
		break;
	default:
		return;
	}
	if ((events & input) != 0) {
		if (ch->paused) {
			ch->hangup = true;
			rx_channel_interest(ch);
		} else
			rx_receive(ch);
	}
	if ((events & EPOLLOUT) != 0 && ch->stage == RX_STAGE_STREAM) {
		ch->blocked = false;
		rx_channel_dirty(ch);
	}
}

void
rx_channel_timeout(struct rx_channel *ch)
{
	switch (ch->stage) {
	case RX_STAGE_LISTENING:
		ch->paused = false;
		rx_channel_interest(ch);
		break;
	case RX_STAGE_RETRYING:
		if (ch->engine->now < ch->setup->deadline)
			rx_connect_next(ch);
		else
			rx_channel_close(ch, REACTOR_TIMEOUT, EAGAIN);
		break;
	case RX_STAGE_DRAINING:
		/* Everything was said; the peer only forgot to hang up. */
		rx_channel_close(ch, REACTOR_SUCCESS, 0);
		break;
	default:
		rx_channel_close(ch, REACTOR_TIMEOUT, 0);
	}
}
