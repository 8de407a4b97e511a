/*
 * <sys/inotify.h>: changes of files and directories; see compat_inotify(3) for
 * what differs.
 *
 * Source:	inotify(7) of the Linux man-pages 6.x; not in POSIX.
 * Limits:	LIM-INOTIFY-1 and following in LIMITATIONS.
 */
#ifndef COMPAT_SYS_INOTIFY_H
#define COMPAT_SYS_INOTIFY_H

#include <bits/crt.h>
#include <bits/sym.h>

#include <stdint.h>

COMPAT_BEGIN_DECLS

#define IN_CLOEXEC 0x80			/* O_CLOEXEC */
#define IN_NONBLOCK 0x80000		/* O_NONBLOCK */

/* What can be asked for. */
#define IN_ACCESS	0x00000001u	/* NT does not tell */
#define IN_MODIFY	0x00000002u
#define IN_ATTRIB	0x00000004u
#define IN_CLOSE_WRITE	0x00000008u	/* NT does not tell */
#define IN_CLOSE_NOWRITE 0x00000010u	/* NT does not tell */
#define IN_CLOSE	(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE)
#define IN_OPEN		0x00000020u	/* NT does not tell */
#define IN_MOVED_FROM	0x00000040u
#define IN_MOVED_TO	0x00000080u
#define IN_MOVE		(IN_MOVED_FROM | IN_MOVED_TO)
#define IN_CREATE	0x00000100u
#define IN_DELETE	0x00000200u
#define IN_DELETE_SELF	0x00000400u
#define IN_MOVE_SELF	0x00000800u
#define IN_ALL_EVENTS	0x00000fffu

/* What is told besides. */
#define IN_UNMOUNT	0x00002000u	/* never */
#define IN_Q_OVERFLOW	0x00004000u
#define IN_IGNORED	0x00008000u
#define IN_ISDIR	0x40000000u

/* How to watch. */
#define IN_ONLYDIR	0x01000000u
#define IN_DONT_FOLLOW	0x02000000u
#define IN_EXCL_UNLINK	0x04000000u	/* no effect */
#define IN_MASK_CREATE	0x10000000u
#define IN_MASK_ADD	0x20000000u
#define IN_ONESHOT	0x80000000u

struct inotify_event {
	int wd;
	uint32_t mask;
	uint32_t cookie;		/* the same for both ends of a move */
	uint32_t len;			/* of name, with its padding */
	char name[];			/* UTF-8, NUL-terminated */
};

/**
 * inotify_init1(flags):
 * Open a descriptor that tells of changes, with IN_NONBLOCK and IN_CLOEXEC;
 * inotify_init() is inotify_init1(0).  read() takes whole events, as many as
 * there are and fit: EINVAL when the first does not fit.
 *
 * Return the descriptor, or -1 with errno set to EINVAL (flags), EMFILE or
 * ENOMEM.
 */
int inotify_init(void) COMPAT_SYM(inotify_init);
int inotify_init1(int flags) COMPAT_SYM(inotify_init1);

/**
 * inotify_add_watch(fd, path, mask):
 * Watch the file or directory path, or change what is told of it.
 *
 * Return its watch descriptor, from 1 on, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	EINVAL		fd is not of inotify_init(), or mask has no event
 *			that NT tells of, or IN_CLOSE_WRITE without IN_MODIFY
 *			(LIM-INOTIFY-1), or both IN_MASK_ADD and
 *			IN_MASK_CREATE.
 *	EEXIST		IN_MASK_CREATE, and it is watched.
 *	EFAULT		path is NULL.
 *	ENOTDIR		IN_ONLYDIR, and it is no directory.
 *	ENOENT, ENAMETOOLONG, ELOOP, EACCES
 *			as for open(); ENXIO for the files of /dev.
 *	EINVAL, ENOTSUP	the file system tells of no changes.
 *	ENOMEM
 */
int inotify_add_watch(int fd, const char *path, uint32_t mask)
    COMPAT_SYM(inotify_add_watch);

/**
 * inotify_rm_watch(fd, wd):
 * Watch it no more; IN_IGNORED is told.
 *
 * Return 0, or -1 with errno set to EBADF (fd is not open) or EINVAL (fd is
 * not of inotify_init(), or wd not one of its watches).
 */
int inotify_rm_watch(int fd, int wd) COMPAT_SYM(inotify_rm_watch);

COMPAT_END_DECLS

#endif
