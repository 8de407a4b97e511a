/*
 * Calls on a descriptor that are neither data nor flags.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "fd/adopt.h"
#include "fd/fdtable.h"
#include "fd/result.h"

int
close(int fd)
{
	return result(fd_close(fd), 0);
}

int
ftruncate(int fd, off_t size)
{
	struct file *f;
	int err;

	if (size < 0)
		return result(EINVAL, 0);
	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	if (f->ops->truncate == NULL ||
	    (file_flags(f) & O_ACCMODE) == O_RDONLY)
		err = EINVAL;
	else
		err = f->ops->truncate(f, size);
	file_put(f);
	return result(err, 0);
}

static int
sync_fd(int fd, int data_only)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	err = f->ops->sync != NULL ? f->ops->sync(f, data_only) : EINVAL;
	file_put(f);
	return result(err, 0);
}

int
fsync(int fd)
{
	return sync_fd(fd, 0);
}

int
fdatasync(int fd)
{
	return sync_fd(fd, 1);
}

int
flock(int fd, int op)
{
	struct file *f;
	int err, what = op & ~LOCK_NB;

	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	if (what != LOCK_SH && what != LOCK_EX && what != LOCK_UN)
		err = EINVAL;
	else if (file_flags(f) & O_PATH)
		err = EBADF;
	else
		err = f->ops->flock != NULL ? f->ops->flock(f, op) : ENOTSUP;
	file_put(f);
	return result(err, 0);
}
