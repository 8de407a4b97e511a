#include <sys/times.h>

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <sys/resource.h>

#include "fd/result.h"
#include "process/child.h"
#include "time/clock.h"

#define NS_PER_TICK (INT64_C(1000000000) / PROCESS_TICKS)

static clock_t
ticks(const struct timeval *t)
{
	return (clock_t)(t->tv_sec * PROCESS_TICKS +
	    t->tv_usec / (1000000 / PROCESS_TICKS));
}

/* clock_t has 32 bits here: -1 stays an error, which nothing wraps to. */
clock_t
times(struct tms *buffer)
{
	struct rusage self, children;
	int64_t now;
	int err;

	if (buffer == NULL)
		return result(EFAULT, 0);
	if ((err = process_usage(&self)) != 0)
		return result(err, 0);
	child_usage(&children);
	buffer->tms_utime = ticks(&self.ru_utime);
	buffer->tms_stime = ticks(&self.ru_stime);
	buffer->tms_cutime = ticks(&children.ru_utime);
	buffer->tms_cstime = ticks(&children.ru_stime);
	now = clock_monotonic_ns() / NS_PER_TICK;
	return (clock_t)(now & INT_MAX);
}
