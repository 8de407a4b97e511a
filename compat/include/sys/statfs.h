/* <sys/statfs.h>, <sys/vfs.h>: Linux's own form of statvfs. */
#ifndef COMPAT_SYS_STATFS_H
#define COMPAT_SYS_STATFS_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

typedef struct {
	int __val[2];
} fsid_t;

/* f_files and f_ffree are 0: NT does not count files. */
struct statfs {
	long f_type;			/* 0x5346544e for NTFS, else 0 */
	long f_bsize;			/* bytes of an allocation unit */
	fsblkcnt_t f_blocks;
	fsblkcnt_t f_bfree;
	fsblkcnt_t f_bavail;		/* to this user, by his quota */
	fsfilcnt_t f_files;
	fsfilcnt_t f_ffree;
	fsid_t f_fsid;
	long f_namelen;			/* of UTF-16 units */
	long f_frsize;
	long f_flags;
};

COMPAT_BEGIN_DECLS

/** statfs(path, to), fstatfs(fd, to): as statvfs.  Source: statfs(2). */
int statfs(const char *, struct statfs *) COMPAT_SYM(statfs);
int fstatfs(int, struct statfs *) COMPAT_SYM(fstatfs);

COMPAT_END_DECLS

#endif
