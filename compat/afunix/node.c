#include "afunix/node.h"

#include <sys/socket.h>

#include <errno.h>
#include <string.h>

/*
 * magic 16 | version 4 | port 2 | pid 4 | client 16 | server 16 | sum 4 |
 * zeros; integers little-endian.
 */
static const char magic[16] = "!compat-socket\n";

/*
 * Of a stream; of other kinds it has the kind above, so that a libcompat that
 * does not know them takes their nodes for none of its own.
 */
#define NODE_VERSION 1
#define KIND_SHIFT 8
#define AT_VERSION 16
#define AT_PORT 20
#define AT_PID 22
#define AT_CLIENT 26
#define AT_SERVER 42
#define AT_SUM 58

static void
put(unsigned char *to, uint32_t value, int bytes)
{
	while (bytes-- > 0) {
		*to++ = (unsigned char)value;
		value >>= 8;
	}
}

static uint32_t
get(const unsigned char *from, int bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | from[bytes];
	return value;
}

/* FNV-1a: a node that is read while it is rewritten must not be believed. */
static uint32_t
sum(const unsigned char *p)
{
	uint32_t h = 2166136261U;
	int i;

	for (i = 0; i < AT_SUM; i++)
		h = (h ^ p[i]) * 16777619U;
	return h;
}

static uint32_t
version_of(int type)
{
	uint32_t kind = type == SOCK_STREAM ? 0 : (uint32_t)type;

	return NODE_VERSION | kind << KIND_SHIFT;
}

void
unix_node_encode(const struct unix_node *n, unsigned char out[UNIX_NODE_SIZE])
{
	memset(out, 0, UNIX_NODE_SIZE);
	memcpy(out, magic, sizeof(magic));
	put(out + AT_VERSION, version_of(n->type), 4);
	put(out + AT_PORT, n->port, 2);
	put(out + AT_PID, n->pid, 4);
	memcpy(out + AT_CLIENT, n->client, UNIX_SECRET);
	memcpy(out + AT_SERVER, n->server, UNIX_SECRET);
	put(out + AT_SUM, sum(out), 4);
}

int
unix_node_decode(const unsigned char in[UNIX_NODE_SIZE], struct unix_node *n)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	size_t i;

	if (memcmp(in, magic, sizeof(magic)) != 0 ||
	    get(in + AT_SUM, 4) != sum(in))
		return EINVAL;
	for (i = 0; get(in + AT_VERSION, 4) != version_of(types[i]); )
		if (++i == sizeof(types) / sizeof(*types))
			return EINVAL;
	n->type = types[i];
	n->port = (uint16_t)get(in + AT_PORT, 2);
	n->pid = get(in + AT_PID, 4);
	memcpy(n->client, in + AT_CLIENT, UNIX_SECRET);
	memcpy(n->server, in + AT_SERVER, UNIX_SECRET);
	return 0;
}

int
unix_secret_equal(const void *a, const void *b)
{
	const volatile unsigned char *p = a, *q = b;
	unsigned int diff = 0;
	int i;

	for (i = 0; i < UNIX_SECRET; i++)
		diff |= p[i] ^ q[i];
	return diff == 0;
}
