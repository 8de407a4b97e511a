#include "time/expiry.h"

#include "nt/errmap.h"
#include "nt/nt.h"

static VOID CALLBACK
expired(PTP_CALLBACK_INSTANCE instance, PVOID arg, PTP_WAIT wait,
    TP_WAIT_RESULT why)
{
	struct expiry *e = arg;

	(void)instance;
	(void)wait;
	(void)why;
	e->fn(e->arg);
}

int
expiry_open(struct expiry *e, void (*fn)(void *), void *arg)
{
	PTP_WAIT wait;

	if ((wait = CreateThreadpoolWait(expired, e, NULL)) == NULL)
		return nt_errno(GetLastError());
	e->timer[TIME_MONOTONIC] = e->timer[TIME_WALL] = 0;
	e->wait = (uintptr_t)wait;
	e->fn = fn;
	e->arg = arg;
	return 0;
}

/* The pool waits once for each time that it is told to. */
int
expiry_set(struct expiry *e, enum timebase base, int64_t due)
{
	uintptr_t *timer = &e->timer[base];
	int err;

	if (*timer == 0 && (err = timer_open(base, timer)) != 0)
		return err;
	if ((err = timer_start(*timer, base, due)) != 0)
		return err;
	SetThreadpoolWait((PTP_WAIT)e->wait, (HANDLE)*timer, NULL);
	return 0;
}

void
expiry_stop(struct expiry *e)
{
	int i;

	SetThreadpoolWait((PTP_WAIT)e->wait, NULL, NULL);
	for (i = 0; i < 2; i++)
		if (e->timer[i] != 0)
			timer_stop(e->timer[i]);
}

void
expiry_close(struct expiry *e)
{
	PTP_WAIT wait = (PTP_WAIT)e->wait;
	int i;

	SetThreadpoolWait(wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
	CloseThreadpoolWait(wait);
	for (i = 0; i < 2; i++)
		if (e->timer[i] != 0)
			timer_close(e->timer[i]);
}
