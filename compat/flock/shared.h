/*
 * The shared table of record locks, and what only NT knows: who is in it, who
 * is alive, and how to wake a thread of another process.
 */
#ifndef FLOCK_SHARED_H
#define FLOCK_SHARED_H

#include <stdint.h>

#include "flock/table.h"

/* Map it, once: 0 or ENOLCK.  Before anything else here. */
int shared_open(void);

/*
 * Be alone in the table.  Without contention this is no call to NT.  Not
 * recursive, and nothing that can block in between.
 */
struct lock_table *shared_enter(void);
void shared_leave(void);

/* The calling process, as it is known in the table. */
const struct lock_process *shared_self(void);

/* Which file a handle is open on: 0 or an errno. */
int shared_key(uintptr_t handle, struct lock_key *);

/* Has the process ended?  When in doubt, no. */
int shared_is_dead(const struct lock_process *);

/*
 * A slot among the waiters, for one thread, with an event: 0, or ENOLCK when
 * all are taken.
 */
struct lock_seat {
	uint32_t slot;
	uintptr_t event;
};

int shared_seat_take(struct lock_seat *);
void shared_seat_give(const struct lock_seat *);

/*
 * Wait until somebody wakes the seat or the process has ended, whose locks
 * must go then: 0 or EINTR.
 */
int shared_wait(const struct lock_seat *, const struct lock_process *);
void shared_wake(const struct lock_wake *);

#endif
