/*
 * Posting: what the program's thread checks, and what the I/O thread then
 * does with it.
 */
#include "private.h"

#include <stdlib.h>
#include <string.h>

static bool
opens(unsigned opcode)
{
	return opcode == REACTOR_HELLO_REQUEST ||
	    opcode == REACTOR_WELCOME_REQUEST;
}

static bool
is_data(unsigned opcode)
{
	return opcode <= REACTOR_SIGNAL;
}

/* Does it count against the channel's high-water mark? */
static bool
counted(const struct reactor_message *m)
{
	return !opens(m->header.opcode) &&
	    m->header.opcode != REACTOR_BYE_SIGNAL;
}

static int
check_message(const struct reactor_message *m)
{
	const struct reactor_header *h = &m->header;

	if (h->opcode > REACTOR_WELCOME_RESPONSE ||
	    h->opcode == REACTOR_WELCOME_RESPONSE)
		return REACTOR_INVALID_OP_CODE;
	if ((h->flags & REACTOR_MORE) != 0 && !is_data(h->opcode))
		return REACTOR_INVALID_MORE_USAGE;
	if (h->opcode == REACTOR_RESPONSE && h->id == 0)
		return REACTOR_INVALID_MESSAGE_ID;
	if (opens(h->opcode)) {
		if (h->channel != 0)
			return REACTOR_INVALID_CHANNEL_NUMBER;
	} else if (h->channel == 0 || h->channel > RX_CHANNELS)
		return REACTOR_INVALID_CHANNEL_NUMBER;
	return 0;
}

/* May it be posted in this state, and what state follows? */
static int
allowed(uint64_t word, uint32_t group, unsigned opcode, enum rx_state *next)
{
	enum rx_state state = RX_WORD_STATE(word);

	*next = state;
	if (state == RX_FREE || state == RX_ACCEPTED)
		return REACTOR_INVALID_CHANNEL_NUMBER;
	if (RX_WORD_GROUP(word) != group)
		return REACTOR_INVALID_MCHN_GROUP;
	if (state == RX_CLOSED)
		return REACTOR_CHANNEL_CLOSED;
	if (opcode == REACTOR_BYE_SIGNAL) {
		*next = RX_CLOSING;
		return 0;
	}
	switch (state) {
	case RX_LISTENER:
		return REACTOR_IS_LISTENER;
	case RX_CLOSING:
		return REACTOR_CHANNEL_CLOSING;
	case RX_HELLO_IN:
		*next = RX_OPEN;
		return opcode == REACTOR_HELLO_RESPONSE ? 0 :
		    REACTOR_NOT_ALLOWED;
	case RX_OPEN:
	case RX_BYE_IN:
		if (is_data(opcode))
			return 0;
		*next = RX_CLOSING;
		return opcode == REACTOR_BYE_REQUEST ||
		    (opcode == REACTOR_BYE_RESPONSE && state == RX_BYE_IN) ?
		    0 : REACTOR_NOT_ALLOWED;
	default:
		return REACTOR_NOT_ALLOWED;
	}
}

static int
enter(struct reactor_group *g, struct rx_slot *slot, unsigned opcode,
    uint32_t *generation)
{
	uint64_t word = atomic_load(&slot->word);
	enum rx_state next;
	int status;

	do {
		status = allowed(word, g->id, opcode, &next);
		if (status != 0)
			return status;
		if (next == RX_WORD_STATE(word))
			break;
	} while (!atomic_compare_exchange_weak(&slot->word, &word,
	    (word & ~UINT64_C(0xff)) | next));
	*generation = RX_WORD_GENERATION(word);
	return 0;
}

/* Count it as queued, unless the channel has its fill. */
static int
fill(const struct reactor_engine *e, struct rx_slot *slot,
    const struct reactor_message *m)
{
	uint64_t add = RX_QUEUED(rx_message_frame_len(m)), old;

	if (!counted(m))
		return 0;
	old = atomic_fetch_add(&slot->queued, add);
	if (!is_data(m->header.opcode) || RX_QUEUED_MESSAGES(old) == 0 ||
	    (RX_QUEUED_MESSAGES(old) < e->options.send_messages &&
	    RX_QUEUED_BYTES(old) < e->options.send_bytes))
		return 0;
	(void)atomic_fetch_sub(&slot->queued, add);
	return REACTOR_QUEUE_FULL;
}

void
rx_channel_unqueue(struct reactor_message *m)
{
	if (counted(m))
		(void)atomic_fetch_sub(
		    &m->engine->table.slots[m->header.channel].queued,
		    RX_QUEUED(rx_message_frame_len(m)));
}

