/* <fcntl.h>: open, fcntl and their flags. */
#ifdef COMPAT_IN_MINGW
#include_next <fcntl.h>
#else
#ifndef COMPAT_FCNTL_H
#define COMPAT_FCNTL_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <fcntl.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>
#include <sys/types.h>

/*
 * O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC and O_EXCL have the
 * CRT's values; O_BINARY and O_TEXT exist, and mean nothing to open(): there
 * is no text mode.  The flags below use bits that the CRT leaves free.
 */
#undef O_ACCMODE
#define O_ACCMODE	3
#define O_CLOEXEC	O_NOINHERIT
#define O_NONBLOCK	0x00080000
#define O_NDELAY	O_NONBLOCK
#define O_DIRECTORY	0x00100000
#define O_NOFOLLOW	0x00200000
#define O_DSYNC		0x00400000
#define O_NOCTTY	0x00800000
#define O_SYNC		(0x02000000 | O_DSYNC)
#define O_RSYNC		O_SYNC
#define O_PATH		0x04000000
#define O_TMPFILE	(0x08000000 | O_DIRECTORY)
#define O_LARGEFILE	0

/* For the calls that take a directory's descriptor and a path. */
#define AT_FDCWD		(-100)
#define AT_SYMLINK_NOFOLLOW	0x100
#define AT_REMOVEDIR		0x200
#define AT_EACCESS		0x200
#define AT_SYMLINK_FOLLOW	0x400
#define AT_NO_AUTOMOUNT		0x800	/* of no effect */
#define AT_EMPTY_PATH		0x1000

#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_OFD_GETLK	36
#define F_OFD_SETLK	37
#define F_OFD_SETLKW	38
#define F_LCK_MANDATORY	99	/* Cygwin's; not in POSIX */
#define F_DUPFD_CLOEXEC	1030
#define F_SETPIPE_SZ	1031
#define F_GETPIPE_SZ	1032

#define FD_CLOEXEC	1

#define F_RDLCK		0
#define F_WRLCK		1
#define F_UNLCK		2

struct flock {
	short l_type;
	short l_whence;
	off_t l_start;
	off_t l_len;
	pid_t l_pid;
};

#ifndef SEEK_SET
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#endif
#ifndef SEEK_DATA
#define SEEK_DATA	3
#define SEEK_HOLE	4
#endif

#define FALLOC_FL_KEEP_SIZE		0x01
#define FALLOC_FL_PUNCH_HOLE		0x02
#define FALLOC_FL_COLLAPSE_RANGE	0x08
#define FALLOC_FL_ZERO_RANGE		0x10
#define FALLOC_FL_INSERT_RANGE		0x20

#define POSIX_FADV_NORMAL	0
#define POSIX_FADV_RANDOM	1
#define POSIX_FADV_SEQUENTIAL	2
#define POSIX_FADV_WILLNEED	3
#define POSIX_FADV_DONTNEED	4
#define POSIX_FADV_NOREUSE	5

COMPAT_BEGIN_DECLS

/**
 * open(path, flags, ...), openat(dirfd, path, flags, ...):
 * Open a file; the last argument is the mode of a file that O_CREAT or
 * O_TMPFILE makes, of which NT keeps only "nobody may write" (the read-only
 * attribute).  A relative path begins at the directory dirfd, or at the current
 * one (AT_FDCWD), whatever that is called by now.
 *
 * O_APPEND	Each write goes to the end, in one step.
 * O_CREAT, O_EXCL, O_TRUNC, O_CLOEXEC, O_NONBLOCK
 *		As in POSIX; with O_EXCL a link that leads nowhere is in the
 *		way too.
 * O_DIRECTORY, O_NOFOLLOW
 *		ENOTDIR, ELOOP.
 * O_SYNC, O_DSYNC
 *		A write returns when it is on the disk, by NT's
 *		FILE_WRITE_THROUGH.
 * O_PATH	Names a file or directory for dirfd, fstat and fchdir; to read
 *		or write it is EBADF.
 * O_TMPFILE	A file without a name in the directory path, until linkat()
 *		from "/proc/self/fd/N" or with AT_EMPTY_PATH: LIM-FILE-20.
 * O_NOCTTY	Nothing to do: opening gives nobody a controlling terminal.
 *
 * Return the lowest free descriptor, or -1 with errno set to:
 *	EACCES		The access list, or the read-only attribute; or
 *			another program does not share the file.
 *	EBADF		path is relative and dirfd not open.
 *	EEXIST		O_CREAT and O_EXCL, and it exists.
 *	EFAULT		path is NULL.
 *	EINVAL		flags; or a name that NT cannot hold (LIM-FILE-2).
 *	EISDIR		A directory, to be written, created or truncated.
 *	ELOOP		Too many links, or one with O_NOFOLLOW.
 *	EMFILE		No number is free.
 *	ENAMETOOLONG	4,096 bytes, or 256 UTF-16 units in one name.
 *	ENOENT		It or a directory on the way is missing; path is "".
 *	ENOSPC, EROFS	The disk is full, or must not be written.
 *	ENOTDIR		A file is on the way, or has a slash behind it; dirfd
 *			is no directory.
 *	ENXIO		An AF_UNIX socket; /dev/tty without a console.
 *
 * Source:	POSIX.1-2024; open(2) for O_PATH, O_TMPFILE.
 * Limits:	LIM-FILE-1 (modes), LIM-FILE-2 (names), LIM-FILE-20
 *		(O_TMPFILE), LIM-FILE-23 (/dev).
 */
