#include "time/expiry.h"

#include "nt/pool.h"
#include "process/identity.h"

/*
 * NT has no wait for processor time, and counts it in steps of its clock.  So
 * the next look is when it could be used up at the earliest, if all processors
 * ran for this process, but a step away at least, and later the longer the
 * process does nothing.
 */
#define STEP INT64_C(10000000)
#define STEP_MAX (16 * STEP)

int
expiry_open(struct expiry *e, void (*fn)(void *), void *arg)
{
	e->timer[TIME_MONOTONIC] = e->timer[TIME_WALL] = 0;
	e->shared = 0;
	e->used = e->pause = 0;
	return pool_wait_new(fn, arg, &e->wait);
}

static int64_t
next_look(struct expiry *e, enum timebase base, int64_t due)
{
	int64_t used = timebase_now(base), wait;

	wait = (due - used) / process_processors();
	if (used - e->used > e->pause / 16 || e->pause == 0)
		e->pause = STEP;
	else if (e->pause < STEP_MAX)
		e->pause *= 2;
	e->used = used;
	return timebase_after(TIME_MONOTONIC, wait > e->pause ? wait :
	    e->pause);
}

/* The pool waits once for each time that it is told to. */
int
expiry_set(struct expiry *e, enum timebase base, int64_t due)
{
	uintptr_t *timer;
	int err;

	if (base >= TIME_PROCESS) {
		due = next_look(e, base, due);
		base = TIME_MONOTONIC;
	}
	timer = e->shared != 0 ? &e->shared : &e->timer[base];
	if (*timer == 0 && (err = timer_open(base, timer)) != 0)
		return err;
	if ((err = timer_start(*timer, base, due)) != 0)
		return err;
	pool_wait_set(e->wait, *timer);
	return 0;
}

void
expiry_stop(struct expiry *e)
{
	int i;

	pool_wait_set(e->wait, 0);
	for (i = 0; i < 2; i++)
		if (e->timer[i] != 0)
			timer_stop(e->timer[i]);
}

int
expiry_share(struct expiry *e, enum timebase base)
{
	return e->shared != 0 ? 0 : timer_open(base, &e->shared);
}

void
expiry_close(struct expiry *e)
{
	int i;

	pool_wait_free(e->wait);
	for (i = 0; i < 2; i++)
		if (e->timer[i] != 0)
			timer_close(e->timer[i]);
	if (e->shared != 0)
		timer_close(e->shared);
}
