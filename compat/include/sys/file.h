/* <sys/file.h>: flock. */
#ifndef COMPAT_SYS_FILE_H
#define COMPAT_SYS_FILE_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <fcntl.h>

#define LOCK_SH		1
#define LOCK_EX		2
#define LOCK_NB		4
#define LOCK_UN		8

COMPAT_BEGIN_DECLS

/**
 * flock(fd, op):
 * Apply or remove an advisory lock on the open file description behind fd: op
 * is LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB or without.  LOCK_EX to LOCK_SH
 * is atomic; LOCK_SH to LOCK_EX is not, as on Linux: the shared lock is given
 * up first and is lost when the new one cannot be had.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open, or was opened with O_PATH.
 *	EINTR		a signal came while waiting.
 *	EINVAL		op is none of these.
 *	ENOLCK		a directory: the table is full, LIM-LOCK-2.
 *	ENOTSUP		what fd refers to cannot be locked: LIM-FLOCK-2.
 *	EWOULDBLOCK	LOCK_NB was given and the lock is held elsewhere.
 *
 * Source:	flock(2) of 4.4BSD and Linux; not in POSIX.1-2024.
 * Limits:	LIM-FLOCK-1, LIM-FLOCK-2, LIM-FLOCK-3.
 */
int flock(int, int) COMPAT_SYM(flock);

COMPAT_END_DECLS

#endif
