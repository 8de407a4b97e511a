/*
 * Threads that block until an object has something for them; only this process
 * gives it.
 */
#ifndef SIGNAL_BLOCK_H
#define SIGNAL_BLOCK_H

#include "fd/file.h"
#include "fd/lock.h"

struct blocked {
	uintptr_t event;	/* made by the first thread that blocks */
	unsigned int count;
};

/*
 * Call attempt(arg) under the lock until it is not EAGAIN, and block in between
 * unless f is non-blocking: its result, or EINTR, or ENOMEM.
 */
int block_until(struct blocked *, struct file *f, struct lock *,
    int (*attempt)(void *), void *arg);

/* Lock held: there is something. */
void block_wake(struct blocked *);
void block_free(struct blocked *);

#endif
