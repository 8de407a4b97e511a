/* <sys/pidfd.h>: processes as descriptors; see compat_pidfd(3). */
#ifndef COMPAT_SYS_PIDFD_H
#define COMPAT_SYS_PIDFD_H

#include <bits/crt.h>

#include <signal.h>
#include <sys/types.h>

#include <bits/sym.h>

#define PIDFD_NONBLOCK 0x80000		/* O_NONBLOCK */

COMPAT_BEGIN_DECLS

/**
 * pidfd_open(pid, flags):
 * Open a descriptor that means the process pid, child or not, as long as it is
 * open: no other process has the number until then.  It is FD_CLOEXEC.  Poll
 * and epoll show it as readable when the process has ended, and
 * waitid(P_PIDFD) waits for it if it is a child; with PIDFD_NONBLOCK that is
 * EAGAIN while it runs.  Nothing can be read from it.
 *
 * Return the descriptor, or -1 with errno set to:
 *	EINVAL		pid is not positive, or a flag is unknown
 *	ESRCH		no such process, or a child that was waited for
 *	EPERM		NT does not let us open it (LIM-PROC-14)
 *	EMFILE		no free descriptor
 *	ENOMEM
 *
 * Source:	pidfd_open(2) of Linux.
 * Limits:	LIM-PROC-14.
 */
int pidfd_open(pid_t pid, unsigned int flags) COMPAT_SYM(pidfd_open);

/**
 * pidfd_send_signal(fd, signo, info, flags):
 * kill(), or with info sigqueue(), to that process and no other.  flags is 0.
 * Of info only si_signo, si_code and si_value count.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open, or not of pidfd_open()
 *	EINVAL		no such signal, info is of another one, flags
 *	EPERM		si_code could be the system's; or as kill()
 *	ESRCH		the process has ended, and was waited for
 *	EAGAIN, ENOSYS	as kill() and sigqueue()
 *
 * Source:	pidfd_send_signal(2) of Linux.
 * Limits:	those of kill(), LIM-SIG.
 */
int pidfd_send_signal(int fd, int signo, siginfo_t *info, unsigned int flags)
    COMPAT_SYM(pidfd_send_signal);

COMPAT_END_DECLS

#endif
