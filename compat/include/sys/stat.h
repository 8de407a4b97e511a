/* <sys/stat.h>: ours; mingw's is not used. */
#ifdef COMPAT_IN_MINGW
#include_next <sys/stat.h>
#else
#ifndef COMPAT_SYS_STAT_H
#define COMPAT_SYS_STAT_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define S_IFMT		0170000
#define S_IFSOCK	0140000
#define S_IFLNK		0120000
#define S_IFREG		0100000
#define S_IFBLK		0060000
#define S_IFDIR		0040000
#define S_IFCHR		0020000
#define S_IFIFO		0010000
#define S_ISUID		04000
#define S_ISGID		02000
#define S_ISVTX		01000
#define S_IRWXU		0700
#define S_IRUSR		0400
#define S_IWUSR		0200
#define S_IXUSR		0100
#define S_IRWXG		0070
#define S_IRGRP		0040
#define S_IWGRP		0020
#define S_IXGRP		0010
#define S_IRWXO		0007
#define S_IROTH		0004
#define S_IWOTH		0002
#define S_IXOTH		0001
#define S_IREAD		S_IRUSR
#define S_IWRITE	S_IWUSR
#define S_IEXEC		S_IXUSR

#define S_ISSOCK(m)	(((m) & S_IFMT) == S_IFSOCK)
#define S_ISLNK(m)	(((m) & S_IFMT) == S_IFLNK)
#define S_ISREG(m)	(((m) & S_IFMT) == S_IFREG)
#define S_ISBLK(m)	(((m) & S_IFMT) == S_IFBLK)
#define S_ISDIR(m)	(((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m)	(((m) & S_IFMT) == S_IFCHR)
#define S_ISFIFO(m)	(((m) & S_IFMT) == S_IFIFO)

#include <bits/timespec.h>

/* In tv_nsec, for utimensat and futimens: now, and as it is. */
#define UTIME_NOW	((1L << 30) - 1L)
#define UTIME_OMIT	((1L << 30) - 2L)

/*
 * st_uid and st_gid are 0.  st_mode: 0755 for directories and for .exe, .com,
 * .bat and .cmd, else 0644, without the write bits when the read-only attribute
 * is set (LIM-FILE-1).
 */
struct stat {
	dev_t st_dev;			/* volume serial number */
	ino_t st_ino;			/* 64-bit file id */
	mode_t st_mode;
	nlink_t st_nlink;
	uid_t st_uid;
	gid_t st_gid;
	dev_t st_rdev;
	off_t st_size;
	blksize_t st_blksize;
	blkcnt_t st_blocks;		/* of 512 bytes */
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;	/* NT's change time */
};
#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec

COMPAT_BEGIN_DECLS
int stat(const char *, struct stat *) COMPAT_SYM(stat);
int lstat(const char *, struct stat *) COMPAT_SYM(lstat);
int fstat(int, struct stat *) COMPAT_SYM(fstat);
int fstatat(int, const char *__restrict__, struct stat *__restrict__, int)
    COMPAT_SYM(fstatat);

/**
 * chmod(path, mode), fchmod(fd, mode), fchmodat(dirfd, path, mode, flags):
 * Of the mode NT keeps two things: whether anybody may write (of files), and
 * whether anybody but the owner may do anything.  stat() says which: 0644,
 * 0444, 0600, 0400; 0755 and so on for directories and what NT can run.
 * flags: AT_SYMLINK_NOFOLLOW (EOPNOTSUPP for a link), AT_EMPTY_PATH.
 *
 * Return 0, or -1 with errno set to: EACCES, EBADF, EINVAL (a pipe, a socket,
 * bad flags), ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EOPNOTSUPP, EPERM (not
 * ours, or a file system that cannot), EROFS.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-FILE-1.
 */
int chmod(const char *, mode_t) COMPAT_SYM(chmod);
int fchmod(int, mode_t) COMPAT_SYM(fchmod);
int fchmodat(int, const char *, mode_t, int) COMPAT_SYM(fchmodat);

/**
 * utimensat(dirfd, path, times, flags), futimens(fd, times):
 * Set the times of last access, times[0], and modification, times[1], to what
 * NT can hold: multiples of 100 ns from 1601 on.  NULL is now.
 * flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.
 *
 * Return 0, or -1 with errno set to: EACCES, EBADF, EINVAL (bad flags, a
 * tv_nsec that is none, a time NT cannot hold, a pipe or socket), ELOOP,
 * ENAMETOOLONG, ENOENT, ENOTDIR, EROFS.
 *
 * Source:	POSIX.1-2024, utimensat(2).
 */
int utimensat(int, const char *, const struct timespec[2], int)
    COMPAT_SYM(utimensat);
int futimens(int, const struct timespec[2]) COMPAT_SYM(futimens);
int mkdir(const char *, mode_t) COMPAT_SYM(mkdir);
int mkdirat(int, const char *, mode_t) COMPAT_SYM(mkdirat);

/**
 * mkfifo(path, mode), mkfifoat(), mknod(path, mode, dev), mknodat():
 * mknod makes a regular file (S_IFREG).  NT's directories hold no FIFOs and no
 * devices.
 *
 * Return 0, or -1 with errno set to EPERM (anything but a regular file, as on
 * Linux where the file system cannot), EEXIST, EINVAL (an unknown type),
 * ENOENT, ENOTDIR, ENAMETOOLONG, EACCES, EBADF.
 *
 * Source:	POSIX.1-2024, mknod(2).
 * Limits:	LIM-FILE-25.
 */
int mkfifo(const char *, mode_t) COMPAT_SYM(mkfifo);
int mkfifoat(int, const char *, mode_t) COMPAT_SYM(mkfifoat);
int mknod(const char *, mode_t, dev_t) COMPAT_SYM(mknod);
int mknodat(int, const char *, mode_t, dev_t) COMPAT_SYM(mknodat);
mode_t umask(mode_t) COMPAT_SYM(umask);
COMPAT_END_DECLS

#endif
#endif
