/*
 * The file that stands for a bound AF_UNIX socket of the emulation.
 *
 * It holds the loopback port and two secrets: a client shows `client` and the
 * server answers with `server`, so each knows that the other could read the
 * node, which only its owner can.
 *
 * Who is bound holds an exclusive lock on a byte of the node for as long as
 * the socket lives.  That lock, and nothing else, tells a live node from a
 * stale one: it needs no probe of the port, goes away with the process, and
 * two that try to take over a stale node at once cannot both have it.
 */
#ifndef AFUNIX_NODE_H
#define AFUNIX_NODE_H

#include <stdint.h>

#define UNIX_SECRET 16

/* An odd size, so that stat() opens hardly any other file to look. */
#define UNIX_NODE_SIZE 93

struct unix_node {
	int type;		/* SOCK_* */
	uint16_t port;		/* 0: datagrams have a mailbox instead */
	uint32_t pid;
	unsigned char client[UNIX_SECRET];
	unsigned char server[UNIX_SECRET];
};

/* The file's bytes; decode: 0, or EINVAL when it is no node. */
void unix_node_encode(const struct unix_node *,
    unsigned char out[UNIX_NODE_SIZE]);
int unix_node_decode(const unsigned char in[UNIX_NODE_SIZE],
    struct unix_node *);

/* Equal?  Takes as long wherever they differ. */
int unix_secret_equal(const void *, const void *);

/*
 * Make the node at path, or take over a stale one, and hold its lock:
 * EADDRINUSE when a live socket or anything that is not a node is there.
 */
int unix_node_bind(const char *path, const struct unix_node *,
    uintptr_t *handle);
int unix_node_rewrite(uintptr_t handle, const struct unix_node *);
void unix_node_release(uintptr_t handle);

/* ENOENT, EACCES, or ECONNREFUSED when it is no node. */
int unix_node_read(const char *path, struct unix_node *);

/*
 * For stat() and readdir(): is the file a socket's node, or NT's own socket?
 * NODE_MAYBE: only what is in it tells, which unix_node_is() reads through a
 * handle that may.
 */
enum node_look { NODE_NO, NODE_MAYBE, NODE_YES };

enum node_look unix_node_looks(int64_t size, uint32_t attributes,
    uint32_t reparse_tag);
int unix_node_is(uintptr_t handle);

#endif
