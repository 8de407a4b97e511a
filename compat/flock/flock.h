/*
 * Advisory locks of open file descriptions.
 */
#ifndef FLOCK_FLOCK_H
#define FLOCK_FLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "fd/lock.h"

/*
 * NT's byte-range locks are mandatory: they refuse other handles' reads and
 * writes inside the range.  So lock one byte where no data can be, and the
 * lock is advisory in effect.  Never [0, size): that misses what is appended
 * later and is nothing for an empty file.  The byte is below 2^63, beyond what
 * NTFS lets a file grow to (2^64 clusters in theory, 256 TB to 8 PB in fact).
 */
#define FLOCK_BYTE 0x7FFFFFFFFFFFFF00LL

struct flock_wait;

/* What a description holds; zero is nothing. */
struct flock_state {
	struct lock lock;
	int held;		/* LOCK_SH, LOCK_EX or 0 */
	int stacked;		/* NT has a LOCK_SH on top of LOCK_EX */
	int synchronous;	/* the handle is: a lock that waits would block */
	struct flock_wait *waits;
	_Atomic(atomic_uint *) turn;	/* once it is known */
};

/* op is checked.  0, EWOULDBLOCK, EINTR or what LockFileEx said. */
int flock_handle(struct flock_state *, uintptr_t handle, int op);

#endif
