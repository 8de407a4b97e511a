#include "time/timer_nt.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/nt.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x2
#endif

#define TICK 100		/* ns: the unit that NT counts in */
#define TICKS_1601_TO_1970 INT64_C(116444736000000000)

int64_t
timebase_now(enum timebase base)
{
	switch (base) {
	case TIME_WALL:
		return clock_realtime_ns();
	case TIME_PROCESS:
		return clock_process_ns();
	case TIME_USER:
		return clock_user_ns();
	default:
		return clock_monotonic_ns();
	}
}

int64_t
timebase_after(enum timebase base, int64_t timeout_ns)
{
	int64_t now = timebase_now(base);

	return timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
}

/*
 * A timer of high resolution ends within half a millisecond or so; others at
 * the next of NT's clock interrupts, up to 15.6 ms later.  NT has them since
 * Windows 10 1803.  Microsoft does not say what they make of an absolute time,
 * so the wall clock has an ordinary one: LIM-TIME-2.
 */
int
timer_open(enum timebase base, uintptr_t *timer)
{
	const DWORD access = SYNCHRONIZE | TIMER_MODIFY_STATE;
	HANDLE h = NULL;

	if (base == TIME_MONOTONIC)
		h = nt.CreateWaitableTimerExW(NULL, NULL,
		    CREATE_WAITABLE_TIMER_MANUAL_RESET |
		    CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, access);
	if (h == NULL)
		h = nt.CreateWaitableTimerExW(NULL, NULL,
		    CREATE_WAITABLE_TIMER_MANUAL_RESET, access);
	if (h == NULL)
		return nt_errno(GetLastError());
	*timer = (uintptr_t)h;
	return 0;
}

/* Negative for NT is relative.  Rounded up, for who waits must not be early. */
int
timer_start(uintptr_t timer, enum timebase base, int64_t due)
{
	LARGE_INTEGER t;
	int64_t left;

	if (base == TIME_WALL) {
		t.QuadPart = due / TICK + 1 + TICKS_1601_TO_1970;
	} else {
		left = due - clock_monotonic_ns();
		t.QuadPart = left > 0 ? -(left / TICK + 1) : -1;
	}
	if (!nt.SetWaitableTimer((HANDLE)timer, &t, 0, NULL, NULL, FALSE))
		return nt_errno(GetLastError());
	return 0;
}

void
timer_stop(uintptr_t timer)
{
	(void)CancelWaitableTimer((HANDLE)timer);
}

void
timer_close(uintptr_t timer)
{
	(void)CloseHandle((HANDLE)timer);
}
