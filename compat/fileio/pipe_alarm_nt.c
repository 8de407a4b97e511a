#include "fileio/pipe_alarm.h"

#include <stdlib.h>

#include "fd/lock.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/pool.h"

struct pipe_alarm {
	struct lock lock;
	HANDLE end, event;
	int reads;			/* event is ours, for a read of nothing */
	int set, reading;
	OVERLAPPED ov;
	char none;
	uintptr_t wait;
	pipe_alarm_fn *fn;
	void *arg;
};

static void
rang(void *arg)
{
	struct pipe_alarm *a = arg;

	lock_write(&a->lock);
	a->set = a->reading = 0;
	unlock_write(&a->lock);
	a->fn(a->arg);
}

int
pipe_alarm_new(uintptr_t end, uintptr_t event, pipe_alarm_fn *fn, void *arg,
    struct pipe_alarm **ap)
{
	struct pipe_alarm *a;
	int err;

	if ((a = calloc(1, sizeof(*a))) == NULL)
		return ENOMEM;
	a->end = (HANDLE)end;
	a->event = (HANDLE)event;
	a->reads = event == 0;
	a->fn = fn;
	a->arg = arg;
	if (a->reads && (a->event = nt.CreateEventW(NULL, TRUE, FALSE,
	    NULL)) == NULL) {
		err = nt_errno(GetLastError());
		goto free_alarm;
	}
	if ((err = pool_wait_new(rang, a, &a->wait)) != 0)
		goto close_event;
	*ap = a;
	return 0;

close_event:
	if (a->reads)
		(void)CloseHandle(a->event);
free_alarm:
	free(a);
	return err;
}

/* A read that ends at once, or fails, rings at once. */
void
pipe_alarm_set(struct pipe_alarm *a)
{
	lock_write(&a->lock);
	if (!a->set) {
		a->set = 1;
		if (a->reads) {
			a->ov = (OVERLAPPED){ .hEvent = a->event };
			a->reading = nt.ReadFile(a->end, &a->none, 0, NULL,
			    &a->ov) || GetLastError() == ERROR_IO_PENDING;
			if (!a->reading)
				(void)SetEvent(a->event);
		}
		pool_wait_set(a->wait, (uintptr_t)a->event);
	}
	unlock_write(&a->lock);
}

void
pipe_alarm_free(struct pipe_alarm *a)
{
	DWORD n;

	if (a == NULL)
		return;
	pool_wait_free(a->wait);
	if (a->reading) {
		(void)nt.CancelIoEx(a->end, &a->ov);
		(void)nt.GetOverlappedResult(a->end, &a->ov, &n, TRUE);
	}
	if (a->reads)
		(void)CloseHandle(a->event);
	free(a);
}
