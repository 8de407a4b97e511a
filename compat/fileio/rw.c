/*
 * read, write and their relatives: check, then let the description do it.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/iov.h"
#include "signal/wait.h"

enum direction { READING, WRITING };

/* A description that is open for the other direction only: EBADF. */
static int
get_for(int fd, enum direction d, struct file **fp)
{
	int err, mode;

	if ((err = fd_get(fd, fp)) != 0)
		return err;
	mode = file_flags(*fp) & O_ACCMODE;
	if (mode == (d == READING ? O_WRONLY : O_RDONLY)) {
		file_put(*fp);
		return EBADF;
	}
	return 0;
}

static int
no_op(const struct file *f)
{
	return f->kind == FILE_DIR ? EISDIR : EINVAL;
}

static int
do_readv(int fd, const struct iovec *iov, int n, ssize_t *done)
{
	struct file *f;
	int err;

	*done = 0;
	sig_poll();
	if ((err = get_for(fd, READING, &f)) != 0)
		return err;
	if (f->ops->readv == NULL)
		err = no_op(f);
	else if ((err = iov_check(iov, n)) == 0)
		err = f->ops->readv(f, iov, n, done);
	file_put(f);
	return err;
}

/*
 * SIGPIPE goes to the thread that wrote (POSIX, write(): EPIPE).  A socket
 * raises its own, because of MSG_NOSIGNAL; the other kinds leave it to us.
 */
static int
do_writev(int fd, const struct iovec *iov, int n, ssize_t *done)
{
	struct file *f;
	int err, broken;

	*done = 0;
	sig_poll();
	if ((err = get_for(fd, WRITING, &f)) != 0)
		return err;
	if (f->ops->writev == NULL)
		err = no_op(f);
	else if ((err = iov_check(iov, n)) == 0)
		err = f->ops->writev(f, iov, n, done);
	broken = err == EPIPE && f->kind == FILE_PIPE;
	file_put(f);
	if (broken)
		sig_raise(SIGPIPE);
	return err;
}

static int
do_preadv(int fd, const struct iovec *iov, int n, off_t off, ssize_t *done)
{
	struct file *f;
	int err;

	*done = 0;
	if ((err = get_for(fd, READING, &f)) != 0)
		return err;
	if (f->ops->preadv == NULL)
		err = f->kind == FILE_DIR ? EISDIR : ESPIPE;
	else if (off < 0)
		err = EINVAL;
	else if ((err = iov_check(iov, n)) == 0)
		err = f->ops->preadv(f, iov, n, off, done);
	file_put(f);
	return err;
}

static int
do_pwritev(int fd, const struct iovec *iov, int n, off_t off, ssize_t *done)
{
	struct file *f;
	int err;

	*done = 0;
	if ((err = get_for(fd, WRITING, &f)) != 0)
		return err;
	if (f->ops->pwritev == NULL)
		err = ESPIPE;
	else if (off < 0)
		err = EINVAL;
	else if ((err = iov_check(iov, n)) == 0)
		err = f->ops->pwritev(f, iov, n, off, done);
	file_put(f);
	return err;
}

/* POSIX leaves a length beyond SSIZE_MAX to us; Linux shortens it. */
static struct iovec
one(const void *buf, size_t len)
{
	return (struct iovec){ .iov_base = (void *)(uintptr_t)buf,
	    .iov_len = len <= (size_t)SSIZE_MAX ? len : (size_t)SSIZE_MAX };
}

ssize_t
read(int fd, void *buf, size_t len)
{
	struct iovec iov = one(buf, len);
	ssize_t done = 0;
	int err = do_readv(fd, &iov, 1, &done);

	return result_size(err, done);
}

ssize_t
write(int fd, const void *buf, size_t len)
{
	struct iovec iov = one(buf, len);
	ssize_t done = 0;
	int err = do_writev(fd, &iov, 1, &done);

	return result_size(err, done);
}

ssize_t
pread(int fd, void *buf, size_t len, off_t off)
{
	struct iovec iov = one(buf, len);
	ssize_t done = 0;
	int err = do_preadv(fd, &iov, 1, off, &done);

	return result_size(err, done);
}

ssize_t
pwrite(int fd, const void *buf, size_t len, off_t off)
{
	struct iovec iov = one(buf, len);
	ssize_t done = 0;
	int err = do_pwritev(fd, &iov, 1, off, &done);

	return result_size(err, done);
}

ssize_t
readv(int fd, const struct iovec *iov, int n)
{
	ssize_t done = 0;
	int err = n > 0 ? do_readv(fd, iov, n, &done) : EINVAL;

	return result_size(err, done);
}

ssize_t
writev(int fd, const struct iovec *iov, int n)
{
	ssize_t done = 0;
	int err = n > 0 ? do_writev(fd, iov, n, &done) : EINVAL;

	return result_size(err, done);
}

ssize_t
preadv(int fd, const struct iovec *iov, int n, off_t off)
{
	ssize_t done = 0;
	int err = n > 0 ? do_preadv(fd, iov, n, off, &done) : EINVAL;

	return result_size(err, done);
}

ssize_t
pwritev(int fd, const struct iovec *iov, int n, off_t off)
{
	ssize_t done = 0;
	int err = n > 0 ? do_pwritev(fd, iov, n, off, &done) : EINVAL;

	return result_size(err, done);
}

off_t
lseek(int fd, off_t off, int whence)
{
	struct file *f;
	off_t pos = 0;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result_off(err, 0);
	if (f->ops->lseek == NULL)
		err = f->kind == FILE_DIR ? EINVAL : ESPIPE;
	else
		err = f->ops->lseek(f, off, whence, &pos);
	file_put(f);
	return result_off(err, pos);
}