static int
post_on(struct reactor_group *g, struct reactor_message *m)
{
	struct reactor_engine *e = g->engine;
	uint16_t n = m->header.channel, old = m->slot;
	struct rx_slot *slot = &e->table.slots[n];
	bool own = old == n;
	int status;

	/* Keep the number from being given to another channel meanwhile. */
	if (!own && !rx_table_ref(&e->table, n))
		return REACTOR_INVALID_CHANNEL_NUMBER;
	rx_text_strip(m, NULL);
	if ((status = fill(e, slot, m)) != 0)
		goto unref;
	status = enter(g, slot, m->header.opcode, &m->generation);
	if (status != 0)
		goto empty;
	m->slot = n;
	if (old != 0 && !own)
		rx_table_unref(&e->table, old);
	if (atomic_load_explicit(&slot->hungry, memory_order_relaxed))
		atomic_store(&e->kick, true);
	return 0;

empty:
	rx_channel_unqueue(m);
unref:
	if (!own)
		rx_table_unref(&e->table, n);
	return status;
}

/* A Hello or a Welcome: make the channel. */
static int
post_open(struct reactor_group *g, struct reactor_message *m)
{
	struct reactor_engine *e = g->engine;
	bool listen = m->header.opcode == REACTOR_WELCOME_REQUEST;
	const char *keep = listen ? REACTOR_LISTEN_ON : REACTOR_CONNECT_TO;
	char text[RX_HOST_MAX + 16];
	struct rx_endpoint endpoint;
	struct rx_channel *ch;
	long len;
	int status;

	if (reactor_text_find(m, listen ? REACTOR_CONNECT_TO :
	    REACTOR_LISTEN_ON, NULL, 0) >= 0)
		return REACTOR_WRONG_ADDRESS;
	len = reactor_text_find(m, keep, text, sizeof(text));
	if (len < 0 || (size_t)len >= sizeof(text))
		return REACTOR_INVALID_ADDRESS;
	status = rx_endpoint_parse(text, (size_t)len, listen, &endpoint);
	if (status != 0)
		return status;
	status = rx_channel_new(g, listen ? RX_LISTENER : RX_CONNECTING, &ch);
	if (status != 0)
		return status;
	ch->setup->endpoint = endpoint;
	ch->client = !listen;
	rx_text_strip(m, keep);
	rx_table_ref_known(&e->table, ch->number);
	if (m->slot != 0)
		rx_table_unref(&e->table, m->slot);
	m->slot = ch->number;
	m->generation = ch->generation;
	m->header.channel = ch->number;
	return 0;
}

int
reactor_post(struct reactor_group *g, struct reactor_message **mp,
    struct reactor_header *out)
{
	struct reactor_engine *e = g->engine;
	struct reactor_message *m;
	int status;

	if (mp == NULL || (m = *mp) == NULL)
		return REACTOR_NULL_MESSAGE;
	if (m->engine != e)
		return REACTOR_INVALID_MESSAGE;
	if (atomic_load(&e->closing))
		return REACTOR_SHUTDOWN_STARTED;
	if ((status = check_message(m)) != 0)
		return status;
	status = opens(m->header.opcode) ? post_open(g, m) : post_on(g, m);
	if (status != 0)
		return status;

	if (m->header.id == 0)
		m->header.id = atomic_fetch_add_explicit(&e->next_id, 1,
		    memory_order_relaxed) + 1;
	m->header.flags &= is_data(m->header.opcode) ?
	    REACTOR_MORE | REACTOR_OOB : 0;
	m->header.status = 0;
	m->group = g;
	if (out != NULL)
		*out = m->header;
	*mp = NULL;
	rx_engine_push(e, &m->node);
	return 0;
}

/* From here on: the I/O thread. */

static void
handle_open(struct rx_channel *ch, struct reactor_message *m)
{
	ch->hello = m;
	ch->hello_id = m->header.id;
	rx_link_append(&ch->group->channels, &ch->in_group);
	if (ch->group->dropping)
		rx_channel_close(ch, REACTOR_CHANNEL_CLOSED, 0);
	else if (ch->client)
		rx_connect_start(ch);
	else
		rx_listen_start(ch);
}

static void
handle_bye_signal(struct rx_channel *ch, struct reactor_message *m)
{
	rx_pool_io_put(m->engine, m);
	rx_channel_close(ch, REACTOR_CHANNEL_CLOSED, 0);
}

void
rx_post_handle(struct reactor_engine *e, struct reactor_message *m)
{
	struct rx_channel *ch = e->table.slots[m->header.channel].channel;
	unsigned opcode = m->header.opcode;

	if (opens(opcode)) {
		handle_open(ch, m);
		return;
	}
	if (ch == NULL || ch->stage == RX_STAGE_DEAD) {
		if (opcode == REACTOR_BYE_SIGNAL)
			rx_pool_io_put(e, m);
		else
			rx_channel_return(m, ch == NULL ?
			    REACTOR_CHANNEL_CLOSED : ch->end_status, 0);
		return;
	}
	if (opcode == REACTOR_BYE_SIGNAL) {
		handle_bye_signal(ch, m);
		return;
	}
	if (ch->broken)
		rx_channel_return(m, REACTOR_PEER_DISCONNECTED,
		    ch->broken_err);
	else if (ch->bye_posted)
		/* Overtaken, between check and queue, by another's Bye. */
		rx_channel_return(m, REACTOR_CHANNEL_CLOSING, 0);
	else
		rx_send_queue(ch, m);
}
