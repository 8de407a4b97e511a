/*
 * A lock of one pointer's size that is ready when zeroed (an SRWLOCK on NT),
 * so that it can be embedded in anything and needs no destructor.  Not
 * recursive.  Never held across a call that can block or run a handler.
 */
#ifndef FD_LOCK_H
#define FD_LOCK_H

#include <stdint.h>

struct lock {
	uintptr_t word;
};

void lock_write(struct lock *);
void unlock_write(struct lock *);
void lock_read(struct lock *);
void unlock_read(struct lock *);

#endif
