/*
 * Advisory locks of open file descriptions.
 */
#ifndef FLOCK_FLOCK_H
#define FLOCK_FLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "fd/lock.h"

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
