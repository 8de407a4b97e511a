/*
 * Which errno: every call that moves data or changes what a file holds, on
 * every kind of descriptor.  The table is what Linux answers.
 */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <errno.h>
#include <stdint.h>
#include <sys/uio.h>

#include "compat/fileio/kinds.h"
#include "support/main.h"

static char buf[8] = "abcdefg";
static struct iovec iov = { buf, 4 };

static long
call_read(int fd)
{
	return read(fd, buf, 4);
}

static long
call_write(int fd)
{
	return write(fd, buf, 4);
}

static long
call_readv(int fd)
{
	return readv(fd, &iov, 1);
}

static long
call_writev(int fd)
{
	return writev(fd, &iov, 1);
}

static long
call_pread(int fd)
{
	return pread(fd, buf, 4, 0);
}

static long
call_pwrite(int fd)
{
	return pwrite(fd, buf, 4, 0);
}

static long
call_preadv(int fd)
{
	return preadv(fd, &iov, 1, 0);
}

static long
call_pwritev(int fd)
{
	return pwritev(fd, &iov, 1, 0);
}

static long
call_pread_minus(int fd)
{
	return pread(fd, buf, 4, -1);
}

static long
call_pwrite_minus(int fd)
{
	return pwrite(fd, buf, 4, -1);
}

static long
call_readv_minus(int fd)
{
	return readv(fd, &iov, kind_fds[NONE]);
}

static long
call_writev_minus(int fd)
{
	return writev(fd, &iov, kind_fds[NONE]);
}

static long
call_lseek(int fd)
{
	return (long)lseek(fd, 0, SEEK_SET);
}

static long
call_lseek_minus(int fd)
{
	return (long)lseek(fd, -1, SEEK_SET);
}

static long
call_lseek_odd(int fd)
{
	return (long)lseek(fd, 0, 99);
}

static long
call_ftruncate(int fd)
{
	return ftruncate(fd, 8);
}

static long
call_ftruncate_minus(int fd)
{
	return ftruncate(fd, -1);
}

static long
call_fsync(int fd)
{
	return fsync(fd);
}

static long
call_fdatasync(int fd)
{
	return fdatasync(fd);
}

static long
call_fallocate(int fd)
{
	return fallocate(fd, 0, 0, 8);
}

static long
call_fallocate_none(int fd)
{
	return fallocate(fd, 0, 0, 0);
}

static long
call_readahead(int fd)
{
	return (long)readahead(fd, 0, 8);
}

static long
call_copy_from(int fd)
{
	off_t off = 0, to = 100;

	return copy_file_range(fd, fd == kind_fds[PIPE_R] || fd == kind_fds[PIPE_W] ||
	    fd == kind_fds[SOCKET] ? NULL : &off, kind_other, &to, 1, 0);
}

static long
call_copy_to(int fd)
{
	off_t off = 0;

	return copy_file_range(kind_other, &off, fd, NULL, 1, 0);
}

static long
call_sendfile_from(int fd)
{
	off_t off = 0;

	return sendfile(kind_other, fd, &off, 1);
}

static long
call_sendfile_to(int fd)
{
	off_t off = 0;

	return sendfile(fd, kind_other, &off, 1);
}

/* These give the error itself. */
static long
error(int err)
{
	if (err == 0)
		return 0;
	errno = err;
	return -1;
}

static long
call_posix(int fd)
{
	return error(posix_fallocate(fd, 0, 8));
}

static long
call_fadvise(int fd)
{
	return error(posix_fadvise(fd, 0, 0, 0));
}

static long
call_fadvise_odd(int fd)
{
	return error(posix_fadvise(fd, 0, 0, 9));
}

