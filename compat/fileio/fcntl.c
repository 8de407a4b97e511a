#include <fcntl.h>

#include <errno.h>
#include <stdarg.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/dup.h"
#include "flock/mandatory.h"

/* What F_SETFL changes, and what open() alone has a use for. */
#define SETFL (O_APPEND | O_NONBLOCK)
#define CREATION (O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC | \
	O_BINARY | O_TEXT)

/* Of our pipes: fileio/pipe.c.  Linux lets anyone have a megabyte. */
#define PIPE_CAPACITY 65536

static int
getfl(int fd, int *flags)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	*flags = file_flags(f) & ~CREATION;
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

/*
 * The capacity is what it is; Linux, too, may give more than was asked for.
 * LIM-FD-8.
 */
static int
pipe_size(int fd, int want, int *size)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_PIPE)
		err = EBADF;
	else if (want < 0)
		err = EINVAL;
	else if (want > PIPE_CAPACITY)
		err = EPERM;
	file_put(f);
	*size = PIPE_CAPACITY;
	return err;
}

/*
 * A descriptor that another thread closes while this one locks through it
 * leaves no lock behind: the close came too early to drop it.
 */
static int
still_open(int fd, struct file *f)
{
	struct file *now;
	int same;

	if (fd_get(fd, &now) != 0)
		return 0;
	same = now == f;
	file_put(now);
	return same;
}

static int
lock_records(int fd, int cmd, struct flock *fl)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	err = record_lock(f, cmd, fl);
	if (err == 0 && (cmd == F_SETLK || cmd == F_SETLKW) &&
	    fl->l_type != F_UNLCK && !still_open(fd, f)) {
		record_closed(f);
		err = EBADF;
	}
	file_put(f);
	return err;
}

static int
lock_mode(int fd, int mandatory)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	err = mandatory_set(f, mandatory);
	file_put(f);
	return err;
}

static int
command(int fd, int cmd, int arg, int *value)
{
	int err;

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
	case F_LCK_MANDATORY:
		return lock_mode(fd, arg);
	case F_GETPIPE_SZ:
		return pipe_size(fd, 0, value);
	case F_SETPIPE_SZ:
		return pipe_size(fd, arg, value);
	default:
		err = fd_getflags(fd, value);
		return err != 0 ? err : EINVAL;
	}
}

static int
is_lock(int cmd)
{
	switch (cmd) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return 1;
	default:
		return 0;
	}
}

/*
 * The argument of a lock is a pointer, that of the rest is read as an int
 * whether there is one or not: the calling convention of x64 and ARM64 lets a
 * function look where an argument would be.
 */
int
fcntl(int fd, int cmd, ...)
{
	va_list ap;
	int err, value = 0;

	va_start(ap, cmd);
	if (is_lock(cmd))
		err = lock_records(fd, cmd, va_arg(ap, struct flock *));
	else
		err = command(fd, cmd, va_arg(ap, int), &value);
	va_end(ap);
	return result(err, value);
}
