#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/at.h"
#include "fileio/stat.h"

static int
stat_fd(int fd, struct stat *st)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->ops->stat != NULL)
		err = f->ops->stat(f, st);
	else	/* an eventfd and its like: Linux's anon_inode has no type */
		*st = (struct stat){ .st_mode = 0600, .st_nlink = 1,
		    .st_blksize = 4096 };
	file_put(f);
	return err;
}

int
fstat(int fd, struct stat *st)
{
	return result(st != NULL ? stat_fd(fd, st) : EFAULT, 0);
}

int
stat_path(const char *path, int flags, struct stat *st)
{
	struct at_name n;
	int err;

	if ((err = at_name(AT_FDCWD, path, &n)) != 0)
		return err;
	err = stat_name(&n, flags, st);
	at_free(&n);
	return err;
}

static int
stat_at(int dirfd, const char *path, struct stat *st, int flags)
{
	struct at_name n;
	int err;

	if (st == NULL)
		return EFAULT;
	if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT |
	    AT_EMPTY_PATH)) != 0)
		return EINVAL;
	if ((flags & AT_EMPTY_PATH) && path != NULL && *path == '\0') {
		if (dirfd != AT_FDCWD)
			return stat_fd(dirfd, st);
		path = ".";
	}
	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	err = stat_name(&n, flags & AT_SYMLINK_NOFOLLOW, st);
	at_free(&n);
	return err;
}

int
fstatat(int dirfd, const char *restrict path, struct stat *restrict st,
    int flags)
{
	return result(stat_at(dirfd, path, st, flags), 0);
}

int
stat(const char *restrict path, struct stat *restrict st)
{
	return result(stat_at(AT_FDCWD, path, st, 0), 0);
}

int
lstat(const char *restrict path, struct stat *restrict st)
{
	return result(stat_at(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW), 0);
}
