/* What sleep, usleep, nanosleep and clock_nanosleep share. */
#ifndef TIME_SLEEP_H
#define TIME_SLEEP_H

#include "time/timer_nt.h"

/*
 * Sleep until due.  Return 0, never early, or EINTR when a handler ran,
 * whatever its flags (signal(7) of Linux).
 */
int sleep_until(enum timebase, int64_t due);

#endif
