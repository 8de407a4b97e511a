/*
 * Space in advance, and advice.
 */
#include <fcntl.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "fd/fdtable.h"
#include "fd/result.h"

#define MODES (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | \
	FALLOC_FL_ZERO_RANGE)
#define AHEAD 1048576

static int
check_mode(int mode)
{
	int what = mode & ~FALLOC_FL_KEEP_SIZE;

	if ((mode & ~MODES) != 0 || what == (MODES & ~FALLOC_FL_KEEP_SIZE))
		return EOPNOTSUPP;
	return mode == FALLOC_FL_PUNCH_HOLE ? EOPNOTSUPP : 0;
}

static int
no_file(const struct file *f)
{
	switch (f->kind) {
	case FILE_PIPE:
		return ESPIPE;
	case FILE_DIR:
		return EISDIR;
	default:
		return ENODEV;
	}
}

static int
allocate(int fd, int mode, off_t off, off_t len)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (off < 0 || len <= 0)
		err = EINVAL;
	else if ((err = check_mode(mode)) != 0)
		;
	else if ((file_flags(f) & O_ACCMODE) == O_RDONLY)
		err = EBADF;
	else if (f->kind != FILE_DISK)
		err = no_file(f);
	else if (len > INT64_MAX - off)
		err = EFBIG;
	else if (f->ops->allocate == NULL)
		err = EOPNOTSUPP;
	else
		err = f->ops->allocate(f, mode, off, len);
	file_put(f);
	return err;
}

int
fallocate(int fd, int mode, off_t off, off_t len)
{
	return result(allocate(fd, mode, off, len), 0);
}

/* Gives the error, and leaves errno alone. */
int
posix_fallocate(int fd, off_t off, off_t len)
{
	return allocate(fd, 0, off, len);
}

int
posix_fadvise(int fd, off_t off, off_t len, int advice)
{
	struct file *f;
	int err;

	(void)off;
	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind == FILE_PIPE)
		err = ESPIPE;
	else if (len < 0 || advice < POSIX_FADV_NORMAL ||
	    advice > POSIX_FADV_NOREUSE)
		err = EINVAL;
	file_put(f);
	return err;
}

/* Whoever reads a file brings it into NT's cache. */
static int
read_ahead(struct file *f, off_t off, size_t len)
{
	struct iovec iov;
	ssize_t got = 1;
	int err = 0;

	if ((iov.iov_base = malloc(AHEAD)) == NULL)
		return ENOMEM;
	for (; err == 0 && len > 0 && got > 0; len -= (size_t)got) {
		iov.iov_len = len < AHEAD ? len : AHEAD;
		if ((err = f->ops->preadv(f, &iov, 1, off, &got)) == 0)
			off += got;
	}
	free(iov.iov_base);
	return err;
}

ssize_t
readahead(int fd, off_t off, size_t len)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result_size(err, 0);
	if ((file_flags(f) & O_ACCMODE) == O_WRONLY)
		err = EBADF;
	else if (f->kind != FILE_DISK || off < 0)
		err = EINVAL;
	else
		err = read_ahead(f, off, len);
	file_put(f);
	return result_size(err, 0);
}
