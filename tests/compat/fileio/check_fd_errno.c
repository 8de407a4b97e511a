/*
 * Which errno: every call on a descriptor that check_io_errno.c leaves out,
 * on every kind.  The table is what Linux answers.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/uio.h>

#include "compat/fileio/kinds.h"
#include "support/main.h"

static long
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static long
call_dup(int fd)
{
	return shut(dup(fd));
}

static long
call_dup2(int fd)
{
	return shut(dup2(fd, 90));
}

static long
call_dup2_same(int fd)
{
	return dup2(fd, fd);
}

static long
call_dup2_far(int fd)
{
	return dup2(fd, INT32_MAX);
}

static long
call_dup3_same(int fd)
{
	return dup3(fd, fd, 0);
}

static long
call_dup3_odd(int fd)
{
	return dup3(fd, 90, 1);
}

static long
call_dupfd_minus(int fd)
{
	return fcntl(fd, F_DUPFD, -1);
}

static long
call_dupfd_far(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, INT32_MAX);
}

static long
call_getfd(int fd)
{
	return fcntl(fd, F_GETFD);
}

static long
call_getfl(int fd)
{
	return fcntl(fd, F_GETFL);
}

static long
call_fcntl_odd(int fd)
{
	return fcntl(fd, 4711);
}

static long
call_fstat(int fd)
{
	struct stat st;

	return fstat(fd, &st);
}

static long
call_fstatvfs(int fd)
{
	struct statvfs st;

	return fstatvfs(fd, &st);
}

static long
call_isatty(int fd)
{
	return isatty(fd) - 1;
}

static long
call_nread(int fd)
{
	int n;

	return ioctl(fd, FIONREAD, &n);
}

static long
call_futimens_odd(int fd)
{
	const struct timespec ts[2] = { { .tv_nsec = -7 }, { 0 } };

	return futimens(fd, ts);
}

static long
call_fdopendir(int fd)
{
	int copy = dup(fd);
	DIR *d = fdopendir(copy);
	int err = errno;

	if (d != NULL)
		return closedir(d);
	(void)close(copy);
	errno = err;
	return -1;
}

static long
call_openat(int fd)
{
	return shut(openat(fd, "file", O_RDONLY));
}

static long
call_flock_odd(int fd)
{
	return flock(fd, 77);
}

static long
lock(int fd, int cmd, short type, short whence)
{
	struct flock l = { .l_type = type, .l_whence = whence, .l_len = 1 };

	return fcntl(fd, cmd, &l);
}

static long
call_lock_odd(int fd)
{
	return lock(fd, F_SETLK, 77, SEEK_SET);
}

static long
call_lock_whence(int fd)
{
	return lock(fd, F_SETLK, F_UNLCK, 77);
}

static long
call_lockf_odd(int fd)
{
	return lockf(fd, 77, 1);
}

static long
map(int fd, int prot, int flags)
{
	void *p = mmap(NULL, 8, prot, flags, fd, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 8);
}

static long
call_map_read(int fd)
{
	return map(fd, PROT_READ, MAP_PRIVATE);
}

static long
call_map_write(int fd)
{
	return map(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static long
call_map_odd(int fd)
{
	return map(fd, PROT_READ, 0);
}

static long
call_seek_data(int fd)
{
	return (long)lseek(fd, 100, SEEK_DATA);
}

static long
call_allocate_far(int fd)
{
	return fallocate(fd, 0, INT64_MAX - 8, 16);
}

static long
call_fchmod(int fd)
{
	return fchmod(fd, 0644);
}

/*
 * ANY: POSIX has no file system of a pipe or socket, and lets fchmod() refuse
 * one (LIM-FILE-27).  Linux can map a TCP socket.
 */
static const struct kind_row rows[] = {
	{ "dup", call_dup,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "dup2", call_dup2,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "dup2, same", call_dup2_same,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "dup2, far", call_dup2_far,
	    { EBADF, EBADF, EBADF, EBADF, EBADF,
	    EBADF, EBADF, EBADF, EBADF, EBADF } },
	{ "dup3, same", call_dup3_same,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "dup3, odd", call_dup3_odd,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "dupfd, minus", call_dupfd_minus,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "dupfd, far", call_dupfd_far,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "getfd", call_getfd,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "getfl", call_getfl,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "fcntl, odd", call_fcntl_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "fstat", call_fstat,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "fstatvfs", call_fstatvfs,
	    { EBADF, OK, OK, OK, OK,
	    OK, OK, OK, OK, OK } },
	{ "isatty", call_isatty,
	    { EBADF, ENOTTY, ENOTTY, ENOTTY, ENOTTY,
	    ENOTTY, ENOTTY, ENOTTY, ENOTTY, ANY } },
	{ "nread", call_nread,
	    { EBADF, OK, OK, OK, OK,
	    ENOTTY, OK, OK, OK, ANY } },
	{ "futimens, odd", call_futimens_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "fdopendir", call_fdopendir,
	    { EBADF, ENOTDIR, ENOTDIR, ENOTDIR, ENOTDIR,
	    OK, ENOTDIR, ENOTDIR, ENOTDIR, ENOTDIR } },
	{ "openat", call_openat,
	    { EBADF, ENOTDIR, ENOTDIR, ENOTDIR, ENOTDIR,
	    OK, ENOTDIR, ENOTDIR, ENOTDIR, ENOTDIR } },
	{ "flock, odd", call_flock_odd,
	    { ANY, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "lock, odd", call_lock_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "lock, whence", call_lock_whence,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "lockf, odd", call_lockf_odd,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "map, read", call_map_read,
	    { EBADF, OK, EACCES, OK, EACCES,
	    ENODEV, ENODEV, EACCES, ANY, ENODEV } },
	{ "map, write", call_map_write,
	    { EBADF, EACCES, EACCES, OK, EACCES,
	    EACCES, EACCES, EACCES, ANY, ENODEV } },
	{ "map, odd", call_map_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "seek, data", call_seek_data,
	    { EBADF, ENXIO, ENXIO, ENXIO, ENXIO,
	    ANY, ESPIPE, ESPIPE, ESPIPE, ANY } },
	{ "allocate, far", call_allocate_far,
	    { EBADF, EBADF, EFBIG, EFBIG, EFBIG,
	    EBADF, EBADF, ESPIPE, ENODEV, ENODEV } },
	{ "fchmod", call_fchmod,
	    { EBADF, OK, OK, OK, OK,
	    OK, ANY, ANY, ANY, ANY } },
};

START_TEST(each_call_fails_as_on_linux)
{
	kinds_check(rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { each_call_fails_as_on_linux };

	return run_cases("errno of descriptors", tests, 1);
}
