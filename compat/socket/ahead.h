/*
 * What was read ahead of a TCP stream.
 *
 * AFD tells that there are data, not how many, and tells it for as long as any
 * are there.  So who waits for more than there is (poll under SO_RCVLOWAT,
 * MSG_PEEK with MSG_WAITALL) takes them out, and AFD tells of the next.  What
 * was taken out is the front of the stream: every receive begins with it.
 *
 * It is this process's memory until the socket is handed to another one, and a
 * section of NT's from then on.  A socket that other processes have already,
 * without such a section, is never read ahead of: they would miss what is in
 * it.
 */
#ifndef SOCKET_AHEAD_H
#define SOCKET_AHEAD_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "fd/file.h"
#include "fd/lock.h"

struct ahead_bytes;
struct nt_msg;
struct socket;

struct ahead {
	_Atomic(struct ahead_bytes *) bytes;	/* NULL: nothing ever was */
	atomic_int plain;	/* receives under way that know of nothing */
	struct lock lock;	/* of what follows, and of *bytes */
	size_t room;
	uintptr_t section, mutex;	/* other processes have it too; or 0 */
	int never;		/* others have the socket and would miss it */
};

/* How many bytes; FIONREAD's answer, with them. */
size_t ahead_count(struct socket *);
int ahead_readable(struct socket *, int *bytes);

/* As nt_sock_recv(). */
int ahead_recv(struct socket *, struct nt_msg *, size_t *done);

/*
 * Are there fewer than want bytes?  Then all of them were read ahead, *count of
 * them.  0: there are as many, or that cannot be done.
 */
int ahead_gather(struct socket *, size_t want, size_t *count);

/* A file operation: of what AFD found, what counts. */
uint32_t ahead_found(struct file *, uint32_t afd);

/*
 * Another process gets the socket: a section and its mutex for it, or 0 and
 * 0.  Somebody gets it who knows nothing of this: EBUSY while there is
 * something that he would miss.
 */
int ahead_hand(struct socket *, uint64_t *section, uint64_t *mutex,
    uint32_t *room);
int ahead_give_up(struct socket *);

/*
 * The same socket in the other process, before anybody else has it.  The
 * handles are its own, or closed.
 */
int ahead_join(struct socket *, uintptr_t section, uintptr_t mutex,
    uint32_t room);

/* The end.  1: the stream was not read to its end, and nobody else can. */
int ahead_close(struct socket *);

#endif
