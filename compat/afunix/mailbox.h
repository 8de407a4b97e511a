/* The queue in a mailbox; mailbox_nt.h says what that is. */
#ifndef AFUNIX_MAILBOX_H
#define AFUNIX_MAILBOX_H

#include "afunix/mailbox_nt.h"
#include "afunix/unix.h"

/* unix(7): Linux's limit with the default SO_SNDBUF, less 32. */
#define BOX_MESSAGE_MAX 212960

/* A sender is writable (poll) while no more than so much waits. */
#define BOX_LOW 65536

/* Who sends. */
struct box_sender {
	const unsigned char *id;	/* of its own mailbox */
	const struct unix_name *name;
};

/*
 * Put the message there: EAGAIN (the event ROOM is clear then), EPERM when the
 * box is connected to another, EPIPE when it was shut, ECONNREFUSED when
 * nobody owns it any more.
 */
int mailbox_put(struct mailbox *, const struct box_sender *,
    const struct nt_msg *, size_t len);

/*
 * Copy the first message into m's buffers, with *len its length and its
 * sender's name, and take it out unless m->flags has MSG_PEEK.  EAGAIN: there
 * is none, and the event NEWS is clear, unless it was shut.
 */
int mailbox_get(struct mailbox *, struct nt_msg *, size_t *len,
    struct unix_name *);

/* The first message's length, 0 when there is none; the events as above. */
size_t mailbox_first(struct mailbox *, int *some);

/* May a sender write?  If not, ROOM is clear. */
int mailbox_has_room(struct mailbox *);

/* May the owner of from send to it?  EPERM. */
int mailbox_permits(struct mailbox *, const unsigned char *from);

/*
 * Let this peer alone send (NULL: anybody).  What waits is dropped when there
 * was another peer, as Linux does.
 */
void mailbox_connect(struct mailbox *, const unsigned char *peer);

/*
 * Wait for ROOM or the deadline, as sig_wait(), but 0 may mean that nothing has
 * changed: who is killed does not tell.
 */
int mailbox_wait(const struct mailbox *, int64_t deadline);
void mailbox_shut(struct mailbox *);
void mailbox_ref(struct mailbox *);
void mailbox_put_ref(struct mailbox *);

#endif
