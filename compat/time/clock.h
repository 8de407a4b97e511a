/* The library's own clocks. */
#ifndef TIME_CLOCK_H
#define TIME_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC in ns; never goes back, counts from an arbitrary point. */
int64_t clock_monotonic_ns(void);

/* CLOCK_REALTIME in ns since 1970. */
int64_t clock_realtime_ns(void);

/* Processor time in ns; NT counts it in steps of its timer, some ms. */
int64_t clock_process_ns(void);
int64_t clock_user_ns(void);
int64_t clock_thread_ns(void);

/*
 * The absolute deadline for a relative timeout in ns: -1 (no limit) for a
 * negative one, saturating instead of overflowing.
 */
int64_t clock_deadline(int64_t timeout_ns);

#endif
