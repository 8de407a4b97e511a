/*
 * access, chmod, utimensat and their relatives.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/at.h"
#include "fileio/attr.h"

/* What a call does to a name, and to an open file. */
struct change {
	int (*by_name)(const struct at_name *, const void *arg, int flags);
	int (*by_handle)(uintptr_t handle, const void *arg);
	const void *arg;
};

static int
change_fd(int fd, const struct change *c)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	err = f->kind == FILE_DISK || f->kind == FILE_DIR ?
	    c->by_handle(f->handle, c->arg) : EINVAL;
	file_put(f);
	return err;
}

/* AT_EMPTY_PATH with "": the descriptor itself, of whatever kind. */
static int
change_at(int dirfd, const char *path, int flags, const struct change *c)
{
	struct at_name n;
	int err;

	if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)) != 0)
		return EINVAL;
	if ((flags & AT_EMPTY_PATH) && path != NULL && *path == '\0') {
		if (dirfd != AT_FDCWD)
			return change_fd(dirfd, c);
		path = ".";
	}
	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	err = c->by_name(&n, c->arg, flags & AT_SYMLINK_NOFOLLOW);
	at_free(&n);
	return err;
}

static int
access_name(const struct at_name *n, const void *mode, int flags)
{
	return attr_access(n, *(const int *)mode, flags);
}

/* The descriptor is open; there is no name to ask about. */
static int
access_handle(uintptr_t handle, const void *mode)
{
	(void)handle;
	(void)mode;
	return 0;
}

int
faccessat(int dirfd, const char *path, int mode, int flags)
{
	struct change c = { access_name, access_handle, &mode };

	if ((mode & ~(R_OK | W_OK | X_OK)) != 0)
		return result(EINVAL, 0);
	return result(change_at(dirfd, path, flags, &c), 0);
}

int
access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

int
eaccess(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

int
euidaccess(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

static int
chmod_name(const struct at_name *n, const void *mode, int flags)
{
	return attr_chmod(n, *(const mode_t *)mode, flags);
}

static int
chmod_handle(uintptr_t handle, const void *mode)
{
	return attr_fchmod(handle, *(const mode_t *)mode);
}

int
fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	struct change c = { chmod_name, chmod_handle, &mode };

	if (flags & AT_EACCESS)
		return result(EINVAL, 0);
	return result(change_at(dirfd, path, flags, &c), 0);
}

int
chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

int
fchmod(int fd, mode_t mode)
{
	struct change c = { chmod_name, chmod_handle, &mode };

	return result(change_fd(fd, &c), 0);
}

static int
utimens_name(const struct at_name *n, const void *times, int flags)
{
	return attr_utimens(n, times, flags);
}

static int
is_time(const struct timespec *t)
{
	return t->tv_nsec == UTIME_NOW || t->tv_nsec == UTIME_OMIT ||
	    (t->tv_nsec >= 0 && t->tv_nsec < 1000000000);
}

/* NULL is now, for both. */
static int
times_of(const struct timespec from[2], struct timespec to[2])
{
	static const struct timespec now[2] = { { 0, UTIME_NOW },
	    { 0, UTIME_NOW } };

	if (from == NULL)
		from = now;
	(void)memcpy(to, from, 2 * sizeof(*to));
	return is_time(&to[0]) && is_time(&to[1]) ? 0 : EINVAL;
}

static int
utimens_handle(uintptr_t handle, const void *times)
{
	struct timespec to[2];
	int err;

	if ((err = times_of(times, to)) != 0)
		return err;
	return attr_futimens(handle, to);
}

int
utimensat(int dirfd, const char *path, const struct timespec times[2],
    int flags)
{
	struct timespec to[2];
	struct change c = { utimens_name, utimens_handle, to };
	int err;

	if ((err = times_of(times, to)) != 0 || (flags & AT_EACCESS))
		return result(EINVAL, 0);
	/* As glibc has it; the kernel itself would take the descriptor. */
	if (path == NULL)
		return result(EINVAL, 0);
	return result(change_at(dirfd, path, flags, &c), 0);
}

int
futimens(int fd, const struct timespec times[2])
{
	struct change c = { utimens_name, utimens_handle, times };

	return result(change_fd(fd, &c), 0);
}

/* EINVAL for what is no count of microseconds. */
static int
from_timeval(const struct timeval from[2], struct timespec to[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (from[i].tv_usec < 0 || from[i].tv_usec >= 1000000)
			return EINVAL;
		to[i].tv_sec = from[i].tv_sec;
		to[i].tv_nsec = from[i].tv_usec * 1000;
	}
	return 0;
}

static int
utimes_at(const char *path, const struct timeval times[2], int flags)
{
	struct timespec to[2];

	if (times != NULL && from_timeval(times, to) != 0)
		return result(EINVAL, 0);
	return utimensat(AT_FDCWD, path, times != NULL ? to : NULL, flags);
}

int
utimes(const char *path, const struct timeval times[2])
{
	return utimes_at(path, times, 0);
}

int
lutimes(const char *path, const struct timeval times[2])
{
	return utimes_at(path, times, AT_SYMLINK_NOFOLLOW);
}

int
futimes(int fd, const struct timeval times[2])
{
	struct timespec to[2];

	if (times != NULL && from_timeval(times, to) != 0)
		return result(EINVAL, 0);
	return futimens(fd, times != NULL ? to : NULL);
}

int
utime(const char *path, const struct utimbuf *times)
{
	struct timespec to[2];

	if (times == NULL)
		return utimensat(AT_FDCWD, path, NULL, 0);
	to[0] = (struct timespec){ times->actime, 0 };
	to[1] = (struct timespec){ times->modtime, 0 };
	return utimensat(AT_FDCWD, path, to, 0);
}
