/*
 * Record locks: ranges of a file, held by a process (fcntl's F_SETLK) or by an
 * open file description (F_OFD_SETLK).
 *
 * record.c checks a request and turns it into a range; a way of locking does
 * the rest: advisory.c, whose table the user's processes share, or, if the
 * program or its user asks for it, NT's own locks, mandatory.c.  record_way()
 * is the one place that chooses.
 */
#ifndef FLOCK_RECORD_H
#define FLOCK_RECORD_H

#include <sys/types.h>

#include <stdatomic.h>
#include <stdint.h>

#include "fd/lock.h"
#include "flock/table.h"

struct file;
struct flock;

#define RECORD_END INT64_MAX		/* the last byte there can be */

/* A checked request: bytes start to end, both included. */
struct record {
	int type;			/* F_RDLCK, F_WRLCK or F_UNLCK */
	int64_t start;
	int64_t end;
	int ofd;			/* the description's, not the process's */
	pid_t pid;			/* test: the holder's; -1: ofd's */
};

/* Part of every struct file; zero is a description without locks. */
struct record_state {
	atomic_uint_least64_t ofd;	/* its id as a holder; 0: none yet */
	struct lock lock;
	int has_key;			/* under lock, as the key */
	struct lock_key key;
	atomic_int mandatory;		/* what F_LCK_MANDATORY said */
};

/*
 * All are called with a reference held.  lock: wait until it can be had, or
 * not.  0, EAGAIN, EINTR, EDEADLK, ENOLCK, or EINVAL where f cannot be locked.
 * test: overwrite the record with the first one in its way, or its type with
 * F_UNLCK.  any: has the process locks?  closed: a descriptor of f is gone, and
 * with it the process's locks of the file.  freed: the last reference goes, and
 * the description's locks.
 */
struct record_ops {
	int (*lock)(struct file *, const struct record *, int wait);
	int (*test)(struct file *, struct record *);
	int (*any)(void);
	void (*closed)(struct file *);
	void (*freed)(struct file *);
};

extern const struct record_ops record_advisory;

/* Which file f is open on: 0 or an errno. */
int record_key(struct file *, struct lock_key *);

/* How the ranges of f are locked. */
const struct record_ops *record_way(struct file *);

/*
 * fcntl's F_GETLK, F_SETLK, F_SETLKW and the three F_OFD_: 0, EINVAL,
 * EOVERFLOW, EBADF, EFAULT or what the way says.
 */
int record_lock(struct file *, int cmd, struct flock *);

/*
 * flock() of what NT cannot lock a byte of, in the table of advisory record
 * locks, of which it is none: 0, EAGAIN, EINTR or ENOLCK.  op is checked.
 */
int record_flock(struct file *, int op);

/* Has the process a lock at all?  Needs no lock of ours. */
int record_any(void);

/* For the descriptor table and for file_put(); no effect without locks. */
void record_closed(struct file *);
void record_freed(struct file *);

#endif
