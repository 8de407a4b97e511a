/* <sys/prctl.h>: what a process can have Linux do; see compat_prctl(3). */
#ifndef COMPAT_SYS_PRCTL_H
#define COMPAT_SYS_PRCTL_H

#include <bits/crt.h>
#include <bits/sym.h>

#define PR_SET_PDEATHSIG	1
#define PR_GET_PDEATHSIG	2
#define PR_SET_NAME		15
#define PR_GET_NAME		16

COMPAT_BEGIN_DECLS
/**
 * prctl(PR_SET_PDEATHSIG, int signo), prctl(PR_GET_PDEATHSIG, int *signo):
 * Send signo to this process when its parent ends; 0: no more.  As on Linux,
 * nothing comes when the parent has ended before the call: then getppid() is
 * 1.  A program that exec starts keeps it, children do not.
 *
 * prctl(PR_SET_NAME, const char *name), prctl(PR_GET_NAME, char name[16]):
 * The name of the calling thread, as debuggers show it: 15 bytes at most, of
 * which no character is cut in two.  A thread without one has the program's.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		another option, no signal, or a name that is not UTF-8.
 *	EFAULT		a null pointer.
 *	ENOSYS		SIGSTOP (LIM-SIG-4).
 *	EPERM		NT does not let us open the parent.
 *	ENOMEM, EAGAIN
 *
 * Source:	prctl(2) of Linux.
 * Limits:	LIM-PROC-50.
 */
int prctl(int option, ...) COMPAT_SYM(prctl);
COMPAT_END_DECLS

#endif