int open(const char *, int, ...) COMPAT_SYM(open);
int openat(int, const char *, int, ...) COMPAT_SYM(openat);

/** creat(path, mode): open with O_WRONLY | O_CREAT | O_TRUNC. */
int creat(const char *, mode_t) COMPAT_SYM(creat);

/**
 * fcntl(fd, cmd, ...):
 * F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL (O_APPEND and
 * O_NONBLOCK change, the rest is ignored), and with a struct flock *:
 * F_SETLK	lock l_len bytes (0: all) from l_start on, or unlock them; the
 *		locks are the process's, and all go when it closes any
 *		descriptor of the file.
 * F_SETLKW	the same, and wait until it can be had.
 * F_GETLK	the first lock in the way of this one, or l_type F_UNLCK.
 * F_OFD_SETLK, F_OFD_SETLKW, F_OFD_GETLK: the locks are the open file
 *		description's; l_pid must be 0.
 * They bind those who ask for locks; reading and writing goes on.
 * O_NONBLOCK change, the rest is ignored), F_GETPIPE_SZ, F_SETPIPE_SZ (bytes;
 * EBADF: not a pipe; EPERM: more than it has, LIM-FD-8).
 *
 * F_LCK_MANDATORY with 1: from now on the record locks taken by this open file
 * description are NT's own (LockFileEx at the same offsets), which native
 * programs see and which bar their reads and writes; with 0: advisory again.
 * Before the first lock, and in all processes of ours that are to exclude each
 * other.  COMPAT_LOCKS=mandatory in the environment: so for every description
 * of the process that has not said otherwise.  See compat_flock(3); it fails
 * with EBADF, EBUSY (there are mandatory locks to become advisory), EINVAL
 * (neither 0 nor 1, or not a file).
 *
 * Return as POSIX says, or -1 with errno set to:
 *	EAGAIN		F_SETLK, F_OFD_SETLK: another has a lock there.
 *	EBADF		fd is not open, or F_RDLCK without reading, or F_WRLCK
 *			without writing.
 *	EDEADLK		F_SETLKW: the process would wait for itself.
 *	EFAULT		the struct flock is NULL.
 *	EINTR		a signal's handler ran while the call waited.
 *	EINVAL		cmd is none of these, or a bad minimum; a lock of
 *			unknown type or whence, that begins before the file,
 *			or of what is neither file nor directory.
 *	EMFILE		no number is free.
 *	ENOLCK		the table of locks is full.
 *	EOVERFLOW	the range ends beyond the largest offset.
 *
 * Source:	POSIX.1-2024; fcntl(2) of Linux for F_OFD_.
 * Limits:	LIM-LOCK-1 to LIM-LOCK-5.
 */
int fcntl(int, int, ...) COMPAT_SYM(fcntl);

/**
 * posix_fallocate(fd, off, len), fallocate(fd, mode, off, len):
 * Make sure that the file has room for len bytes at off, and is that long.
 * Modes of fallocate: FALLOC_FL_KEEP_SIZE (within the file's size),
 * FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE (a hole that reads as zeros), and
 * FALLOC_FL_ZERO_RANGE with or without FALLOC_FL_KEEP_SIZE.
 *
 * posix_fallocate returns 0 or the error, fallocate 0 or -1 with errno set:
 *	EBADF		fd is not open for writing.
 *	EFBIG		off + len is more than a file can have.
 *	EINVAL		off is negative, or len not positive.
 *	ENODEV, ESPIPE, EISDIR	fd is no regular file.
 *	ENOSPC		no room.
 *	EOPNOTSUPP	NT or its file system has no such mode.
 *
 * Source:	POSIX.1-2024; fallocate(2) of Linux.
 * Limits:	LIM-IO-2.
 */
int posix_fallocate(int, off_t, off_t) COMPAT_SYM(posix_fallocate);
int fallocate(int, int, off_t, off_t) COMPAT_SYM(fallocate);

/**
 * posix_fadvise(fd, off, len, advice):
 * Advice, which is checked and changes nothing: NT takes it when a file is
 * opened only.
 *
 * Return 0 or EBADF, EINVAL or ESPIPE.
 *
 * Source:	POSIX.1-2024.
 */
int posix_fadvise(int, off_t, off_t, int) COMPAT_SYM(posix_fadvise);

/**
 * readahead(fd, off, len):
 * Read that part of a regular file into the system's cache, and wait for it.
 *
 * Return 0, or -1 with errno set to EBADF, EINVAL, EIO or ENOMEM.
 *
 * Source:	readahead(2) of Linux.
 */
ssize_t readahead(int, off_t, size_t) COMPAT_SYM(readahead);

COMPAT_END_DECLS

#endif
#endif
