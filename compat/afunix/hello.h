/*
 * What the two ends of an emulated connection say to each other before the
 * first byte of data: the client a hello, the server a reply, and, when the
 * reply was HELLO_WAIT, one more byte as soon as there is room in the backlog.
 * Who asks for a lane (lane.h) and gets one reads its id behind the reply.
 */
#ifndef AFUNIX_HELLO_H
#define AFUNIX_HELLO_H

#include <stddef.h>
#include <stdint.h>

#include "afunix/unix.h"

#define HELLO_SIZE 144
#define REPLY_SIZE 32

/*
 * Behind the hello and the reply (and lane) of a socket of packets stands whose
 * mailbox that end has: the keys of a node.
 */
#define BOX_KEYS (2 * UNIX_SECRET)

#define HELLO_NONBLOCK 1u	/* flags: do not make me wait */
#define HELLO_LANE 2u		/* I know of lanes */
#define REPLY_LANE 0x100u	/* status: there is one */

enum hello_status {
	HELLO_OK,
	HELLO_WAIT,
	HELLO_FULL
};

struct hello {
	uint32_t flags;
	uint32_t pid;
	unsigned char secret[UNIX_SECRET];
	struct unix_name name;	/* the client's own, if it is bound */
};

struct reply {
	unsigned char secret[UNIX_SECRET];
	uint32_t pid;
	uint32_t status;	/* enum hello_status, and REPLY_LANE */
};

/* How much a client of that type says. */
size_t hello_size(int type);

void box_keys_encode(const struct unix_node *, unsigned char out[BOX_KEYS]);
void box_keys_decode(const unsigned char in[BOX_KEYS], struct unix_node *);

void hello_encode(const struct hello *, unsigned char out[HELLO_SIZE]);
int hello_decode(const unsigned char in[HELLO_SIZE], struct hello *);
void reply_encode(const struct reply *, unsigned char out[REPLY_SIZE]);
int reply_decode(const unsigned char in[REPLY_SIZE], struct reply *);

#endif
