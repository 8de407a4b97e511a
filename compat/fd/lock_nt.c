#include "fd/lock.h"

#include <assert.h>

#include "nt/nt.h"

/* SRWLOCK is one pointer, and all zero bits are SRWLOCK_INIT. */
static_assert(sizeof(struct lock) == sizeof(SRWLOCK), "lock size");

void
lock_write(struct lock *l)
{
	AcquireSRWLockExclusive((SRWLOCK *)l);
}

void
unlock_write(struct lock *l)
{
	ReleaseSRWLockExclusive((SRWLOCK *)l);
}

void
lock_read(struct lock *l)
{
	AcquireSRWLockShared((SRWLOCK *)l);
}

void
unlock_read(struct lock *l)
{
	ReleaseSRWLockShared((SRWLOCK *)l);
}
