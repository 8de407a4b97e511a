/*
 * Open file descriptions.
 *
 * A struct file is what POSIX calls an open file description: reference
 * counted, shared by dup, with its status flags, its kind's operations and
 * the watches that poll and epoll have put on it.  Each kind embeds it as the
 * first member of its own struct (disk_file, pipe_file, socket, epoll, ...).
 *
 * Operations return 0 or a positive errno.  A NULL operation means that the
 * kind has none; the face decides which errno that is (EINVAL, ESPIPE,
 * ENOTSOCK...).  All are called with a reference held and no lock.
 */
#ifndef FD_FILE_H
#define FD_FILE_H

#include <sys/types.h>

#include <stdatomic.h>
#include <stdint.h>

#include "fd/lock.h"
#include "fd/share.h"
#include "flock/record.h"

struct hand_record;
struct iovec;
struct stat;
struct watch;

enum file_kind {
	FILE_DISK,		/* regular file */
	FILE_DIR,
	FILE_CHAR,		/* console, NUL and other character devices */
	FILE_PIPE,
	FILE_SOCKET,		/* TCP, UDP, AF_UNIX native or emulated */
	FILE_EPOLL,
	FILE_EVENTFD,
	FILE_SIGNALFD,
	FILE_TIMERFD,
	FILE_PIDFD,
	FILE_INOTIFY,
	FILE_PATH		/* O_PATH, but for directories */
};

struct file;

/* access: what the program shall have of it; 0 for all. */
struct native_handle {
	uintptr_t handle;
	uint32_t access;
};

struct file_ops {
	const char *name;

	/* Data.  Positioned calls never move the offset; ESPIPE where NULL. */
	int (*readv)(struct file *, const struct iovec *, int, ssize_t *);
	int (*writev)(struct file *, const struct iovec *, int, ssize_t *);
	int (*preadv)(struct file *, const struct iovec *, int, off_t,
	    ssize_t *);
	int (*pwritev)(struct file *, const struct iovec *, int, off_t,
	    ssize_t *);
	int (*lseek)(struct file *, off_t, int whence, off_t *);

	int (*stat)(struct file *, struct stat *);
	int (*truncate)(struct file *, off_t);
	int (*allocate)(struct file *, int mode, off_t off, off_t len);
	int (*sync)(struct file *, int data_only);
	int (*flock)(struct file *, int op);
	int (*ioctl)(struct file *, unsigned long, void *);

	/* Told after O_NONBLOCK and friends changed; optional. */
	int (*setfl)(struct file *, int flags);

	/*
	 * Readiness.  poll: the EPOLL* events that hold now; must be cheap and
	 * must not block.  A kind with poll calls watch_notify() whenever an
	 * event begins to hold.  watch: told when the set of watched events
	 * may have grown, so that a kind that has to start something (a
	 * zero-byte read on a pipe) can; optional.
	 * afd: the base socket handle on which AFD can be asked instead; a kind
	 * has poll or afd, or neither (regular files: always ready in poll(2),
	 * EPERM from epoll_ctl).
	 * found: of the AFD_* events that AFD found, those that count; optional.
	 */
	uint32_t (*poll)(struct file *);
	void (*watch)(struct file *, uint32_t events);
	int (*afd)(struct file *, uintptr_t *base);
	uint32_t (*found)(struct file *, uint32_t afd);

	/*
	 * Handing over to children.  hand: fill in what a program of libcompat
	 * needs; the handles stay the description's.  native: the handle that
	 * a plain program can use, or 0.  NULL: the child does not get it.
	 */
	int (*hand)(struct file *, struct hand_record *);
	int (*native)(struct file *, struct native_handle *);

	/*
	 * The process pid, which does not run yet or has not been told, has
	 * what hand gave once more (n is 1), or will not have it (-1).  0: a
	 * plain program has what native gave, as one of 0 to 2.  Optional.
	 */
	void (*handed)(struct file *, uint32_t pid, int n);

	/*
	 * No number of the process has it any more, but a call that is under
	 * way may: see file_is_held().  Optional.
	 */
	void (*unheld)(struct file *);

	/* The last reference is gone: release everything, free the struct. */
	void (*close)(struct file *);
};

/* Of a timerfd: time/timerfd.c. */
struct timer_state {
	int64_t due;		/* the next expiration; 0: stopped */
	int64_t interval;
	uint64_t ticks;		/* expirations to be read */
	int base;		/* enum timebase, of due */
	int expired;		/* due has passed and was counted */
};

/*
 * The part of a description that a child process shares once it has inherited
 * it.  It lies in the description until then, and in a section of NT's from
 * then on: nobody keeps a pointer to it.
 */
struct file_state {
	atomic_int flags;	/* O_ACCMODE, O_APPEND, O_NONBLOCK, ... */
	off_t pos;		/* of a kind that has one, or an eventfd's
				   counter; under file_lock() */
	off_t synced;		/* pos when NT's position was last set to it */
	int native;		/* plain programs may use NT's position */
	struct timer_state timer;
};

/* What a slot of the table counts for in refs: see slot.h. */
#define FILE_HELD (1LL << 32)

struct file {
	atomic_llong refs;
	enum file_kind kind;
	const struct file_ops *ops;
	_Atomic(struct file_state *) state;	/* &own, or the share's */
	struct file_state own;
	struct lock pos_lock;
	struct share *share;	/* under pos_lock; NULL: nobody shares it */
	uintptr_t handle;	/* HANDLE or SOCKET; 0 where there is none */
	atomic_int runs;	/* a file, by name: 0 not asked, 1 no, 2 yes */
	struct lock watch_lock;
	struct watch *watches;	/* see poll/watch.h */
	struct record_state record;
};

/* Set up the common part, with one reference for the caller. */
void file_init(struct file *, enum file_kind, const struct file_ops *,
    int flags, uintptr_t handle);
void file_ref(struct file *);

/* Does a number have it?  Slots owe some of what they count for. */
static inline int
file_is_held(const struct file *f)
{
	return atomic_load(&f->refs) > FILE_HELD / 2;
}

/* The status flags, now; set those of mask to bits, and get the result. */
static inline int
file_flags(struct file *f)
{
	return atomic_load(&atomic_load_explicit(&f->state,
	    memory_order_acquire)->flags);
}

int file_set_flags(struct file *, int mask, int bits);

/*
 * Around everything that uses the position.  POSIX wants reads and writes on
 * one description one after the other, so it is held over the transfer.
 * Without a share it is a lock of this process and no call to NT; with one it
 * also holds back the other processes, and a holder that dies lets go.
 */
static inline void
file_lock(struct file *f)
{
	lock_write(&f->pos_lock);
	if (f->share != NULL)
		share_lock(f->share);
}

static inline void
file_unlock(struct file *f)
{
	if (f->share != NULL)
		share_unlock(f->share);
	unlock_write(&f->pos_lock);
}

/* Between file_lock() and file_unlock(). */
static inline off_t *
file_pos(struct file *f)
{
	return &atomic_load_explicit(&f->state, memory_order_relaxed)->pos;
}

/* Drop a reference; the last one removes the watches and calls ops->close. */
void file_put(struct file *);

#endif
