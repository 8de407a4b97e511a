/*
 * What messages for a socket wait in: memory that its owner and those who
 * send to it share, a queue of whole messages, with a lock that survives its
 * holder and two events.  It exists as long as somebody has it open, and is
 * alive as long as an owner has: the kernel ends that with the process.
 *
 * Its objects have names made of a random number, and are for one user alone.
 * Who opens it must also find the second number of the node in it, which
 * nobody can know who only lists names: so what has taken a dead mailbox's
 * name gets nothing.
 */
#ifndef AFUNIX_MAILBOX_NT_H
#define AFUNIX_MAILBOX_NT_H

#include <stdatomic.h>
#include <stdint.h>

#include "afunix/node.h"

/* A message of the largest size fits while no more than BOX_LOW waits. */
#define BOX_RING 294912

struct box_head {
	char magic[8];
	unsigned char proof[UNIX_SECRET];
	unsigned char peer[UNIX_SECRET];	/* only this one may send */
	uint32_t has_peer;
	uint32_t shut;		/* nothing more comes */
	uint32_t closed;	/* nobody owns it any more */
	uint32_t reset;		/* ECONNRESET, still to be told */
	uint32_t waiting;	/* somebody waits for room */
	/* Bytes ever read and written; what is between them waits. */
	uint64_t read, written;
	unsigned char ring[BOX_RING];
};

enum box_handle {
	BOX_SECTION,
	BOX_MUTEX,
	BOX_NEWS,		/* event: something waits, or it was shut */
	BOX_ROOM,		/* event: some of what waited was taken */
	BOX_ALIVE,		/* owners only */
	BOX_HANDLES
};

struct mailbox {
	atomic_uint refs;
	uintptr_t handle[BOX_HANDLES];
	struct box_head *head;
	struct unix_node keys;	/* client: its name, server: its proof */
};

/* type: of the socket that it is for. */
int mailbox_new(int type, struct mailbox **);

/* ECONNREFUSED when it is not alive, or is another. */
int mailbox_open(const struct unix_node *, struct mailbox **);

/* One that a parent handed over; the handles are closed when it fails. */
int mailbox_adopt(const uintptr_t handle[BOX_HANDLES],
    const struct unix_node *, struct mailbox **);

/* Lock held: asking takes a handle for a moment, which a last owner sees. */
int mailbox_is_alive(const struct mailbox *);
void mailbox_lock(const struct mailbox *);
void mailbox_unlock(const struct mailbox *);

/*
 * Own it no more.  The last owner, who is told by 1, leaves it closed to all;
 * what waits in it stays.
 */
int mailbox_leave(struct mailbox *);

/* Leave and close it. */
void mailbox_free(struct mailbox *);

#endif
