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
 * 100 ns; EINVAL for others.  nanosleep ends with EINTR when a handler ran.
 */
int clock_gettime(clockid_t, struct timespec *) COMPAT_SYM(clock_gettime);
int clock_getres(clockid_t, struct timespec *) COMPAT_SYM(clock_getres);
int nanosleep(const struct timespec *, struct timespec *)
    COMPAT_SYM(nanosleep);
COMPAT_END_DECLS

#endif
#endif
