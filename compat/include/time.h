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
COMPAT_END_DECLS

#endif
#endif
