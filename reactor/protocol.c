/* Who may say what, and when: the Hello pair, data, the Bye pair. */
#include "private.h"

#include <string.h>

/*
 * May this frame come now?  Nothing has been allocated for it yet.
 */
int
rx_protocol_check(struct rx_channel *ch, const struct rx_frame *f)
{
	unsigned opcode = f->proto & 0x0f;
	int status = rx_frame_check(f);

	if (status != 0)
		return status;
	if (!ch->answered) {
		if (ch->client)
			return opcode == REACTOR_HELLO_RESPONSE ? 0 :
			    REACTOR_HANDSHAKE;
		return opcode == REACTOR_HELLO_REQUEST && !ch->told ? 0 :
		    REACTOR_HANDSHAKE;
	}
	if (ch->bye_received)
		return REACTOR_HANDSHAKE;
	switch (opcode) {
	case REACTOR_REQUEST:
	case REACTOR_RESPONSE:
	case REACTOR_SIGNAL:
	case REACTOR_BYE_REQUEST:
		return 0;
	case REACTOR_BYE_RESPONSE:
		return ch->bye_sent ? 0 : REACTOR_HANDSHAKE;
	default:
		return REACTOR_HANDSHAKE;
	}
}

/*
 * Our last frame is out and the peer's last one is in.  Say that nothing
 * follows and wait for the same from the peer: a reset now could overtake
 * what we have just sent.
 */
static void
drain(struct rx_channel *ch)
{
	(void)shutdown(ch->fd, SHUT_WR);
	ch->stage = RX_STAGE_DRAINING;
	ch->paused = false;
	rx_link_remove(&ch->in_paused);
	rx_timer_set(ch, RX_TIMER_BYE);
	rx_channel_interest(ch);
}

static int
hello_request(struct rx_channel *ch, struct reactor_message *m)
{
	struct rx_address a;
	char text[RX_HOST_MAX + 16];
	int status;

	rx_text_strip(m, REACTOR_CONNECT_TO);
	rx_listen_peer(ch->fd, &a);
	rx_address_format(&a, text, sizeof(text));
	(void)rx_text_append(m, REACTOR_PEER, strlen(REACTOR_PEER), text,
	    strlen(text));
	if ((status = rx_channel_told(ch)) != 0)
		return status;
	ch->hello_id = m->header.id;
	rx_timer_cancel(ch);
	rx_table_state(&ch->engine->table, ch->number, RX_ACCEPTED,
	    RX_HELLO_IN);
	return 0;
}

static void
hello_response(struct rx_channel *ch, struct reactor_message *m)
{
	rx_text_strip(m, NULL);
	if (m->slot != 0) {
		/* It was the request's; see get_message(). */
		rx_table_unref(&ch->engine->table, m->slot);
		m->slot = 0;
	}
	ch->answered = true;
	rx_timer_cancel(ch);
	rx_table_state(&ch->engine->table, ch->number, RX_CONNECTING, RX_OPEN);
}

/* A whole message came.  Its header is the peer's, until here. */
void
rx_protocol_received(struct rx_channel *ch, struct reactor_message *m)
{
	struct reactor_header *h = &m->header;
	int status = 0;

	rx_count(&ch->engine->count.messages_received, 1);
	switch (h->opcode) {
	case REACTOR_HELLO_REQUEST:
		status = hello_request(ch, m);
		break;
	case REACTOR_HELLO_RESPONSE:
		hello_response(ch, m);
		break;
	case REACTOR_BYE_REQUEST:
		ch->bye_received = true;
		rx_table_state(&ch->engine->table, ch->number, RX_OPEN,
		    RX_BYE_IN);
		/* FALLTHROUGH */
	default:
		rx_text_strip(m, NULL);
	}
	if (status != 0) {
		rx_pool_io_put(ch->engine, m);
		rx_channel_close(ch, status, 0);
		return;
	}
	h->channel = ch->number;
	m->slot = ch->number;
	rx_table_ref_known(&ch->engine->table, ch->number);
	rx_group_deliver(ch->group, m);
	if (h->opcode == REACTOR_BYE_RESPONSE) {
		/* Both sides have said all: nothing is in flight. */
		rx_sock_abort(ch->fd);
		rx_channel_close(ch, REACTOR_SUCCESS, 0);
	} else if (h->opcode == REACTOR_BYE_REQUEST && ch->bye_sent)
		drain(ch);
}

/* A whole message is out. */
void
rx_protocol_sent(struct rx_channel *ch, struct reactor_message *m)
{
	unsigned opcode = m->header.opcode;

	if (opcode == REACTOR_HELLO_REQUEST) {
		ch->hello = m;	/* comes back if there is no answer */
		return;
	}
	rx_channel_unqueue(m);
	rx_pool_io_put(ch->engine, m);
	if (opcode == REACTOR_BYE_REQUEST || opcode == REACTOR_BYE_RESPONSE) {
		ch->bye_sent = true;
		if (ch->bye_received)
			drain(ch);
	}
}
