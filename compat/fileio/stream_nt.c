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
#include "fileio/stream_news.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/handoff.h"
#include "signal/wait.h"

/* <sys/epoll.h> does not go with NT's headers. */
#define READY_IN 0x041u		/* EPOLLIN | EPOLLRDNORM */
#define READY_ALL 0x145u		/* and EPOLLOUT | EPOLLWRNORM */

struct stream {
	struct file f;
	int owned;
	struct append_lock append;
	struct flock_state locked;
	_Atomic(struct stream_news *) news;	/* made by the first poll */
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

static struct stream_news *
news_of(struct file *f)
{
	struct stream *s = (struct stream *)f;
	struct stream_news *news, *none = NULL;

	if ((news = atomic_load(&s->news)) != NULL ||
	    (news = stream_news_new(f)) == NULL)
		return news;
	if (atomic_compare_exchange_strong(&s->news, &none, news))
		return news;
	stream_news_free(news);
	return none;
}

/* Without memory nothing is known, and a read may find out. */
uint32_t
stream_poll_for(struct file *f, struct file *told)
{
	struct stream_news *news = news_of(f);

	if (news == NULL)
		return READY_ALL;
	stream_news_for(news, told);
	return stream_news_poll(news);
}

static uint32_t
stream_poll(struct file *f)
{
	struct stream_news *news = news_of(f);

	return news != NULL ? stream_news_poll(news) : READY_ALL;
}

/* A console ends its lines by two characters, a terminal by one. */
static void
end_line(struct file *f, char *buf, ssize_t *done)
{
	DWORD mode;

	if (f->kind != FILE_CHAR || f->ops->poll == NULL || *done == 0 ||
	    !GetConsoleMode(handle_of(f), &mode) ||
	    (mode & ENABLE_LINE_INPUT) == 0)
		return;
	if (buf[*done - 1] == '\r')
		--*done;
	else if (*done > 1 && buf[*done - 2] == '\r' && buf[*done - 1] == '\n')
		buf[--*done - 1] = '\n';
}

/* What a read of a device or pipe found tells what is left. */
static int
read_once(struct file *f, const struct iovec *iov, ssize_t *done)
{
	struct stream_news *news = atomic_load(&((struct stream *)f)->news);
	char last = '\0', *buf = iov->iov_base;
	ssize_t n;
	int err;

	do {
		if ((err = iov_each(iov, 1, 0, read_op, f, done)) != 0)
			return err;
		n = *done;
		if (n > 0)
			last = buf[n - 1];
		end_line(f, buf, done);
	} while (n > 0 && *done == 0);
	if (news != NULL)
		stream_news_read(news, iov->iov_len, (size_t)n, last);
	return 0;
}

/* O_NONBLOCK, and a read would wait. */
static int
would_block(struct file *f)
{
	DWORD avail;

	if ((file_flags(f) & O_NONBLOCK) == 0)
		return 0;
	if (f->kind == FILE_PIPE)
		return PeekNamedPipe(handle_of(f), NULL, 0, NULL, &avail,
		    NULL) && avail == 0;
	return f->kind == FILE_CHAR && f->ops->poll != NULL &&
	    (stream_poll(f) & READY_IN) == 0;
}

/*
 * A device or pipe gives what it has: one read, into the first buffer that is
 * not empty.  A second one could block.  A read that blocks cannot be ended by
 * a signal, and there is no O_NONBLOCK for writing: LIM-FD-4.
 */
static int
stream_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	int err;

	if (would_block(f))
		return EAGAIN;
	if (f->kind != FILE_DISK) {
		while (n > 1 && iov->iov_len == 0) {
			iov++;
			n--;
		}
		return read_once(f, iov, done);
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
	stream_news_free(atomic_load(&((struct stream *)f)->news));
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

#define OPS \
	.name = "stream", \
	.readv = stream_readv, \
	.writev = stream_writev, \
	.preadv = stream_preadv, \
	.pwritev = stream_pwritev, \
	.lseek = stream_lseek, \
	.stat = handle_stat, \
	.truncate = stream_truncate, \
	.sync = stream_sync, \
	.flock = stream_flock, \
	.ioctl = stream_ioctl, \
	.hand = stream_hand, \
	.native = stream_native, \
	.close = stream_close

/* Files and NUL are always ready, and epoll does not take them. */
static const struct file_ops stream_ops = { OPS };
static const struct file_ops ready_ops = { OPS, .poll = stream_poll };

int
stream_new(uintptr_t handle, enum file_kind kind, int flags, int owned,
    struct file **fp)
{
	struct stream *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	file_init(&s->f, kind, kind == FILE_PIPE ||
	    (kind == FILE_CHAR && is_console(handle)) ? &ready_ops :
	    &stream_ops, flags, handle);
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
