#include "fileio/disk.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "fileio/io.h"
#include "fileio/iov.h"
#include "fileio/space.h"
#include "flock/mandatory.h"
#include "process/handoff.h"

/* Vectors up to this size are one transfer, and bigger ones one a buffer. */
#define ONE_CALL 65536
#define ON_STACK 4096

/* Beyond this no file system of NT's is sure to go: 16 TiB, NTFS's least. */
#define SURE_SIZE ((uint64_t)16 << 40)
#define BLOCK 4096

/* Linux's answer where the end would be no offset; IO_APPEND is one. */
static int
ends_too_far(uint64_t off, size_t len)
{
	return off <= INT64_MAX && len > INT64_MAX - off;
}

static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	int err;

	if (ends_too_far(off, len))
		return EINVAL;
	err = disk_read(((struct file *)arg)->handle, buf, len, off, done);
	return err == EBUSY ? mandatory_read(arg, buf, len, off, done) : err;
}

/* Linux writes what there is room for, NT all or nothing: ask for less. */
static size_t
less(size_t len, uint64_t off)
{
	size_t head = BLOCK - (size_t)(off % BLOCK);

	return len <= head ? 0 : head + (len - head) / 2 / BLOCK * BLOCK;
}

static int
write_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	struct file *f = arg;
	int err;

	if (ends_too_far(off, len))
		return EINVAL;
	hole_ahead((struct disk_file *)f, off);
	err = disk_write(f->handle, buf, len, off, done);
	if (err == EBUSY)
		return mandatory_write(f, buf, len, off, done);
	if (err != 0 && off <= INT64_MAX && off + len > SURE_SIZE)
		return err == EACCES || err == EBUSY ? err : EFBIG;
	while (err == ENOSPC && (len = less(len, off)) > 0)
		err = disk_write(f->handle, buf, len, off, done);
	return err;
}

static int
disk_preadv(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	char small[ON_STACK], *buf = small;
	size_t got, len;
	int err;

	len = n == 1 ? 0 : iov_total(iov, n);
	if (len == 0 || len > ONE_CALL)
		return iov_each(iov, n, (uint64_t)off, read_op, f, done);
	if (len > ON_STACK && (buf = malloc(len)) == NULL)
		return ENOMEM;
	if ((err = read_op(f, buf, len, (uint64_t)off, &got)) == 0) {
		iov_scatter(iov, 0, buf, got);
		*done = (ssize_t)got;
	}
	if (buf != small)
		free(buf);
	return err;
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

static int
write_at(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	size_t len, put = 0;
	void *buf;
	int err, own;

	if (n == 1 || iov_total(iov, n) > ONE_CALL)
		return iov_each(iov, n, (uint64_t)off, write_op, f, done);
	if ((err = iov_gather(iov, n, &buf, &len, &own)) != 0)
		return err;
	if (len > 0)
		err = write_op(f, buf, len, (uint64_t)off, &put);
	*done = (ssize_t)put;
	if (own)
		free(buf);
	return err;
}

int
append(struct file *f, struct append_lock *l, iov_op *op,
    const struct iovec *iov, int n, ssize_t *done, off_t *end)
{
	size_t len, put = 0;
	uint64_t off;
	void *buf;
	int err, own;

	if ((err = iov_gather(iov, n, &buf, &len, &own)) != 0)
		return err;
	if (len > 0 && (err = append_begin(l, f->handle, &off)) == 0) {
		err = op(f, buf, len, off, &put);
		append_end(l);
		if (err == 0 && off != IO_APPEND)
			*end = (off_t)(off + put);
		else if (err == 0)
			(void)handle_size(f->handle, end);
	}
	*done = (ssize_t)put;
	if (own)
		free(buf);
	return err;
}

static int
disk_append(struct file *f, const struct iovec *iov, int n, ssize_t *done,
    off_t *end)
{
	struct disk_file *d = (struct disk_file *)f;

	return append(f, &d->append, write_op, iov, n, done, end);
}

/* With O_APPEND at the end, as on Linux; POSIX: at off (pwrite(2), BUGS). */
static int
disk_pwritev(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	off_t end;
	int err;

	if (!(file_flags(f) & O_APPEND))
		return write_at(f, iov, n, off, done);
	file_lock(f);
	err = disk_append(f, iov, n, done, &end);
	file_unlock(f);
	return err;
}

static int
disk_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err;

	file_lock(f);
	if (file_flags(f) & O_APPEND) {
		err = disk_append(f, iov, n, done, file_pos(f));
	} else {
		err = write_at(f, iov, n, *file_pos(f), done);
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
	case SEEK_DATA:
	case SEEK_HOLE:
		err = space_seek(f->handle, off, whence == SEEK_HOLE, &off);
		break;
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
disk_truncate(struct file *f, off_t size)
{
	struct disk_file *d = (struct disk_file *)f;
	int err;

	hole_ahead(d, (uint64_t)size);
	if ((err = handle_truncate(f, size)) == 0)
		atomic_store(&d->seen_end, size);
	else if ((uint64_t)size > SURE_SIZE && err != EBUSY && err != EACCES)
		err = EFBIG;
	return err;
}

static int
disk_allocate(struct file *f, int mode, off_t off, off_t len)
{
	return space_allocate((struct disk_file *)f, mode, off, len);
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
	append_close(&((struct disk_file *)f)->append);
	handle_close(f->handle);
	free(f);
}

static int
disk_hand(struct file *f, struct hand_record *r)
{
	r->type = HAND_DISK;
	r->handle[HAND_MAIN] = f->handle;
	return 0;
}

static const struct file_ops disk_ops = {
	.name = "file",
	.readv = disk_readv,
	.writev = disk_writev,
	.preadv = disk_preadv,
	.pwritev = disk_pwritev,
	.lseek = disk_lseek,
	.stat = handle_stat,
	.truncate = disk_truncate,
	.allocate = disk_allocate,
	.sync = handle_sync,
	.flock = disk_flock,
	.ioctl = disk_ioctl,
	.hand = disk_hand,
	.native = file_share_native,
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
