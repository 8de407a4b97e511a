/*
 * Receiving: one call per channel and turn, into the rest of the message
 * that is half here and a scratch buffer shared by all channels.  So the
 * body of a long message is not copied, and an idle channel has no buffer.
 *
 * When there is no message to be had, what was read and not yet used is kept
 * with the channel, and reading stops until there is one.
 */
#include "private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
pause_reading(struct rx_channel *ch, bool pool)
{
	struct reactor_engine *e = ch->engine;

	ch->paused = true;
	rx_link_append(pool ? &e->paused : &e->hungry, &ch->in_paused);
	if (!pool)
		return;
	rx_group_starving(ch->group);
	/*
	 * From now on whoever puts a message back tells us.  One that came
	 * back before that must not be missed: look once more.
	 */
	if (!atomic_exchange(&e->starved, true))
		atomic_store(&e->kick, true);
}

/* The program holds as many messages of this channel as it may. */
static bool
sated(struct rx_channel *ch)
{
	struct rx_table *t = &ch->engine->table;
	_Atomic bool *hungry = &t->slots[ch->number].hungry;

	if (rx_table_held(t, ch->number) < ch->engine->options.receive_credit)
		return false;
	atomic_store(hungry, true);
	if (rx_table_held(t, ch->number) >
	    ch->engine->options.receive_credit / 2)
		return true;
	atomic_store(hungry, false);
	return false;
}

static void
bad_frame(struct rx_channel *ch, int status)
{
	rx_count(&ch->engine->count.bad_frames, 1);
	rx_channel_close(ch, status, 0);
}

/*
 * A message to receive into.  The answer to a Hello takes the request's own,
 * so that it can be heard however empty the pool is.
 */
static int
get_message(struct rx_channel *ch, struct reactor_message **mp)
{
	if (ch->client && !ch->answered && ch->hello != NULL) {
		*mp = ch->hello;
		ch->hello = NULL;
		(*mp)->text_len = 0;
		(*mp)->body_len = 0;
		return 0;
	}
	return rx_pool_io_get(ch->engine, mp);
}

/* The header is complete: check it, and get a message for the rest. */
static bool
begin(struct rx_channel *ch)
{
	struct reactor_message *m;
	struct rx_frame f;
	int status;

	rx_frame_decode(ch->head, &f);
	if ((status = rx_protocol_check(ch, &f)) != 0) {
		bad_frame(ch, status);
		return false;
	}
	if (sated(ch)) {
		pause_reading(ch, false);
		return false;
	}
	if (get_message(ch, &m) != 0) {
		pause_reading(ch, true);
		return false;
	}
	if (rx_text_reserve(m, f.text_len) != 0 ||
	    reactor_body_reserve(m, f.body_len) != 0) {
		if (ch->client && !ch->answered)
			ch->hello = m;
		else
			rx_pool_io_put(ch->engine, m);
		pause_reading(ch, true);
		return false;
	}
	m->header.id = f.id;
	m->header.opcode = f.proto & 0x0f;
	m->header.flags = f.proto & REACTOR_MORE;
	m->text_len = f.text_len;
	m->body_len = f.body_len;
	ch->in = m;
	ch->in_done = 0;
	return true;
}

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Copy into the message that is half here. */
static size_t
fill(struct rx_channel *ch, const unsigned char *p, size_t len)
{
	struct reactor_message *m = ch->in;
	size_t n, done = 0;

	if (ch->in_done < m->text_len) {
		n = min(len, m->text_len - ch->in_done);
		memcpy(m->text + ch->in_done, p, n);
		ch->in_done += n;
		done = n;
	}
	if (done < len && ch->in_done >= m->text_len) {
		n = min(len - done, m->text_len + m->body_len - ch->in_done);
		memcpy(m->body + (ch->in_done - m->text_len), p + done, n);
		ch->in_done += n;
		done += n;
	}
	return done;
}

static bool
finish(struct rx_channel *ch)
{
	struct reactor_message *m = ch->in;

	if (ch->in_done < m->text_len + m->body_len)
		return false;
	ch->in = NULL;
	ch->head_len = 0;
	rx_protocol_received(ch, m);
	return true;
}

/* Take messages out of these bytes; return how many were used. */
static size_t
parse(struct rx_channel *ch, const unsigned char *p, size_t len)
{
	size_t done = 0, n;

	while (ch->stage == RX_STAGE_STREAM && !ch->paused) {
		if (ch->in == NULL) {
			n = min(RX_FRAME_HEAD - ch->head_len, len - done);
			memcpy(ch->head + ch->head_len, p + done, n);
			ch->head_len += (unsigned)n;
			done += n;
			if (ch->head_len < RX_FRAME_HEAD || !begin(ch))
				break;
		}
		done += fill(ch, p + done, len - done);
		if (!finish(ch))
			break;
	}
	return done;
}

/* Keep what could not be used.  Losing it would lose the stream. */
static void
keep(struct rx_channel *ch, const unsigned char *p, size_t len)
{
	if (len == 0 || !ch->paused || ch->stage != RX_STAGE_STREAM)
		return;
	if ((ch->stash = malloc(len)) == NULL) {
		rx_channel_close(ch, REACTOR_ALLOCATION_FAILED, 0);
		return;
	}
	memcpy(ch->stash, p, len);
	ch->stash_len = len;
	ch->stash_done = 0;
}

