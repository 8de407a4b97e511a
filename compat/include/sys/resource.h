/* <sys/resource.h>: time used, and limits. */
#ifndef COMPAT_IN_MINGW		/* none of mingw's headers needs it */
#ifndef COMPAT_SYS_RESOURCE_H
#define COMPAT_SYS_RESOURCE_H

#include <bits/crt.h>

#include <sys/time.h>
#include <sys/types.h>

#include <bits/sym.h>

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN	(-1)
#define RUSAGE_THREAD	1

/* What NT does not count is 0: LIM-PROC-15. */
struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;			/* KiB */
	long ru_ixrss;
	long ru_idrss;
	long ru_isrss;
	long ru_minflt;			/* page faults of all sorts */
	long ru_majflt;
	long ru_nswap;
	long ru_inblock;
	long ru_oublock;
	long ru_msgsnd;
	long ru_msgrcv;
	long ru_nsignals;
	long ru_nvcsw;
	long ru_nivcsw;
};

typedef unsigned long long rlim_t;

#define RLIM_INFINITY	(~0ULL)
#define RLIM_SAVED_MAX	RLIM_INFINITY
#define RLIM_SAVED_CUR	RLIM_INFINITY

#define RLIMIT_CPU	0		/* s */
#define RLIMIT_FSIZE	1		/* bytes, as the ones below */
#define RLIMIT_DATA	2
#define RLIMIT_CORE	4
#define RLIMIT_NOFILE	7		/* the highest descriptor, plus 1 */
#define RLIMIT_AS	9

struct rlimit {
	rlim_t rlim_cur;
	rlim_t rlim_max;
};

COMPAT_BEGIN_DECLS

/**
 * getrlimit(resource, limit), setrlimit(resource, limit):
 * RLIMIT_NOFILE is 65,536 at first, and can be lowered and raised again: no
 * descriptor from there on is given out (EMFILE; dup2: EBADF).  Those that are
 * open already stay.  Of the others RLIMIT_CORE is 0, because NT writes none,
 * and the rest is RLIM_INFINITY; they can be set to that only.
 *
 * Return 0, or -1 with errno set to:
 *	EFAULT		limit is a null pointer.
 *	EINVAL		no such resource, rlim_cur is above rlim_max, or a limit
 *			that NT has not.
 *	EPERM		more than 65,536 descriptors, or a core file.
 *
 * Source:	POSIX.1-2024, setrlimit(2).
 * Limits:	LIM-PROC-12.
 */
int getrlimit(int, struct rlimit *) COMPAT_SYM(getrlimit);
int setrlimit(int, const struct rlimit *) COMPAT_SYM(setrlimit);

/**
 * getpriority(which, who), setpriority(which, who, value):
 * The nice value of a process, from -20 (first) to 19; who 0 is this one.  NT
 * has five classes: below -10, below 0, 0, up to 10, above.  Of another
 * process getpriority() tells the middle of its class.  Children inherit it.
 *
 * Return the value, or 0, or -1 with errno set to:
 *	EINVAL		which is none of these.
 *	ENOTSUP		PRIO_PGRP, PRIO_USER.
 *	EPERM		NT does not let us open that process.
 *	ESRCH		there is no such process.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-19.
 */
#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2
int getpriority(int, id_t) COMPAT_SYM(getpriority);
int setpriority(int, id_t, int) COMPAT_SYM(setpriority);

/**
 * getrusage(who, usage):
 * The time and memory that the process (RUSAGE_SELF), the calling thread
 * (RUSAGE_THREAD; the memory is the process's) or the children that were
 * waited for used (RUSAGE_CHILDREN; not those that nobody waits for because
 * SIGCHLD is ignored or has SA_NOCLDWAIT).
 *
 * Return 0, or -1 with errno set to:
 *	EFAULT		usage is a null pointer.
 *	EINVAL		no such who.
 *
 * Source:	POSIX.1-2024, XSI; getrusage(2) of Linux.
 * Limits:	LIM-PROC-15.
 */
int getrusage(int, struct rusage *) COMPAT_SYM(getrusage);

COMPAT_END_DECLS

#endif
#endif
