#include "fileio/pipe_alarm.h"

#include <stdlib.h>

#include "fd/lock.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

struct pipe_alarm {
	struct lock lock;
	HANDLE end, event;
	int reads;			/* event is ours, for a read of nothing */
	int set, reading;
	OVERLAPPED ov;
	char none;
	PTP_WAIT wait;
	pipe_alarm_fn *fn;
	void *arg;
};

static void CALLBACK
rang(PTP_CALLBACK_INSTANCE instance, void *arg, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct pipe_alarm *a = arg;

	(void)instance;
	(void)wait;
	(void)result;
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
	if ((a->wait = nt.CreateThreadpoolWait(rang, a, NULL)) == NULL) {
		err = nt_errno(GetLastError());
		goto close_event;
	}
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
		SetThreadpoolWait(a->wait, a->event, NULL);
	}
	unlock_write(&a->lock);
}

void
pipe_alarm_free(struct pipe_alarm *a)
{
	DWORD n;

	if (a == NULL)
		return;
	SetThreadpoolWait(a->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(a->wait, TRUE);
	CloseThreadpoolWait(a->wait);
	if (a->reading) {
		(void)nt.CancelIoEx(a->end, &a->ov);
		(void)nt.GetOverlappedResult(a->end, &a->ov, &n, TRUE);
	}
	if (a->reads)
		(void)CloseHandle(a->event);
	free(a);
}
