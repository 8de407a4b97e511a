/*
 * <sys/timerfd.h>, as on Linux: see compat_timerfd(3).
 *
 * Source:	timerfd_create(2) of the Linux man-pages 6.x; not in POSIX.
 * Limits:	LIM-TIME-1 and following in LIMITATIONS.
 */
#ifndef COMPAT_SYS_TIMERFD_H
#define COMPAT_SYS_TIMERFD_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <bits/timespec.h>
#include <time.h>

COMPAT_BEGIN_DECLS

#define TFD_NONBLOCK 0x80000		/* O_NONBLOCK */
#define TFD_CLOEXEC 0x80		/* O_CLOEXEC */

#define TFD_TIMER_ABSTIME 1
#define TFD_TIMER_CANCEL_ON_SET 2	/* refused where it would matter */

/*
 * Open a timer of CLOCK_MONOTONIC or CLOCK_REALTIME, which does not run yet.
 *
 * Return its descriptor, or -1 with errno set to EINVAL (another clock, unknown
 * flag), EMFILE or ENOMEM.
 */
int timerfd_create(clockid_t clock, int flags) COMPAT_SYM(timerfd_create);

/*
 * Let the timer expire after value->it_value (at that time, with
 * TFD_TIMER_ABSTIME) and then every value->it_interval; stop it when it_value
 * is 0.  What it was set to, as by timerfd_gettime(), goes to *old, which may
 * be NULL.  read(2) takes the number of expirations since, 8 bytes.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF	fd is not open.
 *	EFAULT	value is NULL, or for timerfd_gettime() now.
 *	EINVAL	fd is no timer, a flag is unknown, a time is not valid, or
 *		TFD_TIMER_CANCEL_ON_SET is given with TFD_TIMER_ABSTIME for
 *		CLOCK_REALTIME (LIM-TIME-3).
 *	ENOMEM	NT has no timer left; this one has stopped.
 */
int timerfd_settime(int fd, int flags, const struct itimerspec *value,
    struct itimerspec *old) COMPAT_SYM(timerfd_settime);

/* The time to the next expiration, 0 when stopped, and the interval. */
int timerfd_gettime(int fd, struct itimerspec *now)
    COMPAT_SYM(timerfd_gettime);

COMPAT_END_DECLS

#endif
