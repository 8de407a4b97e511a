/* <sys/wait.h>: the end of children. */
#ifndef COMPAT_IN_MINGW		/* none of mingw's headers needs it */
#ifndef COMPAT_SYS_WAIT_H
#define COMPAT_SYS_WAIT_H

#include <bits/crt.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <bits/sym.h>

#define WNOHANG		1
#define WUNTRACED	2
#define WSTOPPED	2
#define WEXITED		4
#define WCONTINUED	8
#define WNOWAIT		0x01000000

#define WEXITSTATUS(s)	(((s) >> 8) & 0xff)
#define WTERMSIG(s)	((s) & 0x7f)
#define WSTOPSIG(s)	WEXITSTATUS(s)
#define WIFEXITED(s)	(WTERMSIG(s) == 0)
#define WIFSIGNALED(s)	(WTERMSIG(s) != 0 && WTERMSIG(s) != 0x7f)
#define WIFSTOPPED(s)	(((s) & 0xff) == 0x7f)
#define WIFCONTINUED(s)	((s) == 0xffff)
#define WCOREDUMP(s)	((s) & 0x80)

typedef enum {
	P_ALL,
	P_PID,
	P_PGID,
	P_PIDFD			/* of pidfd_open() */
} idtype_t;

COMPAT_BEGIN_DECLS

/**
 * waitpid(pid, status, options):
 * Wait for the end of a child of posix_spawn: pid > 0 that one, -1 any, 0 any
 * in the caller's group, less than -1 any in group -pid.  Children do not
 * stop, so WUNTRACED and WCONTINUED change nothing.
 *
 * Return its number, 0 (WNOHANG, none has ended), or -1 with errno:
 *	ECHILD		there is no such child, or it was waited for; or
 *			SIGCHLD is ignored (or SA_NOCLDWAIT), and the last
 *			has ended
 *	EINTR		a signal was handled
 *	EINVAL		unknown options
 *
 * Source:	waitpid, POSIX.1-2024.
 * Limits:	LIM-SIG-7 (which exit codes mean signals), LIM-PROC-4.
 */
pid_t wait(int *) COMPAT_SYM(wait);
pid_t waitpid(pid_t, int *, int) COMPAT_SYM(waitpid);

/* The same, with the time that the child used. */
pid_t wait3(int *, int, struct rusage *) COMPAT_SYM(wait3);
pid_t wait4(pid_t, int *, int, struct rusage *) COMPAT_SYM(wait4);

/**
 * waitid(type, id, info, options):
 * The same with a siginfo_t, and WNOWAIT: the child can be waited for again.
 * options must have WEXITED, WSTOPPED or WCONTINUED, of which WEXITED alone can
 * come true.  si_pid is 0 where WNOHANG finds none.  With
 * P_PIDFD, id is a descriptor of pidfd_open(): EBADF when it is not, EINVAL
 * when it is negative, EAGAIN when it is O_NONBLOCK and WNOHANG would find
 * nothing (and is not given).
 */
int waitid(idtype_t, id_t, siginfo_t *, int) COMPAT_SYM(waitid);

COMPAT_END_DECLS

#endif
#endif
