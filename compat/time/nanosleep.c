#include <time.h>

#include <errno.h>

#include "fd/result.h"
#include "time/convert.h"
#include "time/sleep.h"

/*
 * A relative sleep goes by the monotonic clock, whichever was named: setting
 * the wall clock must not change its length (POSIX, clock_nanosleep()).
 */
static int
sleep_for(int64_t ns, struct timespec *left)
{
	int64_t due = timebase_after(TIME_MONOTONIC, ns), rest;
	int err;

	err = sleep_until(TIME_MONOTONIC, due);
	if (err == EINTR && left != NULL) {
		rest = due - clock_monotonic_ns();
		*left = ns_to_timespec(rest > 0 ? rest : 0);
	}
	return err;
}

int
nanosleep(const struct timespec *want, struct timespec *left)
{
	int64_t ns;
	int err;

	if ((err = timespec_to_ns(want, &ns)) == 0)
		err = sleep_for(ns, left);
	return result(err, 0);
}

static int
is_clock(clockid_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_MONOTONIC;
}

/* Returns its error, as POSIX wants, and leaves errno alone. */
int
clock_nanosleep(clockid_t id, int flags, const struct timespec *want,
    struct timespec *left)
{
	int64_t ns;
	int err;

	if (id == CLOCK_PROCESS_CPUTIME_ID)
		return ENOTSUP;
	if (!is_clock(id))
		return EINVAL;
	if ((err = timespec_to_ns(want, &ns)) != 0)
		return err;
	if ((flags & TIMER_ABSTIME) == 0)
		return sleep_for(ns, left);
	return sleep_until(id == CLOCK_REALTIME ? TIME_WALL : TIME_MONOTONIC,
	    ns);
}
