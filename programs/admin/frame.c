#include "frame.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An empty buffer that is larger goes back. */
#define KEEP_ROOM 65536

void
buffer_free(struct buffer *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

size_t
buffer_len(const struct buffer *b)
{
	return b->end - b->start;
}

int
buffer_reserve(struct buffer *b, size_t n)
{
	size_t len = buffer_len(b), room;
	unsigned char *data;

	if (b->start > 0 && b->room - b->end < n) {
		memmove(b->data, b->data + b->start, len);
		b->start = 0;
		b->end = len;
	}
	if (b->room - b->end >= n)
		return 0;
	/* Twice as much as is needed: many small pieces cost few copies. */
	if (n > SIZE_MAX / 2 - len)
		return ENOMEM;
	room = 2 * (len + n);
	if ((data = realloc(b->data, room)) == NULL)
		return ENOMEM;
	b->data = data;
	b->room = room;
	return 0;
}

unsigned char *
buffer_tail(struct buffer *b)
{
	return b->data + b->end;
}

void
buffer_added(struct buffer *b, size_t n)
{
	b->end += n;
}

void
buffer_taken(struct buffer *b, size_t n)
{
	b->start += n;
	if (b->start < b->end)
		return;
	b->start = b->end = 0;
	if (b->room > KEEP_ROOM)
		buffer_free(b);
}

int
frame_put(struct buffer *b, const char *text, size_t len)
{
	unsigned char *p;
	int err, i;

	if (len > UINT32_MAX)
		return EMSGSIZE;
	if ((err = buffer_reserve(b, FRAME_HEAD + len)) != 0)
		return err;
	p = buffer_tail(b);
	for (i = 0; i < FRAME_HEAD; i++)
		p[i] = (unsigned char)(len >> (8 * (FRAME_HEAD - 1 - i)));
	memcpy(p + FRAME_HEAD, text, len);
	buffer_added(b, FRAME_HEAD + len);
	return 0;
}

int
frame_get(const struct buffer *b, size_t max, const char **textp,
    size_t *lenp)
{
	const unsigned char *p;
	size_t len = 0;
	int i;

	if (buffer_len(b) < FRAME_HEAD)
		return EAGAIN;
	p = b->data + b->start;
	for (i = 0; i < FRAME_HEAD; i++)
		len = len << 8 | p[i];
	if (len > max)
		return EMSGSIZE;
	if (buffer_len(b) - FRAME_HEAD < len)
		return EAGAIN;
	*textp = (const char *)p + FRAME_HEAD;
	*lenp = len;
	return 0;
}
