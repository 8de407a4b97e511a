/*
 * The lane: what goes beside the bytes of an AF_UNIX stream, which stay plain.
 *
 * Both ends share a section of NT's.  In it stand who holds each end, how many
 * bytes went in and came out, and a queue of mails: what belongs to the byte
 * that comes next at a certain place.  A mail has descriptors, as records of
 * process/handoff.h, or only tells that another process writes from there on.
 * README.md says how senders and receivers keep in step.
 */
#ifndef AFUNIX_LANE_H
#define AFUNIX_LANE_H

#include <stddef.h>
#include <stdint.h>

#include "afunix/node.h"

struct file;
struct lane;
struct nt_msg;
struct scm;

#define LANE_ID UNIX_SECRET

/* Who holds an end: a process, for start see lane_nt.h. */
struct lane_who {
	uint32_t pid;
	uint64_t start;
};

/* section is a handle of keeper's; fds of its records are good. */
struct lane_mail {
	uint64_t at, end;		/* of the stream's bytes */
	uint64_t section;
	struct lane_who keeper;
	uint32_t pid;			/* who wrote; 0: not known */
	uint32_t fds;			/* 0: only tells of pid */
};

/* Both ends for this process; the pid of both is the caller's. */
int lane_pair(struct lane *pair[2]);

/*
 * One end (0: the server's, 1: the client's) of a connection that both sides
 * know by id.  peer: who writes at the other end.  ENOENT at the client's end:
 * the server's section is out of sight, as it is in another session.
 */
int lane_open(const unsigned char id[LANE_ID], int end, uint32_t peer,
    struct lane **);

/*
 * One end of a connection whose client makes the lane before it connects, and
 * whose server learns the id when it accepts: the client offers, then promises
 * that process pid will be at the other end, and may send at once; the server
 * accepts what a client of process peer offered.  lane_promise() fails where
 * pid could not accept; then, and if it is not to be, close.  lane_accept() is
 * ENOENT or EACCES for a lane of another session or user.
 */
int lane_offer(const unsigned char id[LANE_ID], struct lane **);
int lane_promise(struct lane *, uint32_t pid);
int lane_accept(const unsigned char id[LANE_ID], uint32_t peer,
    struct lane **);

/*
 * Descriptors that nobody will receive any more are closed.  When this was the
 * last who had the end the other is told: that it is reset if data are left in
 * sock (0: do not look) or lost says so.  The data are read away, since what
 * NT makes of them would take from the other what it has not read yet.
 */
void lane_close(struct lane *, uintptr_t sock, int lost);

/*
 * lane_end.c: the ends.  lane_shut() tells the other end that this one was
 * shut, SOCK_SHUT_*; lane_shut_here() is what the other's shutting or closing
 * has shut here, as on Linux.  lane_take_error(): ECONNRESET, once.
 * lane_ended(): the end of the stream was read.  lane_poll(): EPOLL* that only
 * the lane knows.
 */
void lane_shut(struct lane *, int how);
int lane_shut_here(const struct lane *);
int lane_take_error(struct lane *);
void lane_ended(struct lane *);
uint32_t lane_poll(const struct lane *);

/*
 * Handing an end over.  lane_handles() gives what the other process needs and
 * returns which end it is;
 * lane_held(l, pid, n) says, before that runs or is told, that it holds the end
 * n times more; pid 0: a program that knows no lanes.  lane_join() is its side;
 * from: the process that it is taken over from, or 0: said already.
 */
int lane_handles(const struct lane *, uintptr_t *section, uintptr_t *mutex);
void lane_held(struct lane *, uint32_t pid, int n);
int lane_join(uintptr_t section, uintptr_t mutex, int end, uint32_t from,
    struct lane **);

/*
 * One try each, as nt_sock_send() and nt_sock_recv(), by the messages' scm (see
 * rights.h).  EOPNOTSUPP: descriptors, and the peer knows no lanes.  passcred:
 * what several processes wrote is not read together.
 */
int lane_send(struct lane *, uintptr_t sock, struct nt_msg *, size_t *done);
int lane_recv(struct lane *, uintptr_t sock, struct nt_msg *, int passcred,
    size_t *done);

/*
 * Pass descriptors beside a message that does not go by the stream: put is to
 * put the mail, of which at and end mean nothing, where the peer finds it.
 */
typedef int lane_put(void *arg, const struct lane_mail *);
int lane_pass(struct lane *, const struct scm *, lane_put *, void *arg);

#endif
