/* Datagrams of AF_UNIX, for who makes and hands over sockets. */
#ifndef AFUNIX_DGRAM_H
#define AFUNIX_DGRAM_H

#include "afunix/unix.h"

struct hand_record;

/* What a child has to know of it beside the handles.  type 0: no peer. */
struct dgram_keys {
	struct unix_node own, to;
};

int dgram_socket(int flags, struct socket **);
int dgram_pair(int flags, struct socket *[2]);

/* A socket around a mailbox, which it owns from then on, also on failure. */
int dgram_wrap(struct mailbox *, int flags, struct socket **);

/* to (NULL: nobody) is the socket's peer from then on; not when it fails. */
int dgram_set_peer(struct socket *, struct mailbox *to,
    const struct unix_name *);

/* --- dgram_child.c --- */
void dgram_hand(struct socket *, struct hand_record *, struct dgram_keys *);
int dgram_take(const struct hand_record *, const struct dgram_keys *,
    const struct unix_name *peer, struct socket **);

#endif
