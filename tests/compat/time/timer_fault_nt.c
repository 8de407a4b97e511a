#include "compat/time/timer_fault.h"

#include "nt/calls_nt.h"

#define HIGH_RESOLUTION 0x2	/* CREATE_WAITABLE_TIMER_HIGH_RESOLUTION */

static enum timers state;
static int refused;

static HANDLE WINAPI
create(LPSECURITY_ATTRIBUTES sa, LPCWSTR name, DWORD flags, DWORD access)
{
	if (state == TIMERS_NONE) {
		refused++;
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	if (state == TIMERS_COARSE && (flags & HIGH_RESOLUTION) != 0) {
		refused++;
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return CreateWaitableTimerExW(sa, name, flags, access);
}

/* Half of what is relative, and 10 ms of what is not. */
static BOOL WINAPI
set(HANDLE timer, const LARGE_INTEGER *due, LONG period,
    PTIMERAPCROUTINE fn, LPVOID arg, BOOL resume)
{
	LARGE_INTEGER t = *due;

	if (state == TIMERS_EARLY) {
		if (t.QuadPart < 0)
			t.QuadPart /= 2;
		else
			t.QuadPart -= 100000;
		refused++;
	}
	return SetWaitableTimer(timer, &t, period, fn, arg, resume);
}

void
timers_are(enum timers now)
{
	state = now;
	refused = 0;
	nt.CreateWaitableTimerExW = create;
	nt.SetWaitableTimer = set;
}

int
timers_refused(void)
{
	return refused;
}
