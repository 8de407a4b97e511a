#include "afunix/hello.h"

#include <errno.h>
#include <string.h>

static const unsigned char hello_magic[8] = "cmpt-un1";
static const unsigned char reply_magic[8] = "cmpt-ok1";

#define NAME_MAX_ 108

static void
put32(unsigned char *to, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t
get32(const unsigned char *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	    (uint32_t)from[3] << 24;
}

/* magic 8 | flags 4 | pid 4 | secret 16 | name length 4 | name 108 */
void
hello_encode(const struct hello *h, unsigned char out[HELLO_SIZE])
{
	size_t len = strlen(h->name.path);

	memset(out, 0, HELLO_SIZE);
	memcpy(out, hello_magic, sizeof(hello_magic));
	put32(out + 8, h->flags);
	put32(out + 12, h->pid);
	memcpy(out + 16, h->secret, UNIX_SECRET);
	put32(out + 32, (uint32_t)len);
	memcpy(out + 36, h->name.path, len);
}

int
hello_decode(const unsigned char in[HELLO_SIZE], struct hello *h)
{
	uint32_t len = get32(in + 32);

	if (memcmp(in, hello_magic, sizeof(hello_magic)) != 0 ||
	    len > NAME_MAX_)
		return EINVAL;
	memset(h, 0, sizeof(*h));
	h->flags = get32(in + 8);
	h->pid = get32(in + 12);
	memcpy(h->secret, in + 16, UNIX_SECRET);
	memcpy(h->name.path, in + 36, len);
	return 0;
}

/* magic 8 | secret 16 | pid 4 | status 4 */
void
reply_encode(const struct reply *r, unsigned char out[REPLY_SIZE])
{
	memcpy(out, reply_magic, sizeof(reply_magic));
	memcpy(out + 8, r->secret, UNIX_SECRET);
	put32(out + 24, r->pid);
	put32(out + 28, r->status);
}

int
reply_decode(const unsigned char in[REPLY_SIZE], struct reply *r)
{
	if (memcmp(in, reply_magic, sizeof(reply_magic)) != 0)
		return EINVAL;
	memcpy(r->secret, in + 8, UNIX_SECRET);
	r->pid = get32(in + 24);
	r->status = get32(in + 28);
	return (r->status & ~REPLY_LANE) <= HELLO_FULL ? 0 : EINVAL;
}

size_t
hello_size(int type)
{
	return HELLO_SIZE + (type == SOCK_SEQPACKET ? BOX_KEYS : 0);
}

void
box_keys_encode(const struct unix_node *keys, unsigned char out[BOX_KEYS])
{
	memcpy(out, keys->client, UNIX_SECRET);
	memcpy(out + UNIX_SECRET, keys->server, UNIX_SECRET);
}

void
box_keys_decode(const unsigned char in[BOX_KEYS], struct unix_node *keys)
{
	memset(keys, 0, sizeof(*keys));
	keys->type = SOCK_SEQPACKET;
	memcpy(keys->client, in, UNIX_SECRET);
	memcpy(keys->server, in + UNIX_SECRET, UNIX_SECRET);
}
