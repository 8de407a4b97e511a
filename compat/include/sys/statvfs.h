/* <sys/statvfs.h> */
#ifndef COMPAT_SYS_STATVFS_H
#define COMPAT_SYS_STATVFS_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define ST_RDONLY	1
#define ST_NOSUID	2

/* f_files, f_ffree and f_favail are 0: NT does not count files. */
struct statvfs {
	unsigned long f_bsize;		/* bytes of an allocation unit */
	unsigned long f_frsize;		/* the same */
	fsblkcnt_t f_blocks;		/* of f_frsize */
	fsblkcnt_t f_bfree;
	fsblkcnt_t f_bavail;		/* to this user, by his quota */
	fsfilcnt_t f_files;
	fsfilcnt_t f_ffree;
	fsfilcnt_t f_favail;
	unsigned long f_fsid;		/* st_dev */
	unsigned long f_flag;
	unsigned long f_namemax;	/* of UTF-16 units */
};

COMPAT_BEGIN_DECLS

/**
 * statvfs(path, to), fstatvfs(fd, to):
 * What the file system of a file is and how full.  fd is of a file or a
 * directory.
 *
 * Return 0, or -1 with errno set to: EACCES, EBADF, ELOOP, ENAMETOOLONG,
 * ENOENT, ENOSYS (fd is of another kind), ENOTDIR, EFAULT.
 *
 * Source:	POSIX.1-2024.
 */
int statvfs(const char *__restrict__, struct statvfs *__restrict__)
    COMPAT_SYM(statvfs);
int fstatvfs(int, struct statvfs *) COMPAT_SYM(fstatvfs);

COMPAT_END_DECLS

#endif
