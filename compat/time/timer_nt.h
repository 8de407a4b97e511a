/*
 * NT's waitable timers: handles to wait for.  They end on a clock of their own
 * and may be early by a tick: who waits looks at the clock, and sets again.
 */
#ifndef TIME_TIMER_NT_H
#define TIME_TIMER_NT_H

#include <stdint.h>

#include "time/clock.h"

/* Which clock a time is of. */
enum timebase {
	TIME_MONOTONIC,
	TIME_WALL,		/* follows when somebody sets the clock */
	TIME_PROCESS,		/* processor time; only an expiry takes it */
	TIME_USER		/* and what of it was not in the kernel */
};

int64_t timebase_now(enum timebase);

/* The time after a relative timeout, saturating. */
int64_t timebase_after(enum timebase, int64_t timeout_ns);

/* A timer stays signalled until it is set again. */
int timer_open(enum timebase, uintptr_t *timer);
int timer_start(uintptr_t timer, enum timebase, int64_t due);
void timer_stop(uintptr_t timer);
void timer_close(uintptr_t timer);

#endif
