#include "time/expiry.h"

#include "nt/pool.h"

int
expiry_open(struct expiry *e, void (*fn)(void *), void *arg)
{
	e->timer[TIME_MONOTONIC] = e->timer[TIME_WALL] = 0;
	e->shared = 0;
	return pool_wait_new(fn, arg, &e->wait);
}

/* The pool waits once for each time that it is told to. */
int
expiry_set(struct expiry *e, enum timebase base, int64_t due)
{
	uintptr_t *timer = e->shared != 0 ? &e->shared : &e->timer[base];
	int err;

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
