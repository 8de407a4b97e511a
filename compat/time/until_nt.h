#ifndef COMPAT_TIME_UNTIL_NT_H
#define COMPAT_TIME_UNTIL_NT_H

#include "nt/nt.h"
#include "time/clock.h"

/**
 * nt_until(deadline, timeout):
 * NT's relative time for what is left until the deadline, in ns of
 * clock_monotonic_ns(), rounded up; at once for 0, NULL (for ever) below that.
 */
static inline LARGE_INTEGER *
nt_until(int64_t deadline, LARGE_INTEGER *timeout)
{
	int64_t left;

	if (deadline < 0)
		return NULL;
	left = deadline > 0 ? deadline - clock_monotonic_ns() : 0;
	timeout->QuadPart = left > 0 ? -((left + 99) / 100) : 0;
	return timeout;
}

#endif
