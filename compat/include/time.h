/* <time.h>: mingw's, with what POSIX adds or changes. */
#ifdef COMPAT_IN_MINGW
#include_next <time.h>
#else
#ifndef COMPAT_TIME_H
#define COMPAT_TIME_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <time.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>
#include <sys/types.h>

COMPAT_BEGIN_DECLS
/*
 * REALTIME, MONOTONIC, PROCESS_CPUTIME_ID and THREAD_CPUTIME_ID, in steps of
 * 100 ns; EINVAL for others.  nanosleep ends with EINTR when a handler ran,
 * whatever its flags, and is never early: see compat_nanosleep(3).
 */
int clock_gettime(clockid_t, struct timespec *) COMPAT_SYM(clock_gettime);
int clock_getres(clockid_t, struct timespec *) COMPAT_SYM(clock_getres);
int nanosleep(const struct timespec *, struct timespec *)
    COMPAT_SYM(nanosleep);

/*
 * clock_nanosleep() returns 0 or its error: EINTR, EINVAL, and ENOTSUP for
 * CLOCK_PROCESS_CPUTIME_ID.  With TIMER_ABSTIME a sleep by CLOCK_REALTIME
 * follows when the clock is set.
 */
int clock_nanosleep(clockid_t, int flags, const struct timespec *,
    struct timespec *) COMPAT_SYM(clock_nanosleep);

/**
 * gmtime_r(t, tm), gmtime(t), timegm(tm):
 * UTC of a time and back, for every year that an int can hold; the C runtime's
 * know 1970 to 3000.  timegm() takes fields out of their ranges and sets them,
 * with tm_wday and tm_yday, as mktime() does.  gmtime()'s result is overwritten
 * by the next call.
 *
 * Return NULL or -1 with errno EOVERFLOW when the year does not fit.
 * Source:	POSIX.1-2024.
 * Limits:	LIM-TIME-8 (localtime and mktime are the C runtime's).
 */
struct tm *gmtime_r(const time_t *__restrict__, struct tm *__restrict__)
    COMPAT_SYM(gmtime_r);
struct tm *gmtime(const time_t *) COMPAT_SYM(gmtime);
time_t timegm(struct tm *) COMPAT_SYM(timegm);
COMPAT_END_DECLS

#endif
#endif
