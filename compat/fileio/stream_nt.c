/*
 * Streams: devices, named pipes opened by name, and handles that the CRT
 * opened (standard input and output, FILEs, foreign libraries).  The last are
 * synchronous as a rule: NT lets one call at a time at them, and keeps the
 * position of a file itself, where the CRT finds it too.
 */
#include "fileio/open.h"

#include <sys/stat.h>
#include <sys/uio.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "fd/adopt.h"
#include "fileio/console.h"
#include "fileio/disk.h"
#include "fileio/io.h"
#include "fileio/iov.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/handoff.h"
#include "signal/wait.h"

struct stream {
	struct file f;
	int owned;
	struct append_lock append;
	struct flock_state locked;
};

static HANDLE
handle_of(struct file *f)
{
	return (HANDLE)f->handle;
}

static int
tell(struct file *f, off_t *pos)
{
	LARGE_INTEGER zero = { .QuadPart = 0 }, now;

	if (!SetFilePointerEx(handle_of(f), zero, &now, FILE_CURRENT))
		return nt_errno(GetLastError());
	*pos = now.QuadPart;
	return 0;
}

static int
seek(struct file *f, off_t pos)
{
	LARGE_INTEGER to = { .QuadPart = pos };

	if (!SetFilePointerEx(handle_of(f), to, NULL, FILE_BEGIN))
		return nt_errno(GetLastError());
	return 0;
}

/*
 * One buffer at the position that NT keeps: with an OVERLAPPED the transfer
 * starts where that says, and moves NT's position behind it.  Whatever has no
 * position (pipe, device) ignores the offset.
 */
static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	struct file *f = arg;
	off_t pos = 0;
	int err;

	(void)off;
	if (f->kind == FILE_DISK && (err = tell(f, &pos)) != 0)
		return err;
	do {
		err = io_read(f->handle, buf, len, (uint64_t)pos, done);
	} while (err == ECANCELED && (err = sig_interrupt()) == 0);
	return err;
}

static int
write_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	struct file *f = arg;
	off_t pos = 0;
	int err;

	(void)off;
	if (f->kind == FILE_DISK && (err = tell(f, &pos)) != 0)
		return err;
	return io_write(f->handle, buf, len, (uint64_t)pos, done);
}

/*
 * A device or pipe gives what it has: one read, into the first buffer that is
 * not empty.  A second one could block.  A read that blocks cannot be ended by
 * a signal, and there is no O_NONBLOCK for writing: LIM-FD-4.
 */
static int
stream_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	DWORD avail;
	int err;

	if (f->kind == FILE_PIPE && (file_flags(f) & O_NONBLOCK) &&
	    PeekNamedPipe(handle_of(f), NULL, 0, NULL, &avail, NULL) &&
	    avail == 0)
		return EAGAIN;
	if (f->kind != FILE_DISK) {
		while (n > 1 && iov->iov_len == 0) {
			iov++;
			n--;
		}
		return iov_each(iov, 1, 0, read_op, f, done);
	}
	file_lock(f);
	err = iov_each(iov, n, 0, read_op, f, done);
	file_unlock(f);
	return err;
}

static int
pwrite_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	return io_write(((struct file *)arg)->handle, buf, len, off, done);
}

static int
stream_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	off_t end;
	int err;

	if (f->kind != FILE_DISK)
		return iov_each(iov, n, 0, write_op, f, done);
	file_lock(f);
	if (file_flags(f) & O_APPEND)
		err = append(f, &((struct stream *)f)->append, pwrite_op, iov,
		    n, done, &end);
	else
		err = iov_each(iov, n, 0, write_op, f, done);
	file_unlock(f);
	return err;
}

static int
pread_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	return io_read(((struct file *)arg)->handle, buf, len, off, done);
}