static const struct kind_row rows[] = {
	{ "read", call_read,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EISDIR, OK, EBADF, ENOTCONN, EINVAL } },
	{ "write", call_write,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, EBADF, OK, EPIPE, EINVAL } },
	{ "readv", call_readv,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EISDIR, OK, EBADF, ENOTCONN, EINVAL } },
	{ "writev", call_writev,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, EBADF, OK, EPIPE, EINVAL } },
	{ "pread", call_pread,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EISDIR, ESPIPE, ESPIPE, ESPIPE, ESPIPE } },
	{ "pwrite", call_pwrite,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, ESPIPE, ESPIPE, ESPIPE, ESPIPE } },
	{ "preadv", call_preadv,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EISDIR, ESPIPE, ESPIPE, ESPIPE, ESPIPE } },
	{ "pwritev", call_pwritev,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, ESPIPE, ESPIPE, ESPIPE, ESPIPE } },
	{ "pread, -1", call_pread_minus,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "pwrite, -1", call_pwrite_minus,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "readv, -1", call_readv_minus,
	    { EBADF, EINVAL, EBADF, EINVAL, EBADF,
	    EINVAL, EINVAL, EBADF, EINVAL, EINVAL } },
	{ "writev, -1", call_writev_minus,
	    { EBADF, EBADF, EINVAL, EINVAL, EINVAL,
	    EBADF, EBADF, EINVAL, EINVAL, EINVAL } },
	{ "lseek", call_lseek,
	    { EBADF, OK, OK, OK, OK,
	    OK, ESPIPE, ESPIPE, ESPIPE, ANY } },
	{ "lseek, -1", call_lseek_minus,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, ESPIPE, ESPIPE, ESPIPE, ANY } },
	{ "lseek, odd", call_lseek_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "ftruncate", call_ftruncate,
	    { EBADF, EINVAL, OK, OK, OK,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "ftruncate, -1", call_ftruncate_minus,
	    { EINVAL, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "fsync", call_fsync,
	    { EBADF, OK, OK, OK, OK,
	    OK, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "fdatasync", call_fdatasync,
	    { EBADF, OK, OK, OK, OK,
	    OK, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "fallocate", call_fallocate,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, EBADF, ESPIPE, ENODEV, ENODEV } },
	{ "fallocate, none", call_fallocate_none,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "posix_fallocate", call_posix,
	    { EBADF, EBADF, OK, OK, OK,
	    EBADF, EBADF, ESPIPE, ENODEV, ENODEV } },
	{ "posix_fadvise", call_fadvise,
	    { EBADF, OK, OK, OK, OK,
	    OK, ESPIPE, ESPIPE, OK, OK } },
	{ "posix_fadvise, odd", call_fadvise_odd,
	    { EBADF, EINVAL, EINVAL, EINVAL, EINVAL,
	    EINVAL, ESPIPE, ESPIPE, EINVAL, EINVAL } },
	{ "readahead", call_readahead,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EINVAL, EINVAL, EBADF, EINVAL, EINVAL } },
	{ "copy from", call_copy_from,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EISDIR, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "copy to", call_copy_to,
	    { EBADF, EBADF, OK, OK, EBADF,
	    EISDIR, EINVAL, EINVAL, EINVAL, EINVAL } },
	{ "sendfile from", call_sendfile_from,
	    { EBADF, OK, EBADF, OK, EBADF,
	    EINVAL, ESPIPE, EBADF, ESPIPE, ESPIPE } },
	{ "sendfile to", call_sendfile_to,
	    { EBADF, EBADF, OK, OK, EINVAL,
	    EBADF, EBADF, OK, EPIPE, EINVAL } },
};

START_TEST(each_call_fails_as_on_linux)
{
	kinds_check(rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

/* EFAULT: memory that is not there, or that may not be written to. */
START_TEST(wrong_memory_is_efault)
{
	static const char constant[4096] = "constant";
	volatile uintptr_t low = 16;
	char *nowhere = (char *)low, *fixed = (char *)(uintptr_t)constant;
	int fd = open("fault", O_RDWR | O_CREAT, 0644);

	ck_assert_int_eq(write(fd, "hello", 5), 5);
	errno = 0;
	ck_assert_int_eq(pread(fd, nowhere, 4, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
	errno = 0;
	ck_assert_int_eq(pwrite(fd, nowhere, 4, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
	errno = 0;
	ck_assert_int_eq(pread(fd, fixed, 4, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	errno = 0;
	ck_assert_int_eq(read(fd, nowhere, 4), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		each_call_fails_as_on_linux,
		wrong_memory_is_efault,
	};

	return run_cases("errno of io", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
