#include "fileio/disk.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "fileio/io.h"
#include "fileio/iov.h"

static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	return io_read(((struct file *)arg)->handle, buf, len, off, done);
}

static int
write_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	return io_write(((struct file *)arg)->handle, buf, len, off, done);
}

static int
disk_preadv(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	return iov_each(iov, n, (uint64_t)off, read_op, f, done);
}

/*
 * The position is a part of the description, not of NT's file object, so a
 * positioned transfer cannot move it.  The lock is held over the transfer:
 * POSIX wants reads and writes of two threads one after the other.
 */
static int
disk_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err;

	file_lock(f);
	err = disk_preadv(f, iov, n, *file_pos(f), done);
	if (err == 0)
		*file_pos(f) += *done;
	file_unlock(f);
	return err;
}

/*
 * An append must be one write, or another process's could come in between.
 */
static int
append(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	size_t len, put = 0;
	void *buf;
	int err, own;

	if ((err = iov_gather(iov, n, &buf, &len, &own)) != 0)
		return err;
	if (len > 0)
		err = io_write(f->handle, buf, len, IO_APPEND, &put);
	*done = (ssize_t)put;
	if (own)
		free(buf);
	return err;
}

/* At off, with O_APPEND too, as POSIX says; Linux appends (pwrite(2), BUGS). */
static int
disk_pwritev(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	return iov_each(iov, n, (uint64_t)off, write_op, f, done);
}

static int
disk_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err;

	file_lock(f);
	if (file_flags(f) & O_APPEND) {
		if ((err = append(f, iov, n, done)) == 0 && *done > 0)
			(void)handle_size(f->handle, file_pos(f));
	} else {
		err = disk_pwritev(f, iov, n, *file_pos(f), done);
		if (err == 0)
			*file_pos(f) += *done;
	}
	file_unlock(f);
	return err;
}

int
seek_target(off_t base, off_t off, off_t *target)
{
	if (off > 0 && base > INT64_MAX - off)
		return EOVERFLOW;
	if (base + off < 0)
		return EINVAL;
	*target = base + off;
	return 0;
}

static int
disk_lseek(struct file *f, off_t off, int whence, off_t *result)
{
	off_t base = 0;
	int err = 0;

	file_lock(f);
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = *file_pos(f);
		break;
	case SEEK_END:
		err = handle_size(f->handle, &base);
		break;
	default:
		err = EINVAL;
	}
	if (err == 0 && (err = seek_target(base, off, result)) == 0)
		*file_pos(f) = *result;
	file_unlock(f);
	return err;
}

static int
disk_flock(struct file *f, int op)
{
	return flock_handle(&((struct disk_file *)f)->lock, f->handle, op);
}

static int
disk_ioctl(struct file *f, unsigned long request, void *arg)
{
	off_t size, left;
	int err;

	if (request != FIONREAD)
		return ENOTTY;
	if ((err = handle_size(f->handle, &size)) != 0)
		return err;
	file_lock(f);
	left = size > *file_pos(f) ? size - *file_pos(f) : 0;
	file_unlock(f);
	*(int *)arg = left > INT32_MAX ? INT32_MAX : (int)left;
	return 0;
}

static void
disk_close(struct file *f)
{
	handle_close(f->handle);
	free(f);
}

static const struct file_ops disk_ops = {
	.name = "file",
	.readv = disk_readv,
	.writev = disk_writev,
	.preadv = disk_preadv,
	.pwritev = disk_pwritev,
	.lseek = disk_lseek,
	.stat = handle_stat,
	.truncate = handle_truncate,
	.sync = handle_sync,
	.flock = disk_flock,
	.ioctl = disk_ioctl,
	.close = disk_close,
};

int
disk_new(uintptr_t handle, int flags, struct file **fp)
{
	struct disk_file *d;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return ENOMEM;
	file_init(&d->f, FILE_DISK, &disk_ops, flags, handle);
	*fp = &d->f;
	return 0;
}
