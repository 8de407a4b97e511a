/*
 * Bytes that wait, and the frames in them: 4 bytes of length, big-endian, and
 * as many of content.  Functions return 0 or an errno unless they say
 * otherwise.
 */
#ifndef ADMIN_FRAME_H
#define ADMIN_FRAME_H

#include <stddef.h>

#define FRAME_HEAD 4

/* All 0: empty.  What is in it are the bytes from start to end. */
struct buffer {
	unsigned char *data;
	size_t start, end, room;
};

void buffer_free(struct buffer *);
size_t buffer_len(const struct buffer *);

/* Make room for n bytes behind what is there: buffer_tail().  ENOMEM. */
int buffer_reserve(struct buffer *, size_t n);
unsigned char *buffer_tail(struct buffer *);

/* n bytes were written to the tail, taken from the front. */
void buffer_added(struct buffer *, size_t n);
void buffer_taken(struct buffer *, size_t n);

/**
 * frame_put(buffer, text, len):
 * Append a frame.  ENOMEM, and nothing was appended; EMSGSIZE, when its
 * length has no 4 bytes.
 */
int frame_put(struct buffer *, const char *text, size_t len);

/**
 * frame_get(buffer, max, textp, lenp):
 * Look for a frame at the front.  *textp points into the buffer; take
 * FRAME_HEAD + *lenp bytes when done with it.  The announced length alone
 * makes nobody reserve anything.
 *
 * Return 0, or
 *	EAGAIN		there is no whole frame yet.
 *	EMSGSIZE	it is longer than max.
 */
int frame_get(const struct buffer *, size_t max, const char **textp,
    size_t *lenp);

#endif
