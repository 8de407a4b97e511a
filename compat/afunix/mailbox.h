/* The queue in a mailbox; mailbox_nt.h says what that is. */
#ifndef AFUNIX_MAILBOX_H
#define AFUNIX_MAILBOX_H

#include "afunix/lane.h"
#include "afunix/mailbox_nt.h"
#include "afunix/unix.h"

/* unix(7): Linux's limit with the default SO_SNDBUF, less 32. */
#define BOX_MESSAGE_MAX 212960

/* A sender is writable (poll) while no more than so much waits. */
#define BOX_LOW 65536

/*
 * Who sends.  mail: who wrote, and what goes with the message; its at and end
 * have no meaning here.
 */
struct box_sender {
	const unsigned char *id;	/* of its own mailbox */
	const struct unix_name *name;
	struct lane_mail mail;
};

/* A message that came. */
struct box_letter {
	size_t len;
	struct unix_name name;
	struct lane_mail mail;
};

/*
 * Put the message there: EAGAIN (the event ROOM is clear then), EPERM when the
 * box is connected to another, EPIPE when it was shut, ECONNREFUSED when
 * nobody owns it any more.
 */
int mailbox_put(struct mailbox *, const struct box_sender *,
    const struct nt_msg *, size_t len);

/*
 * Copy the first message into m's buffers, tell of it, and take it out unless
 * m->flags has MSG_PEEK.  EAGAIN: there is none, and the event NEWS is clear;
 * ENODATA: there is none, and none comes any more; ECONNRESET: once, before all
 * others.
 */
int mailbox_get(struct mailbox *, struct nt_msg *, struct box_letter *);

/* The first message's length, 0 when there is none; the events as above. */
size_t mailbox_first(struct mailbox *, int *some);

/* The length of all messages. */
size_t mailbox_bytes(struct mailbox *);

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

/* Nothing more comes into it; what waits is there to be read. */
void mailbox_shut(struct mailbox *);

#define BOX_SHUT 1u
#define BOX_RESET 2u			/* ECONNRESET is to be told */
unsigned int mailbox_state(struct mailbox *);

/* Is ECONNRESET to be told?  It is told now. */
int mailbox_take_reset(struct mailbox *);

/*
 * A connection's end: nobody reads in gone (NULL: it is out of sight) any more,
 * and nobody writes into other.  unix(7): when not all was read, or reset says
 * so, other's owner is told by ECONNRESET.
 */
void mailbox_hang_up(struct mailbox *gone, struct mailbox *other, int reset);
void mailbox_ref(struct mailbox *);
void mailbox_put_ref(struct mailbox *);

#endif
