/*
 * One byte range of a file, locked by NT.  The lock belongs to the handle's
 * file object.  An exclusive lock conflicts with any other one, its own
 * object's too; a shared one is stacked on its own object's exclusive one,
 * and then the first unlock of the range takes the exclusive away.
 */
#ifndef FLOCK_RANGE_H
#define FLOCK_RANGE_H

#include <stdint.h>

struct range_op;

/* At once: 0, EWOULDBLOCK, or what LockFileEx said. */
int range_try(uintptr_t handle, int exclusive, uint64_t off, uint64_t len);

/*
 * Exactly as it was locked.  What is not locked is an error of NT's (158, and
 * 33 on Wine), so ask only for what is.
 */
int range_unlock(uintptr_t handle, uint64_t off, uint64_t len);

/*
 * Ask for a lock and be granted it later; the handle is overlapped.  0: it is
 * ours now, *op is NULL.  EINPROGRESS: *op waits.  ENOSYS: nothing is asked
 * for, this system never grants what waits (Wine), so try again and again.
 */
int range_start(uintptr_t handle, int exclusive, uint64_t off, uint64_t len,
    struct range_op **op);

/*
 * Wait for it: 0 it is ours, else it is not: EINTR, ETIMEDOUT, ECANCELED (by
 * range_cancel(), from any thread) or NT's.  The op is freed by the caller.
 */
int range_wait(struct range_op *, int64_t deadline);
void range_cancel(struct range_op *);
void range_free(struct range_op *);

/*
 * The pause between two tries where waiting is not granted: twice as long each
 * time, up to a limit.  *pause starts at 0.  0, EINTR or ETIMEDOUT.
 */
int range_pause(int64_t *pause, int64_t deadline);

#endif