/* A synchronous handle's position moves even so (measured on Wine 8 and 10). */
static int
positioned(struct file *f, const struct iovec *iov, int n, off_t off,
    iov_op *op, ssize_t *done)
{
	off_t pos = 0;
	int err;

	if (f->kind != FILE_DISK)
		return ESPIPE;
	file_lock(f);
	if ((err = tell(f, &pos)) == 0) {
		err = iov_each(iov, n, (uint64_t)off, op, f, done);
		(void)seek(f, pos);
	}
	file_unlock(f);
	return err;
}

static int
stream_preadv(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	return positioned(f, iov, n, off, pread_op, done);
}

/* With O_APPEND at the end, as in disk.c. */
static int
stream_pwritev(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	off_t end, pos = 0;
	int err;

	if (f->kind != FILE_DISK || !(file_flags(f) & O_APPEND))
		return positioned(f, iov, n, off, pwrite_op, done);
	file_lock(f);
	if ((err = tell(f, &pos)) == 0) {
		err = append(f, &((struct stream *)f)->append, pwrite_op, iov,
		    n, done, &end);
		(void)seek(f, pos);
	}
	file_unlock(f);
	return err;
}

static int
stream_lseek(struct file *f, off_t off, int whence, off_t *result)
{
	off_t base = 0;
	int err = 0;

	if (f->kind != FILE_DISK)
		return ESPIPE;
	file_lock(f);
	if (whence == SEEK_CUR)
		err = tell(f, &base);
	else if (whence == SEEK_END)
		err = handle_size(f->handle, &base);
	else if (whence != SEEK_SET)
		err = EINVAL;
	if (err == 0 && (err = seek_target(base, off, result)) == 0)
		err = seek(f, *result);
	file_unlock(f);
	return err;
}

static int
stream_truncate(struct file *f, off_t size)
{
	return f->kind == FILE_DISK ? handle_truncate(f, size) : EINVAL;
}

static int
stream_sync(struct file *f, int data_only)
{
	return f->kind == FILE_DISK ? handle_sync(f, data_only) : EINVAL;
}

static int
stream_flock(struct file *f, int op)
{
	if (f->kind != FILE_DISK)
		return ENOTSUP;
	return flock_handle(&((struct stream *)f)->locked, f->handle, op);
}

static int
stream_ioctl(struct file *f, unsigned long request, void *arg)
{
	DWORD n;

	if (request != FIONREAD || f->kind != FILE_PIPE)
		return ENOTTY;
	if (!PeekNamedPipe(handle_of(f), NULL, 0, NULL, &n, NULL))
		return nt_errno(GetLastError());
	*(int *)arg = (int)n;
	return 0;
}

static void
stream_close(struct file *f)
{
	append_close(&((struct stream *)f)->append);
	if (((struct stream *)f)->owned)
		handle_close(f->handle);
	free(f);
}

static int
stream_hand(struct file *f, struct hand_record *r)
{
	r->type = HAND_STREAM;
	r->handle[HAND_MAIN] = f->handle;
	return 0;
}

static int
stream_native(struct file *f, struct native_handle *native)
{
	native->handle = f->handle;
	return 0;
}

static const struct file_ops stream_ops = {
	.name = "stream",
	.readv = stream_readv,
	.writev = stream_writev,
	.preadv = stream_preadv,
	.pwritev = stream_pwritev,
	.lseek = stream_lseek,
	.stat = handle_stat,
	.truncate = stream_truncate,
	.sync = stream_sync,
	.flock = stream_flock,
	.ioctl = stream_ioctl,
	.hand = stream_hand,
	.native = stream_native,
	.close = stream_close,
};

int
stream_new(uintptr_t handle, enum file_kind kind, int flags, int owned,
    struct file **fp)
{
	struct stream *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	file_init(&s->f, kind, &stream_ops, flags, handle);
	s->owned = owned;
	s->locked.synchronous = 1;
	*fp = &s->f;
	return 0;
}

int
is_console(uintptr_t handle)
{
	DWORD mode;

	return GetConsoleMode((HANDLE)handle, &mode) != 0;
}
