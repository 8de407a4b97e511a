#include "poll/alarm.h"

#include <stdlib.h>

#include "nt/calls_nt.h"
#include "poll/interest.h"
#include "signal/state.h"
#include "time/timer_nt.h"

/*
 * As long as NT's own timeout can be late.  A wait for longer sleeps by that
 * until so much is left: most waits end before, and cost nothing more.
 */
#define COARSE INT64_C(16000000)

struct alarm {
	struct alarm *next;
	uintptr_t timer;
	HANDLE packet;
	uintptr_t thread;	/* that waits; 0: not in use */
};

int
alarm_supported(void)
{
	return nt_late.NtCreateWaitCompletionPacket != NULL &&
	    nt_late.NtAssociateWaitCompletionPacket != NULL &&
	    nt_late.NtCancelWaitCompletionPacket != NULL;
}

static struct alarm *
alarm_new(void)
{
	struct alarm *a;

	if ((a = calloc(1, sizeof(*a))) == NULL)
		return NULL;
	if (timer_open(TIME_MONOTONIC, &a->timer) != 0)
		goto free_alarm;
	if (nt_late.NtCreateWaitCompletionPacket(&a->packet, GENERIC_ALL,
	    NULL) != STATUS_SUCCESS)
		goto close_timer;
	return a;

close_timer:
	timer_close(a->timer);
free_alarm:
	free(a);
	return NULL;
}

/* One for each thread that waits at the same time. */
static struct alarm *
take(struct epoll *ep)
{
	struct alarm *a;
	uintptr_t self = sig_self()->handle;

	lock_write(&ep->ready_lock);
	for (a = ep->alarms; a != NULL && a->thread != 0; a = a->next)
		continue;
	if (a != NULL)
		a->thread = self;
	unlock_write(&ep->ready_lock);
	if (a != NULL || (a = alarm_new()) == NULL)
		return a;
	a->thread = self;
	lock_write(&ep->ready_lock);
	a->next = ep->alarms;
	ep->alarms = a;
	unlock_write(&ep->ready_lock);
	return a;
}

static void
give(struct epoll *ep, struct alarm *a)
{
	lock_write(&ep->ready_lock);
	a->thread = 0;
	unlock_write(&ep->ready_lock);
}

struct alarm *
alarm_begin(struct epoll *ep, int64_t *deadline)
{
	struct alarm *a;
	BOOLEAN rang;
	int64_t left;

	if (*deadline <= 0 || !alarm_supported() ||
	    (left = *deadline - clock_monotonic_ns()) <= 0)
		return NULL;
	if (left > 2 * COARSE) {
		*deadline -= COARSE;
		return NULL;
	}
	if ((a = take(ep)) == NULL)
		return NULL;
	if (timer_start(a->timer, TIME_MONOTONIC, *deadline) == 0 &&
	    nt_late.NtAssociateWaitCompletionPacket(a->packet,
	    (HANDLE)ep->port, (HANDLE)a->timer, (PVOID)(uintptr_t)KEY_ALARM, a,
	    STATUS_SUCCESS, 0, &rang) == STATUS_SUCCESS)
		return a;
	give(ep, a);
	return NULL;
}

/* TRUE: a packet that is in the port already is taken back, too. */
void
alarm_end(struct epoll *ep, struct alarm *a)
{
	if (a == NULL)
		return;
	(void)nt_late.NtCancelWaitCompletionPacket(a->packet, TRUE);
	timer_stop(a->timer);
	give(ep, a);
}

static void NTAPI
wake(ULONG_PTR arg)
{
	(void)arg;
}

/* The lock keeps the thread from going on, and so from ending. */
void
alarm_rang(struct epoll *ep, void *context)
{
	struct alarm *a = context;

	lock_write(&ep->ready_lock);
	if (a->thread != 0 && a->thread != sig_self()->handle)
		(void)QueueUserAPC(wake, (HANDLE)a->thread, 0);
	unlock_write(&ep->ready_lock);
}

void
alarms_free(struct epoll *ep)
{
	struct alarm *a;

	while ((a = ep->alarms) != NULL) {
		ep->alarms = a->next;
		(void)CloseHandle(a->packet);
		timer_close(a->timer);
		free(a);
	}
}
