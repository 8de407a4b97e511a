/*
 * Which errno: every call that moves data or changes what a file holds, on
 * every kind of descriptor.  The table is what Linux answers.
 */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "support/main.h"

enum kind { NONE, RO, WO, RW, APP, DIRECTORY, PIPE_R, PIPE_W, SOCKET, EPOLL,
	KINDS };

static const char *const kinds[] = { "no descriptor", "read-only", "write-only",
	"both ways", "append", "directory", "pipe, reading", "pipe, writing",
	"socket", "epoll" };
static int fds[KINDS];
static int other;		/* a file, both ways */
static char buf[8] = "abcdefg";
static struct iovec iov = { buf, 4 };

typedef long call(int fd);

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
	return readv(fd, &iov, fds[NONE]);
}

static long
call_writev_minus(int fd)
{
	return writev(fd, &iov, fds[NONE]);
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

	return copy_file_range(fd, fd == fds[PIPE_R] || fd == fds[PIPE_W] ||
	    fd == fds[SOCKET] ? NULL : &off, other, &to, 1, 0);
}

static long
call_copy_to(int fd)
{
	off_t off = 0;

	return copy_file_range(other, &off, fd, NULL, 1, 0);
}

static long
call_sendfile_from(int fd)
{
	off_t off = 0;

	return sendfile(other, fd, &off, 1);
}

static long
call_sendfile_to(int fd)
{
	off_t off = 0;

	return sendfile(fd, other, &off, 1);
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

#define OK 0
#define ANY (-1)	/* POSIX leaves it open, and Linux is odd */
static const struct {
	const char *name;
	call *call;
	int want[KINDS];	/* of each kind: OK or an errno */
} rows[] = {
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

static void
open_all(void)
{
	int p[2];

	fds[NONE] = -1;
	other = open("other", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(write(other, "12345678", 8), 8);
	ck_assert_int_ge(fds[RW] = open("file", O_RDWR | O_CREAT, 0644), 0);
	ck_assert_int_eq(write(fds[RW], "12345678", 8), 8);
	ck_assert_int_ge(fds[RO] = open("file", O_RDONLY), 0);
	ck_assert_int_ge(fds[WO] = open("file", O_WRONLY), 0);
	ck_assert_int_ge(fds[APP] = open("file", O_WRONLY | O_APPEND), 0);
	ck_assert_int_ge(fds[DIRECTORY] = open(".", O_RDONLY), 0);
	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	fds[PIPE_R] = p[0];
	fds[PIPE_W] = p[1];
	ck_assert_int_ge(fds[SOCKET] = socket(AF_INET, SOCK_STREAM, 0), 0);
	ck_assert_int_ge(fds[EPOLL] = epoll_create1(0), 0);
}

START_TEST(each_call_fails_as_on_linux)
{
	size_t row;
	long got;
	int kind, wrong = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	open_all();
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		for (kind = 0; kind < KINDS; kind++) {
			if (fds[PIPE_R] == fds[kind])
				ck_assert_int_eq(write(fds[PIPE_W], "wxyz",
				    4), 4);
			(void)lseek(other, 0, SEEK_SET);
			if (rows[row].want[kind] == ANY)
				continue;
			errno = 0;
			got = rows[row].call(fds[kind]);
			if (got == -1 ? errno == rows[row].want[kind] :
			    rows[row].want[kind] == OK && errno == 0)
				continue;
			(void)printf("%s, %s: %ld, %s; not %s\n",
			    rows[row].name, kinds[kind], got, strerror(errno),
			    strerror(rows[row].want[kind]));
			wrong++;
		}
	ck_assert_int_eq(wrong, 0);
	for (kind = RO; kind < KINDS; kind++)
		ck_assert_int_eq(close(fds[kind]), 0);
	ck_assert_int_eq(close(other), 0);
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
