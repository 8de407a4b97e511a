/*
 * A function that is called when a time has come, on a thread of NT's pool.
 * Any number of these wait on a thread or two: NT's pool sees to that.
 */
#ifndef TIME_EXPIRY_H
#define TIME_EXPIRY_H

#include <stdint.h>

#include "time/timer_nt.h"

struct expiry {
	uintptr_t timer[2];	/* by timebase; made when first needed */
	uintptr_t shared;	/* instead of them; 0: not shared */
	uintptr_t wait;		/* of the pool */
	int64_t used, pause;	/* of processor time: see expiry_nt.c */
};

int expiry_open(struct expiry *, void (*fn)(void *), void *arg);

/*
 * Call fn once at due; replaces an earlier time.  The call may come too early,
 * or for the earlier time: fn looks at the clock.  The caller sees to it that
 * no two threads set one expiry at once.
 */
int expiry_set(struct expiry *, enum timebase, int64_t due);
void expiry_stop(struct expiry *);

/*
 * Have one timer instead, made for that base, whose handle others can have too:
 * whoever sets it sets it for all, and each who has set it is called once.
 */
int expiry_share(struct expiry *, enum timebase);

/*
 * Of what is periodic, when due has come: go on to the first time after now,
 * and return how many were passed over.  None, if the clock was set back.
 */
static inline int64_t
expiry_next(int64_t *due, int64_t interval, int64_t now)
{
	int64_t n = now > *due ? (now - *due) / interval : 0, step;

	if (__builtin_mul_overflow(n + 1, interval, &step) ||
	    __builtin_add_overflow(*due, step, due))
		*due = INT64_MAX;
	return n;
}

/* Wait for a call that is under way; none comes afterwards. */
void expiry_close(struct expiry *);

#endif
