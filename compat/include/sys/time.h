/* <sys/time.h>: ours; mingw's is not used. */
#ifdef COMPAT_IN_MINGW
#include_next <sys/time.h>
#else
#ifndef COMPAT_SYS_TIME_H
#define COMPAT_SYS_TIME_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#ifndef timerisset
#define timerisset(t)	((t)->tv_sec != 0 || (t)->tv_usec != 0)
#define timerclear(t)	((void)((t)->tv_sec = 0, (t)->tv_usec = 0))
#define timercmp(a, b, op) \
	((a)->tv_sec == (b)->tv_sec ? \
	    (a)->tv_usec op (b)->tv_usec : (a)->tv_sec op (b)->tv_sec)
#define timeradd(a, b, r) do { \
		(r)->tv_sec = (a)->tv_sec + (b)->tv_sec; \
		(r)->tv_usec = (a)->tv_usec + (b)->tv_usec; \
		if ((r)->tv_usec >= 1000000) { \
			(r)->tv_sec++; \
			(r)->tv_usec -= 1000000; \
		} \
	} while (0)
#define timersub(a, b, r) do { \
		(r)->tv_sec = (a)->tv_sec - (b)->tv_sec; \
		(r)->tv_usec = (a)->tv_usec - (b)->tv_usec; \
		if ((r)->tv_usec < 0) { \
			(r)->tv_sec--; \
			(r)->tv_usec += 1000000; \
		} \
	} while (0)
#endif

COMPAT_BEGIN_DECLS
/** gettimeofday(tv, tz): the time of day; tz is left alone.  Return 0. */
int gettimeofday(struct timeval *__restrict__, void *__restrict__)
    COMPAT_SYM(gettimeofday);

/**
 * utimes(path, times), lutimes(path, times), futimes(fd, times):
 * As utimensat() and futimens(), in microseconds; NULL is now.
 */
int utimes(const char *, const struct timeval[2]) COMPAT_SYM(utimes);
int lutimes(const char *, const struct timeval[2]) COMPAT_SYM(lutimes);
int futimes(int, const struct timeval[2]) COMPAT_SYM(futimes);
COMPAT_END_DECLS

#endif
#endif
