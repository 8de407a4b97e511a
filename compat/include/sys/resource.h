/* <sys/resource.h>: time used. */
#ifndef COMPAT_IN_MINGW		/* none of mingw's headers needs it */
#ifndef COMPAT_SYS_RESOURCE_H
#define COMPAT_SYS_RESOURCE_H

#include <bits/crt.h>

#include <sys/time.h>
#include <sys/types.h>

#include <bits/sym.h>

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN	(-1)

struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;			/* KiB */
};

COMPAT_BEGIN_DECLS

/**
 * getrusage(who, usage):
 * The time that the process, or its children that were waited for, used.
 * Return 0, or -1 with EINVAL or EFAULT.  Source: POSIX.1-2024, XSI.
 */
int getrusage(int, struct rusage *) COMPAT_SYM(getrusage);

COMPAT_END_DECLS

#endif
#endif
