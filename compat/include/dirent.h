/* <dirent.h>: ours (mingw's knows neither UTF-8 nor file types). */
#ifndef COMPAT_DIRENT_H
#define COMPAT_DIRENT_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
#define _DIRENT_HAVE_D_TYPE
#define _DIRENT_HAVE_D_RECLEN
#define IFTODT(mode)	(((mode) & 0170000) >> 12)
#define DTTOIF(type)	((type) << 12)
#define MAXNAMLEN	767

/* 255 UTF-16 units are at most 765 bytes of UTF-8. */
struct dirent {
	ino_t d_ino;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[768];
};

typedef struct compat_dir DIR;

COMPAT_BEGIN_DECLS

/**
 * opendir(path), fdopendir(fd), closedir(d), dirfd(d):
 * A directory stream has a descriptor, with FD_CLOEXEC when opendir made it;
 * closedir closes it.  fdopendir takes fd over when it succeeds.
 *
 * Return a stream, or NULL with errno set to: EACCES, EBADF, ELOOP, EMFILE,
 * ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR.  closedir and dirfd return -1 with
 * EINVAL for NULL, closedir EBADF when the descriptor was closed already.
 */
DIR *opendir(const char *) COMPAT_SYM(opendir);
DIR *fdopendir(int) COMPAT_SYM(fdopendir);
int closedir(DIR *) COMPAT_SYM(closedir);
int dirfd(DIR *) COMPAT_SYM(dirfd);

/**
 * readdir(d), readdir_r(d, e, ep):
 * The next entry, in the file system's order; "." and ".." too where it has
 * them.  d_ino and d_type are lstat()'s.  The entry is the stream's, and good
 * until the next call on it.
 *
 * Return NULL at the end, with errno as it was, or with errno set to: EBADF,
 * EIO, ENOENT (the directory is gone), ENOMEM.
 */
struct dirent *readdir(DIR *) COMPAT_SYM(readdir);
int readdir_r(DIR *__restrict__, struct dirent *__restrict__,
    struct dirent **__restrict__) COMPAT_SYM(readdir_r);

/**
 * rewinddir(d), telldir(d), seekdir(d, where):
 * To the beginning, to see what is there now; the place before the next entry;
 * back to it.  seekdir reads again from the beginning: LIM-FILE-7.
 */
void rewinddir(DIR *) COMPAT_SYM(rewinddir);
long telldir(DIR *) COMPAT_SYM(telldir);
void seekdir(DIR *, long) COMPAT_SYM(seekdir);

/**
 * scandir(path, list, filter, compare):
 * All entries that filter (NULL: all) likes, sorted by compare (NULL: not).
 * The caller frees each and the list.
 *
 * Return their number, or -1 with errno set as by opendir and readdir.
 */
int scandir(const char *, struct dirent ***,
    int (*)(const struct dirent *),
    int (*)(const struct dirent **, const struct dirent **))
    COMPAT_SYM(scandir);
int alphasort(const struct dirent **, const struct dirent **)
    COMPAT_SYM(alphasort);

COMPAT_END_DECLS

#endif
