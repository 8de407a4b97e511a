/* What sockets with mailboxes share: datagrams and sequenced packets. */
#ifndef AFUNIX_BOXED_H
#define AFUNIX_BOXED_H

#include "afunix/mailbox.h"
#include "afunix/unix.h"

struct hand_record;

/* Give the socket its mailbox, which it owns from then on, also on failure. */
int boxed_begin(struct socket *, struct mailbox *);

/* to (NULL: nobody) is the socket's peer from then on; not when it fails. */
int boxed_set_peer(struct socket *, struct mailbox *to,
    const struct unix_name *);

/* The peer, with a reference, or NULL. */
struct mailbox *boxed_peer(struct socket *);

/* As sock_ops has it: nothing may end the mailboxes meanwhile. */
void boxed_rouse(struct socket *);

/* The mailboxes and alarms are no more. */
void boxed_end(struct socket *);

/* One try to put a message of len bytes there; EAGAIN: no room. */
typedef int boxed_try(struct socket *, struct mailbox *to, struct nt_msg *,
    size_t len);

/* send(2): until there is room, the time is over, or a signal comes. */
int boxed_send(struct socket *, struct mailbox *to, boxed_try *,
    struct nt_msg *, int flags, size_t *done);

/* recv(2), of the next message.  As mailbox_get(); letter is told of it. */
int boxed_recv(struct socket *, struct nt_msg *, int flags,
    struct box_letter *, size_t *done);

/*
 * Something waits; a message would find room.  If not, who watches is told
 * when it is so.
 */
int boxed_readable(struct socket *);
int boxed_writable(struct socket *);

/* As in struct file_ops. */
void boxed_watch(struct file *, uint32_t events);

/* --- boxed_child.c --- */

/* What a child has to know of it beside the handles.  to.type 0: no peer. */
struct box_keys {
	struct unix_node own, to;
};

void boxed_hand(struct socket *, struct hand_record *, struct box_keys *);

/* They claim the handles but the lane's; see process/handoff.h. */
int dgram_take(struct hand_record *, const struct box_keys *,
    const struct unix_name *peer, struct socket **);
int seq_take(struct hand_record *, const struct box_keys *,
    const struct unix_name *peer, struct socket **);

#endif
