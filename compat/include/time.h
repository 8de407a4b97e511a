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
#include <bits/timespec.h>
#include <sys/types.h>

struct sigevent;

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

/**
 * timer_create(clock, event, id), timer_delete(id):
 * Make a timer that does not run, by CLOCK_REALTIME, CLOCK_MONOTONIC or
 * CLOCK_PROCESS_CPUTIME_ID, and remove it with a signal of its that is
 * pending.  event (<signal.h>) says what an expiration does: SIGEV_SIGNAL
 * sends sigev_signo with sigev_value, SIGEV_THREAD calls sigev_notify_function
 * on a new thread, SIGEV_NONE does nothing.  A null event is SIGALRM with the
 * id.  Children and programs that are started inherit no timers.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		the clock, the way to notify, the signal or the id is
 *			not one; SIGEV_THREAD without a function.
 *	ENOTSUP		CLOCK_THREAD_CPUTIME_ID (LIM-TIME-4).
 *	ENOSYS		SIGSTOP (LIM-SIG-4).
 *	EAGAIN		no memory, or NT has no timer left.
 *	EFAULT		id is a null pointer.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-TIME-2, LIM-TIME-4, LIM-TIME-6, LIM-TIME-7, LIM-TIME-9.
 */
int timer_create(clockid_t, struct sigevent *__restrict__,
    timer_t *__restrict__) COMPAT_SYM(timer_create);
int timer_delete(timer_t) COMPAT_SYM(timer_delete);

/**
 * timer_settime(id, flags, value, old), timer_gettime(id, now):
 * Let a timer expire when it_value has passed, or is reached with
 * TIMER_ABSTIME, and then each it_interval; an it_value of 0 stops it.  A
 * signal of its that is pending is forgotten.  What is left, and the interval,
 * go to old or now.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		id is not a timer; value is a null pointer, or no time.
 *	EFAULT		now is a null pointer.
 *	ENOMEM		NT has no timer left; this one is as it was.
 *
 * Source:	POSIX.1-2024.
 */
int timer_settime(timer_t, int flags, const struct itimerspec *__restrict__,
    struct itimerspec *__restrict__) COMPAT_SYM(timer_settime);
int timer_gettime(timer_t, struct itimerspec *) COMPAT_SYM(timer_gettime);

/**
 * timer_getoverrun(id):
 * How often the timer expired between the expiration that the last signal was
 * sent for, and the time when that was taken; with SIGEV_THREAD, when the
 * thread was started.  At most DELAYTIMER_MAX.  The signal has it as
 * si_overrun.
 *
 * Return it, or -1 with errno EINVAL when id is not a timer.
 *
 * Source:	POSIX.1-2024.
 */
int timer_getoverrun(timer_t) COMPAT_SYM(timer_getoverrun);
COMPAT_END_DECLS

#endif
#endif
