/* struct timespec and the library's ns; see clock.h. */
#ifndef TIME_CONVERT_H
#define TIME_CONVERT_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

/* 0, or EINVAL for what is no time; more than 292 years are INT64_MAX. */
static inline int
timespec_to_ns(const struct timespec *ts, int64_t *ns)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NS_PER_S)
		return EINVAL;
	*ns = ts->tv_sec < INT64_MAX / NS_PER_S ?
	    ts->tv_sec * NS_PER_S + ts->tv_nsec : INT64_MAX;
	return 0;
}

static inline struct timespec
ns_to_timespec(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / NS_PER_S,
	    .tv_nsec = (long)(ns % NS_PER_S) };
}

#endif
