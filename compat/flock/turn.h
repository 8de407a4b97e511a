/*
 * Whose turn it is.  Who waits for an exclusive lock is counted, in memory
 * that the processes of a session share, so that who asks for a shared one
 * can let him go first.  A count is of all files with the same hash, and one
 * of a process that was killed stays: both only cost time, see flock.c.
 */
#ifndef FLOCK_TURN_H
#define FLOCK_TURN_H

#include <stdatomic.h>
#include <stdint.h>

/* The counter for a file; never NULL. */
atomic_uint *turn_of(uintptr_t handle);

#endif
