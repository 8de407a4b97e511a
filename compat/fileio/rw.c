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
#include "fileio/rw.h"
#include "signal/wait.h"

enum direction { READING, WRITING };

/* A description that is open for the other direction only: EBADF. */
static int
check_mode(struct file *f, enum direction d)
{
	int flags = file_flags(f);

	return (flags & O_PATH) || (flags & O_ACCMODE) ==
	    (d == READING ? O_WRONLY : O_RDONLY) ? EBADF : 0;
}

static int
get_for(int fd, enum direction d, struct file **fp)
{
	int err;

	if ((err = fd_get(fd, fp)) != 0)
		return err;
	if ((err = check_mode(*fp, d)) != 0)
		file_put(*fp);
	return err;
}

/* Where there are no offsets, Linux says so first. */
static int
get_at(int fd, enum direction d, off_t off, struct file **fp)
{
	struct file *f;
	int err;

	if (off < 0)
		return EINVAL;
	if ((err = fd_get(fd, fp)) != 0)
		return err;
	f = *fp;
	if (f->ops->preadv == NULL && f->kind != FILE_DIR &&
	    f->kind != FILE_PATH)
		err = ESPIPE;
	else if ((err = check_mode(f, d)) == 0 && f->ops->preadv == NULL)
		err = EISDIR;
	if (err != 0)
		file_put(f);
	return err;
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
	int err, tries = 0;

	*done = 0;
	sig_poll();
	if ((err = get_for(fd, READING, &f)) != 0)
		return err;
	if ((err = iov_check(iov, n)) != 0)
		;
	else if (f->ops->readv == NULL)
		err = no_op(f);
	else if (n > 0)
		do
			err = f->ops->readv(f, iov, n, done);
		while (iov_again(err, iov, n, 1, &tries));
	file_put(f);
	return err;
}

/*
 * SIGPIPE goes to the thread that wrote (POSIX, write(): EPIPE).  A socket
 * raises its own, because of MSG_NOSIGNAL; the other kinds leave it to us.
 */
int
file_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err, tries = 0;

	do
		err = f->ops->writev(f, iov, n, done);
	while (iov_again(err, iov, n, 0, &tries));
	if (err == EPIPE && f->kind == FILE_PIPE)
		sig_raise(SIGPIPE);
	return err;
}

static int
do_writev(int fd, const struct iovec *iov, int n, ssize_t *done)
{
	struct file *f;
	int err;

	*done = 0;
	sig_poll();
	if ((err = get_for(fd, WRITING, &f)) != 0)
		return err;
	if ((err = iov_check(iov, n)) != 0)
		;
	else if (f->ops->writev == NULL)
		err = no_op(f);
	else if (n > 0)
		err = file_writev(f, iov, n, done);
	file_put(f);
	return err;
}

static int
do_preadv(int fd, const struct iovec *iov, int n, off_t off, ssize_t *done)
{
	struct file *f;
	int err, tries = 0;

	*done = 0;
	if ((err = get_at(fd, READING, off, &f)) != 0)
		return err;
	if ((err = iov_check(iov, n)) == 0 && n > 0)
		do
			err = f->ops->preadv(f, iov, n, off, done);
		while (iov_again(err, iov, n, 1, &tries));
	file_put(f);
	return err;
}

static int
do_pwritev(int fd, const struct iovec *iov, int n, off_t off, ssize_t *done)
{
	struct file *f;
	int err, tries = 0;

	*done = 0;
	if ((err = get_at(fd, WRITING, off, &f)) != 0)
		return err;
	if ((err = iov_check(iov, n)) == 0 && n > 0)
		do
			err = f->ops->pwritev(f, iov, n, off, done);
		while (iov_again(err, iov, n, 0, &tries));
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
	int err = do_readv(fd, iov, n, &done);

	return result_size(err, done);
}

ssize_t
writev(int fd, const struct iovec *iov, int n)
{
	ssize_t done = 0;
	int err = do_writev(fd, iov, n, &done);

	return result_size(err, done);
}

ssize_t
preadv(int fd, const struct iovec *iov, int n, off_t off)
{
	ssize_t done = 0;
	int err = do_preadv(fd, iov, n, off, &done);

	return result_size(err, done);
}

ssize_t
pwritev(int fd, const struct iovec *iov, int n, off_t off)
{
	ssize_t done = 0;
	int err = do_pwritev(fd, iov, n, off, &done);

	return result_size(err, done);
}

/* Flags that change nothing but how soon; the rest is EOPNOTSUPP. */
#define WRITE_FLAGS (RWF_HIPRI | RWF_DSYNC | RWF_SYNC)

ssize_t
preadv2(int fd, const struct iovec *iov, int n, off_t off, int flags)
{
	if ((flags & ~RWF_HIPRI) != 0)
		return result_size(EOPNOTSUPP, 0);
	return off == -1 ? readv(fd, iov, n) : preadv(fd, iov, n, off);
}

ssize_t
pwritev2(int fd, const struct iovec *iov, int n, off_t off, int flags)
{
	ssize_t done;

	if ((flags & ~WRITE_FLAGS) != 0)
		return result_size(EOPNOTSUPP, 0);
	done = off == -1 ? writev(fd, iov, n) : pwritev(fd, iov, n, off);
	if (done > 0 && (flags & (RWF_DSYNC | RWF_SYNC)) && fsync(fd) != 0)
		return -1;
	return done;
}

off_t
lseek(int fd, off_t off, int whence)
{
	struct file *f;
	off_t pos = 0;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result_off(err, 0);
	if (whence < SEEK_SET || whence > SEEK_HOLE)
		err = EINVAL;
	else if (f->ops->lseek == NULL)
		err = ESPIPE;
	else
		err = f->ops->lseek(f, off, whence, &pos);
	file_put(f);
	return result_off(err, pos);
}
