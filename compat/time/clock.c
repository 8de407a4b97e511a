#include <time.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/wait.h"
#include "time/clock.h"

#define SECOND INT64_C(1000000000)
#define TICK 100		/* ns: the unit that NT counts in */

static struct timespec
to_timespec(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / SECOND,
	    .tv_nsec = (long)(ns % SECOND) };
}

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
		*ts = to_timespec(ns);
	return result(err, 0);
}

int
clock_getres(clockid_t id, struct timespec *ts)
{
	int64_t ns;
	int err;

	if ((err = read_clock(id, &ns)) == 0 && ts != NULL)
		*ts = to_timespec(TICK);
	return result(err, 0);
}

/* A handler ends it, whatever its flags (signal(7) of Linux). */
int
nanosleep(const struct timespec *want, struct timespec *left)
{
	int64_t deadline, rest;
	int err;

	if (want->tv_sec < 0 || want->tv_nsec < 0 || want->tv_nsec >= SECOND)
		return result(EINVAL, 0);
	deadline = clock_deadline(want->tv_sec < INT64_MAX / SECOND ?
	    want->tv_sec * SECOND + want->tv_nsec : INT64_MAX);
	do {
		err = sig_wait(0, deadline);
	} while (err == EINTR && (err = sig_interrupt_always()) == 0);
	if (err == EINTR && left != NULL) {
		rest = deadline - clock_monotonic_ns();
		*left = to_timespec(rest > 0 ? rest : 0);
	}
	return result(err == ETIMEDOUT ? 0 : err, 0);
}
