#include <fcntl.h>

#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/open.h"

static atomic_uint mask = 022;

mode_t
umask_get(void)
{
	return atomic_load(&mask);
}

mode_t
umask(mode_t new)
{
	return atomic_exchange(&mask, new & 0777);
}

static int
open_at(int dirfd, const char *path, int flags, mode_t mode, int *fd)
{
	struct file *f;
	int err;

	if ((err = file_open_at(dirfd, path, flags, mode, &f)) != 0)
		return err;
	err = fd_install(f, 0, flags & O_CLOEXEC ? FD_CLOEXEC : 0, fd);
	if (err != 0)
		file_put(f);
	return err;
}

/* Is there a mode behind the flags?  O_TMPFILE has O_DIRECTORY in it. */
static int
makes_file(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode = 0;
	int err, fd;

	if (makes_file(flags)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	err = open_at(AT_FDCWD, path, flags, mode, &fd);
	return result(err, fd);
}

int
openat(int dirfd, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode = 0;
	int err, fd;

	if (makes_file(flags)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	err = open_at(dirfd, path, flags, mode, &fd);
	return result(err, fd);
}

int
creat(const char *path, mode_t mode)
{
	int err, fd;

	err = open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode, &fd);
	return result(err, fd);
}
