/* Sequenced packets of AF_UNIX, for who makes and hands over sockets. */
#ifndef AFUNIX_SEQPACKET_H
#define AFUNIX_SEQPACKET_H

#include "afunix/unix.h"

/* A socket around a TCP socket, which it owns from then on, as unix_new(). */
int seq_new(uintptr_t handle, int flags, struct socket **);

/*
 * Connect s, whose TCP connection there is: box is its own mailbox, to the
 * peer's (NULL: it has gone).  Both are s's from then on, also on failure,
 * when s is as before.
 */
int seq_join(struct socket *s, struct mailbox *box, struct mailbox *to,
    const struct unix_name *peer);

/* The same, with what the peer told of its mailbox. */
int seq_connect(struct socket *s, struct mailbox *box,
    const struct unix_node *keys, const struct unix_name *peer);

/* End what they began. */
void seq_part(struct socket *);

/*
 * A connection that nobody accepted (NULL: none of packets): the peer is told
 * by ECONNRESET.
 */
void seq_refuse(struct mailbox *box, struct mailbox *to);

/* Both ends of a pair, in one process. */
int seq_pair(struct socket *pair[2]);

/* SO_ERROR */
int seq_error(struct socket *);

int seq_send(struct socket *, struct nt_msg *, int flags, size_t *done);
int seq_recv(struct socket *, struct nt_msg *, int flags, size_t *done);
int seq_shutdown(struct socket *, int how);

#endif
