/*
 * Names, as the calls of the "at" family see them: a descriptor of a directory
 * and a path, made into what NT opens.
 *
 *	if ((err = at_name(dirfd, path, &n)) != 0)
 *		return err;
 *	err = at_open(&n, FILE_READ_ATTRIBUTES, AT_SYMLINK_NOFOLLOW, &h);
 *	at_free(&n);
 *
 * (at_nt.h has at_open.)  A call without a descriptor passes AT_FDCWD.
 */
#ifndef FILEIO_AT_H
#define FILEIO_AT_H

#include <sys/types.h>

#include <stdint.h>

struct file;
struct stat;

/* What the last name of a path is, for the calls that POSIX forbids it. */
enum at_last { AT_LAST_NAME, AT_LAST_DOT, AT_LAST_DOTDOT, AT_LAST_ROOT };

/* Files that NT has not, or has under another name; see special.h. */
enum at_special {
	AT_NO_SPECIAL,
	AT_NULL,		/* /dev/null */
	AT_ZERO,
	AT_FULL,
	AT_RANDOM,
	AT_URANDOM,
	AT_TTY,
	AT_FD			/* /dev/fd/N, /dev/stdin..., /proc/self/fd/N */
};

struct at_name {
	/*
	 * A directory's handle, or 0.  Then path is absolute ("\??\C:\a\b");
	 * else it is relative to that directory, whatever that is called by
	 * now ("a\b"; "" for itself).  There is no "." or ".." in it, and no
	 * separator at its end but that of a volume's root.
	 */
	uintptr_t root;
	uint16_t *path;		/* NULL for a special file */
	int must_be_dir;	/* "/", "/." or "/.." was at the end */
	enum at_last last;
	enum at_special special;
	int fd;			/* of AT_FD */
	struct file *dir;	/* keeps root open */
	void *security;		/* for what is made; see at_private() */
};

/*
 * 0, or: EFAULT, ENOENT ("" and, with "..", what is not there), ENAMETOOLONG,
 * EINVAL (bad UTF-8, or a name NT cannot hold: LIM-FILE-2), ENOTDIR, EBADF
 * (dirfd), EACCES, ENOMEM.  An absolute path does not look at dirfd.
 */
int at_name(int dirfd, const char *path, struct at_name *n);
void at_free(struct at_name *n);

/*
 * What is made under this name gets mode: for its owner alone when that says so
 * and the mask does not forbid it, else what its directory passes on.
 */
int at_private(struct at_name *n, mode_t mode, int is_dir);

/* Groups are not ours to name, so 0640 is private too: LIM-FILE-1. */
static inline int
is_private(mode_t mode)
{
	return (mode & 0007) == 0;
}

/* The whole name as Win32 has it, "\\?\C:\a\b"; free() it. */
int at_win32(const struct at_name *n, uint16_t **path);

/* Is one of the directories on the way a file? */
int at_passes_file(const struct at_name *n);

#endif
