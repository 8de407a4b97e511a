/* <sys/times.h>: processor time in clock ticks. */
#ifndef COMPAT_SYS_TIMES_H
#define COMPAT_SYS_TIMES_H

#include <bits/crt.h>

#include <sys/types.h>

#include <bits/sym.h>

struct tms {
	clock_t tms_utime;
	clock_t tms_stime;
	clock_t tms_cutime;		/* of children that were waited for */
	clock_t tms_cstime;
};

COMPAT_BEGIN_DECLS
/**
 * times(buffer):
 * The processor time of the process and of its children, as getrusage() tells
 * it, in ticks of 10 ms: sysconf(_SC_CLK_TCK) is 100.  Return the real time
 * since some moment, in the same ticks; it is never negative, and begins again
 * at 0 every 248 days.
 *
 * Return it, or -1 with errno set to EFAULT (a null pointer).
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-15.
 */
clock_t times(struct tms *) COMPAT_SYM(times);
COMPAT_END_DECLS

#endif
