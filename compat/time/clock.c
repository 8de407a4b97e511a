#include <time.h>

#include "fd/result.h"
#include "time/clock.h"
#include "time/convert.h"

#define TICK 100		/* ns: the unit that NT counts in */

static int
read_clock(clockid_t id, int64_t *ns)
{
	switch (id) {
	case CLOCK_REALTIME:
		*ns = clock_realtime_ns();
		return 0;
	case CLOCK_MONOTONIC:
		*ns = clock_monotonic_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = clock_process_ns();
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = clock_thread_ns();
		return 0;
	default:
		return EINVAL;
	}
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int64_t ns;
	int err;

	if ((err = read_clock(id, &ns)) == 0)
		*ts = ns_to_timespec(ns);
	return result(err, 0);
}

int
clock_getres(clockid_t id, struct timespec *ts)
{
	int64_t ns;
	int err;

	if ((err = read_clock(id, &ns)) == 0 && ts != NULL)
		*ts = ns_to_timespec(TICK);
	return result(err, 0);
}