static void
ended(struct rx_channel *ch, int err)
{
	if (ch->stage == RX_STAGE_DRAINING)
		rx_channel_close(ch, REACTOR_SUCCESS, 0);
	else if (ch->broken)
		rx_channel_close(ch, REACTOR_PEER_DISCONNECTED,
		    ch->broken_err);
	else
		rx_channel_close(ch, err == 0 || err == ECONNRESET ||
		    err == EPIPE ? REACTOR_PEER_DISCONNECTED :
		    REACTOR_RECV_FAILED, err);
}

/* Where the bytes go: what the message lacks, then the scratch buffer. */
static int
gather(struct rx_channel *ch, struct iovec *iov, size_t limit, size_t *direct)
{
	struct reactor_message *m = ch->in;
	size_t done = ch->in_done, body;
	int n = 0;

	*direct = 0;
	if (m != NULL && done < m->text_len) {
		iov[n].iov_base = m->text + done;
		iov[n].iov_len = m->text_len - done;
		*direct += iov[n++].iov_len;
		done = m->text_len;
	}
	if (m != NULL && (body = m->text_len + m->body_len - done) > 0) {
		iov[n].iov_base = m->body + (m->body_len - body);
		iov[n].iov_len = body;
		*direct += iov[n++].iov_len;
	}
	iov[n].iov_base = ch->engine->scratch;
	iov[n].iov_len = limit;
	return n + 1;
}

/*
 * With few messages left do not read what could only be kept: see keep().
 * 0: there is none at all.
 */
static size_t
read_limit(struct rx_channel *ch)
{
	uint32_t room;

	if (ch->engine->cache_count >= 32)
		return RX_SCRATCH;
	room = rx_pool_room(ch->engine);
	if (room >= RX_SCRATCH / 1024)
		return RX_SCRATCH;
	if (room == 0)
		return ch->in != NULL || ch->hello != NULL ? 1 : 0;
	return (size_t)(room < 4 ? 4 : room) * 1024;
}

void
rx_receive(struct rx_channel *ch)
{
	struct reactor_engine *e = ch->engine;
	struct iovec iov[3];
	size_t direct, len, used, limit = RX_SCRATCH;
	ssize_t n;
	int count;

	if (ch->stage == RX_STAGE_STREAM && (limit = read_limit(ch)) == 0) {
		pause_reading(ch, true);
		rx_channel_interest(ch);
		return;
	}
	count = gather(ch, iov, limit, &direct);
	rx_count(&e->count.receive_calls, 1);
	n = readv(ch->fd, iov, count);
	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			ended(ch, n == 0 ? 0 : errno);
		return;
	}
	rx_count(&e->count.bytes_received, (uint64_t)n);
	if (ch->stage == RX_STAGE_DRAINING)
		return;
	len = (size_t)n > direct ? (size_t)n - direct : 0;
	if (ch->in != NULL) {
		ch->in_done += (size_t)n - len;
		if (!finish(ch))
			return;
	}
	used = parse(ch, e->scratch, len);
	keep(ch, e->scratch + used, len - used);
	if (ch->stage != RX_STAGE_STREAM)
		return;
	rx_channel_interest(ch);
}

/* Use what was kept.  False when the pool is empty again. */
static bool
resume(struct rx_channel *ch)
{
	unsigned char *stash = ch->stash;

	ch->paused = false;
	ch->stash = NULL;
	if (stash == NULL)	/* only a frame's header waits */
		(void)parse(ch, ch->head, 0);
	else
		ch->stash_done += parse(ch, stash + ch->stash_done,
		    ch->stash_len - ch->stash_done);
	if (ch->paused && ch->stage == RX_STAGE_STREAM) {
		ch->stash = stash;
		return atomic_load(&ch->engine->table.slots[ch->number].
		    hungry);
	}
	free(stash);
	ch->stash_len = ch->stash_done = 0;
	if (ch->stage == RX_STAGE_STREAM)
		rx_channel_interest(ch);
	return true;
}

/*
 * Messages came back.  Give each channel that waits its turn, but stop at
 * the first that gets none: the others would not either.
 */
void
rx_receive_resume(struct reactor_engine *e)
{
	struct rx_link ring, *l;
	struct rx_channel *ch;

	atomic_store(&e->kick, false);
	rx_link_init(&ring);
	rx_link_append(&e->hungry, &ring);
	rx_link_remove(&e->hungry);
	while (!rx_link_alone(&ring)) {
		ch = RX_OWNER(ring.next, struct rx_channel, in_paused);
		rx_link_append(&e->hungry, &ch->in_paused);
		if (rx_table_held(&e->table, ch->number) >
		    e->options.receive_credit / 2)
			continue;
		atomic_store(&e->table.slots[ch->number].hungry, false);
		rx_link_remove(&ch->in_paused);
		(void)resume(ch);
	}
	while (!rx_link_alone(&e->paused)) {
		l = e->paused.next;
		rx_link_remove(l);
		ch = RX_OWNER(l, struct rx_channel, in_paused);
		if (!resume(ch))
			break;
	}
	/* The pool has recovered: the next time will be another episode. */
	if (atomic_load(&e->starved) && rx_link_alone(&e->paused) &&
	    rx_pool_room(e) > 0) {
		atomic_store(&e->starved, false);
		e->episode++;
	}
}
