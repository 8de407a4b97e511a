/*
 * Sending: as many messages as there are, up to RX_SEND_BATCH, leave in one
 * call.  What is out-of-band goes before the rest, but never into the middle
 * of a frame.
 */
#include "private.h"

#include <errno.h>
#include <string.h>

bool
rx_send_pending(const struct rx_channel *ch)
{
	return ch->out != NULL || ch->urgent.first != NULL ||
	    ch->normal.first != NULL;
}

void
rx_send_queue(struct rx_channel *ch, struct reactor_message *m)
{
	switch (m->header.opcode) {
	case REACTOR_HELLO_RESPONSE:
		/* Data posted by another thread may have come first. */
		ch->answered = true;
		rx_fifo_prepend(&ch->normal, &m->node);
		break;
	case REACTOR_BYE_REQUEST:
	case REACTOR_BYE_RESPONSE:
		ch->bye_posted = true;
		rx_timer_set(ch, RX_TIMER_BYE);
		rx_fifo_append(&ch->normal, &m->node);
		break;
	default:
		rx_fifo_append((m->header.flags & REACTOR_OOB) != 0 ?
		    &ch->urgent : &ch->normal, &m->node);
	}
	rx_channel_dirty(ch);
}

struct batch {
	struct iovec iov[2 * RX_SEND_BATCH + 2];
	int count;
	int messages;
	size_t bytes;
};

static void
add(struct batch *b, struct reactor_message *m, size_t done)
{
	struct iovec *iov = &b->iov[b->count];
	int i, n = rx_message_iov(m, iov);

	for (i = 0; i < n; i++) {
		size_t skip = done < iov[i].iov_len ? done : iov[i].iov_len;

		done -= skip;
		if (skip == iov[i].iov_len)
			continue;
		b->iov[b->count].iov_base = (char *)iov[i].iov_base + skip;
		b->iov[b->count].iov_len = iov[i].iov_len - skip;
		b->bytes += b->iov[b->count].iov_len;
		b->count++;
	}
	b->messages++;
}

static void
add_list(struct batch *b, struct rx_node *n)
{
	for (; n != NULL && b->messages < RX_SEND_BATCH &&
	    b->bytes < RX_SEND_BYTES; n = n->next)
		add(b, (struct reactor_message *)n, 0);
}

/* The message that is next on the wire; it leaves its list. */
static struct reactor_message *
next_out(struct rx_channel *ch)
{
	struct reactor_message *m = ch->out;

	if (m == NULL) {
		m = (struct reactor_message *)rx_fifo_pop(
		    ch->urgent.first != NULL ? &ch->urgent : &ch->normal);
		ch->out_done = 0;
	}
	ch->out = NULL;
	return m;
}

/* n bytes went out, in the order in which they were gathered. */
static void
consume(struct rx_channel *ch, size_t n)
{
	struct reactor_message *m;
	size_t rest;

	rx_count(&ch->engine->count.bytes_sent, n);
	while (n > 0) {
		m = next_out(ch);
		rest = rx_message_frame_len(m) - ch->out_done;
		if (n < rest) {
			ch->out = m;
			ch->out_done += n;
			return;
		}
		n -= rest;
		rx_count(&ch->engine->count.messages_sent, 1);
		rx_protocol_sent(ch, m);
	}
}

/*
 * Sending has failed.  What the peer sent before it went away can still be
 * read: the channel lives until that is done, but no longer than a Bye.
 */
static void
broke(struct rx_channel *ch, int err)
{
	ch->broken = true;
	ch->broken_err = err;
	ch->blocked = false;
	rx_table_state(&ch->engine->table, ch->number, RX_ANY, RX_CLOSED);
	rx_channel_fail_sends(ch, err == EPIPE || err == ECONNRESET ?
	    REACTOR_PEER_DISCONNECTED : REACTOR_SEND_FAILED, err);
	rx_timer_set(ch, RX_TIMER_BYE);
}

/* One call.  False when another would be of no use now. */
static bool
send_once(struct rx_channel *ch, size_t *budget)
{
	struct batch b = { .count = 0, .messages = 0, .bytes = 0 };
	struct msghdr mh;
	ssize_t n;

	if (ch->out != NULL)
		add(&b, ch->out, ch->out_done);
	add_list(&b, ch->urgent.first);
	add_list(&b, ch->normal.first);
	memset(&mh, 0, sizeof(mh));
	mh.msg_iov = b.iov;
	mh.msg_iovlen = b.count;
	rx_count(&ch->engine->count.send_calls, 1);
	n = sendmsg(ch->fd, &mh, MSG_NOSIGNAL);
	if (n < 0) {
		if (errno == EAGAIN)
			ch->blocked = true;
		else if (errno != EINTR)
			broke(ch, errno);
		return false;
	}
	/* A short write: the next one would only say EAGAIN. */
	ch->blocked = (size_t)n < b.bytes;
	consume(ch, (size_t)n);
	*budget = b.bytes < *budget ? *budget - b.bytes : 0;
	return !ch->blocked && *budget > 0;
}

/*
 * Send what there is, within a turn's budget: a reader that keeps up must not
 * keep this thread from the other channels, and from what is out-of-band.
 */
void
rx_send_flush(struct rx_channel *ch)
{
	size_t budget = RX_SEND_TURN;
	int calls = RX_SEND_CALLS;

	if (ch->stage != RX_STAGE_STREAM || ch->broken ||
	    !(ch->client || ch->answered))
		return;
	while (!ch->blocked && rx_send_pending(ch) && calls-- > 0 &&
	    ch->stage == RX_STAGE_STREAM)
		if (!send_once(ch, &budget))
			break;
	if (ch->stage == RX_STAGE_DEAD)
		return;
	if (!ch->blocked && !ch->broken && rx_send_pending(ch) &&
	    ch->stage == RX_STAGE_STREAM)
		rx_channel_dirty(ch);
	rx_channel_interest(ch);
}
