/*
 * Deadlines.  All deadlines of one kind are equally far away, so each kind
 * is a list in order of time, and setting or cancelling one is O(1).  A
 * channel has at most one at a time.
 */
#include "private.h"

static int64_t
length(const struct reactor_engine *e, enum rx_timer kind)
{
	switch (kind) {
	case RX_TIMER_CONNECT:
		return e->options.connect_timeout;
	case RX_TIMER_HANDSHAKE:
		return e->options.handshake_timeout;
	case RX_TIMER_BYE:
		return e->options.bye_timeout;
	default:
		return RX_RETRY;
	}
}

void
rx_timer_set(struct rx_channel *ch, enum rx_timer kind)
{
	ch->deadline = ch->engine->now + length(ch->engine, kind);
	rx_link_append(&ch->engine->timers[kind], &ch->in_timer);
}

void
rx_timer_cancel(struct rx_channel *ch)
{
	rx_link_remove(&ch->in_timer);
}

static struct rx_channel *
first(struct rx_link *list)
{
	return rx_link_alone(list) ? NULL :
	    RX_OWNER(list->next, struct rx_channel, in_timer);
}

void
rx_timer_run(struct reactor_engine *e)
{
	struct rx_channel *ch;
	int i;

	for (i = 0; i < RX_TIMERS; i++) {
		while ((ch = first(&e->timers[i])) != NULL &&
		    ch->deadline <= e->now) {
			rx_link_remove(&ch->in_timer);
			rx_channel_timeout(ch);
		}
	}
}

/* Milliseconds to the next deadline, rounded up; -1: none. */
int
rx_timer_wait(struct reactor_engine *e)
{
	struct rx_channel *ch;
	int64_t next = INT64_MAX, ms;
	int i;

	for (i = 0; i < RX_TIMERS; i++) {
		ch = first(&e->timers[i]);
		if (ch != NULL && ch->deadline < next)
			next = ch->deadline;
	}
	if (next == INT64_MAX)
		return -1;
	if (next <= e->now)
		return 0;
	ms = (next - e->now + 999999) / 1000000;
	return ms > 60000 ? 60000 : (int)ms;
}
