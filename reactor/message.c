/*
 * A message: header, text headers, body.
 *
 * The text headers lie behind room for the frame's header, the body behind
 * room for both.  So nearly every message leaves as one piece of memory, and
 * a program reads a file straight into the body.
 */
#include "private.h"

#include <stdlib.h>
#include <string.h>

int
rx_message_new(struct reactor_engine *e, bool notice,
    struct reactor_message **mp)
{
	size_t text = notice ? RX_NOTICE_INLINE : RX_TEXT_INLINE;
	size_t body = notice ? 0 : RX_BODY_INLINE;
	struct reactor_message *m;

	m = malloc(sizeof(*m) + RX_FRAME_HEAD + text + RX_BODY_ROOM + body);
	if (m == NULL)
		return REACTOR_ALLOCATION_FAILED;
	memset(m, 0, sizeof(*m));
	m->node.kind = RX_POST;
	m->engine = e;
	m->notice = notice;
	m->text = m->space + RX_FRAME_HEAD;
	m->text_size = text;
	m->body = m->text + text + RX_BODY_ROOM;
	m->body_size = body;
	*mp = m;
	return 0;
}

void
rx_message_destroy(struct reactor_message *m)
{
	free(m->text_own);
	free(m->body_own);
	free(m);
}

void
reactor_message_clear(struct reactor_message *m)
{
	memset(&m->header, 0, sizeof(m->header));
	m->text_len = 0;
	m->body_len = 0;
}

struct reactor_header *
reactor_message_header(struct reactor_message *m)
{
	return &m->header;
}

/*
 * Exchange a part's buffer for one of size bytes behind `room` others.  Only
 * two sizes are in use beyond the inline one, so that a message that goes
 * round through the pool soon needs no memory any more.
 */
static int
grow(unsigned char **part, unsigned char **own, size_t *size, size_t len,
    size_t room, size_t need)
{
	size_t bigger = need <= 4096 ? 4096 : 65536;
	unsigned char *p = malloc(room + bigger);

	if (p == NULL)
		return REACTOR_ALLOCATION_FAILED;
	memcpy(p + room, *part, len);
	free(*own);
	*own = p;
	*part = p + room;
	*size = bigger;
	return 0;
}

int
rx_text_reserve(struct reactor_message *m, size_t size)
{
	if (size > REACTOR_TEXT_MAX)
		return REACTOR_INVALID_HEADERS_LEN;
	if (size <= m->text_size)
		return 0;
	return grow(&m->text, &m->text_own, &m->text_size, m->text_len,
	    RX_FRAME_HEAD, size);
}

int
reactor_body_reserve(struct reactor_message *m, size_t size)
{
	if (size > REACTOR_BODY_MAX)
		return REACTOR_INVALID_BODY_LEN;
	if (size <= m->body_size)
		return 0;
	return grow(&m->body, &m->body_own, &m->body_size, m->body_len,
	    RX_BODY_ROOM, size);
}

int
reactor_body_set(struct reactor_message *m, const void *data, size_t len)
{
	int status = reactor_body_reserve(m, len);

	if (status != 0)
		return status;
	if (len > 0)
		memcpy(m->body, data, len);
	m->body_len = len;
	return 0;
}

void *
reactor_body(struct reactor_message *m)
{
	return m->body;
}

size_t
reactor_body_len(const struct reactor_message *m)
{
	return m->body_len;
}

size_t
reactor_body_capacity(const struct reactor_message *m)
{
	return m->body_size < REACTOR_BODY_MAX ? m->body_size :
	    REACTOR_BODY_MAX;
}

int
reactor_body_set_len(struct reactor_message *m, size_t len)
{
	if (len > reactor_body_capacity(m))
		return REACTOR_INVALID_BODY_LEN;
	m->body_len = len;
	return 0;
}

size_t
rx_message_frame_len(const struct reactor_message *m)
{
	return RX_FRAME_HEAD + m->text_len + m->body_len;
}

/* The frame as one or two pieces of memory; return how many. */
int
rx_message_iov(struct reactor_message *m, struct iovec iov[2])
{
	struct rx_frame f;
	unsigned char *head = m->text - RX_FRAME_HEAD;
	bool joined = m->body_len > 0 && m->text_len <= RX_TEXT_INLINE;

	/* Origin, status and out-of-band mean nothing to the peer. */
	f.channel = m->header.channel;
	f.proto = (uint8_t)(m->header.opcode |
	    (m->header.flags & REACTOR_MORE));
	f.status = 0;
	f.id = m->header.id;
	f.text_len = (uint16_t)m->text_len;
	f.body_len = (uint16_t)m->body_len;
	if (joined) {
		memcpy(m->body - m->text_len, m->text, m->text_len);
		head = m->body - m->text_len - RX_FRAME_HEAD;
	}
	rx_frame_encode(head, &f);
	iov[0].iov_base = head;
	iov[0].iov_len = RX_FRAME_HEAD + m->text_len;
	if (joined || m->body_len == 0) {
		iov[0].iov_len += m->body_len;
		return 1;
	}
	iov[1].iov_base = m->body;
	iov[1].iov_len = m->body_len;
	return 2;
}
