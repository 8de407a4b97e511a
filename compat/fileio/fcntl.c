#include <fcntl.h>

#include <errno.h>
#include <stdarg.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/dup.h"

#define SETFL (O_APPEND | O_NONBLOCK)

static int
getfl(int fd, int *flags)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	*flags = file_flags(f) & ~O_CLOEXEC;
	file_put(f);
	return 0;
}

static int
setfl(int fd, int flags)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	flags = file_set_flags(f, SETFL, flags);
	if (f->ops->setfl != NULL)
		err = f->ops->setfl(f, flags);
	file_put(f);
	return err;
}

/* A lock that is not taken must not look as if it were: LIM-FD-3. */
static int
record_lock(int fd)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	file_put(f);
	return ENOSYS;
}

static int
command(int fd, int cmd, int arg, int *value)
{
	switch (cmd) {
	case F_DUPFD:
		return dup_from(fd, arg, 0, value);
	case F_DUPFD_CLOEXEC:
		return dup_from(fd, arg, FD_CLOEXEC, value);
	case F_GETFD:
		return fd_getflags(fd, value);
	case F_SETFD:
		return fd_setflags(fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return getfl(fd, value);
	case F_SETFL:
		return setfl(fd, arg);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return record_lock(fd);
	default:
		return EINVAL;
	}
}

/*
 * The argument is read as an int whatever the command: the calling convention
 * of x64 and ARM64 passes an int and a pointer in the same place.
 */
int
fcntl(int fd, int cmd, ...)
{
	va_list ap;
	int arg, err, value = 0;

	va_start(ap, cmd);
	arg = va_arg(ap, int);
	va_end(ap);
	err = command(fd, cmd, arg, &value);
	return result(err, value);
}
