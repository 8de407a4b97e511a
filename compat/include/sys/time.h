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

/**
 * setitimer(which, value, old), getitimer(which, now):
 * Send a signal to the process when it_value has passed (0: never), and then
 * each it_interval (0: once): SIGALRM by the time on the clock (ITIMER_REAL),
 * SIGVTALRM by the processor time that the process has used outside the kernel
 * (ITIMER_VIRTUAL), SIGPROF by all of it (ITIMER_PROF).  A process has one
 * timer of each; alarm() sets the first, too.  Its children do not inherit
 * them.  Never early; how late, see timerfd_create() and LIM-TIME-7.  What
 * passed while nobody could take the signal is one signal.  A null value stops
 * the timer, as on Linux.  The old or current setting has the time that is
 * left, and 0 only when the timer is stopped.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		a timer that there is not, or a time that is none.
 *	EFAULT		now is a null pointer.
 *	ENOMEM, EAGAIN	NT has no timer left.
 *
 * Source:	POSIX.1-2017, setitimer(2).
 * Limits:	LIM-TIME-7.
 */
#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

int setitimer(int, const struct itimerval *__restrict__,
    struct itimerval *__restrict__) COMPAT_SYM(setitimer);
int getitimer(int, struct itimerval *) COMPAT_SYM(getitimer);
COMPAT_END_DECLS

#endif
#endif
