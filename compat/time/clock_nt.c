#include "time/clock.h"

#include "nt/nt.h"

#define NS_PER_S 1000000000

/*
 * QueryPerformanceCounter cannot fail since Windows XP, and is monotonic over
 * all processors (Microsoft, "Acquiring high-resolution time stamps").  Its
 * frequency is fixed at boot, 10 MHz on most machines; the split keeps the
 * product within 64 bits.
 */
int64_t
clock_monotonic_ns(void)
{
	static LARGE_INTEGER frequency;
	LARGE_INTEGER now;
	int64_t hz;

	if ((hz = frequency.QuadPart) == 0) {
		(void)QueryPerformanceFrequency(&frequency);
		hz = frequency.QuadPart;
	}
	(void)QueryPerformanceCounter(&now);
	return now.QuadPart / hz * NS_PER_S +
	    now.QuadPart % hz * NS_PER_S / hz;
}

/* NT counts 100 ns from 1601. */
int64_t
clock_realtime_ns(void)
{
	FILETIME ft;
	int64_t ticks;

	GetSystemTimePreciseAsFileTime(&ft);
	ticks = (int64_t)ft.dwHighDateTime << 32 | ft.dwLowDateTime;
	return (ticks - INT64_C(116444736000000000)) * 100;
}

static int64_t
used_ns(FILETIME kernel, FILETIME user)
{
	int64_t k = (int64_t)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime;
	int64_t u = (int64_t)user.dwHighDateTime << 32 | user.dwLowDateTime;

	return (k + u) * 100;
}

int64_t
clock_process_ns(void)
{
	FILETIME made, ended, kernel, user;

	(void)GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel,
	    &user);
	return used_ns(kernel, user);
}

int64_t
clock_user_ns(void)
{
	FILETIME made, ended, kernel, user;

	(void)GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel,
	    &user);
	return used_ns((FILETIME){ 0 }, user);
}

int64_t
clock_thread_ns(void)
{
	FILETIME made, ended, kernel, user;

	(void)GetThreadTimes(GetCurrentThread(), &made, &ended, &kernel, &user);
	return used_ns(kernel, user);
}

int64_t
clock_deadline(int64_t timeout_ns)
{
	int64_t now;

	if (timeout_ns < 0)
		return -1;
	now = clock_monotonic_ns();
	return timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
}
