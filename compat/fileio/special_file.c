/*
 * Descriptions of /dev/null, /dev/zero, /dev/full and /dev/random, which have
 * no data of their own.
 */
#include "fileio/special.h"

#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd/file.h"
#include "fileio/disk.h"
#include "fileio/iov.h"
#include "nt/random.h"
#include "process/handoff.h"

struct special {
	struct file f;
	enum at_special what;
};

static enum at_special
what_of(void *file)
{
	return ((struct special *)file)->what;
}

static int
read_op(void *arg, void *buf, size_t len, uint64_t off, size_t *done)
{
	(void)off;
	*done = len;
	switch (what_of(arg)) {
	case AT_NULL:
		*done = 0;
		break;
	case AT_RANDOM:
	case AT_URANDOM:
		nt_random(buf, len);
		break;
	default:
		(void)memset(buf, 0, len);
	}
	return 0;
}

static int
special_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	return iov_each(iov, n, 0, read_op, f, done);
}

static int
special_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	if (what_of(f) == AT_FULL)
		return ENOSPC;
	*done = (ssize_t)iov_total(iov, n);
	return 0;
}

static int
special_preadv(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	(void)off;
	return special_readv(f, iov, n, done);
}

static int
special_pwritev(struct file *f, const struct iovec *iov, int n, off_t off,
    ssize_t *done)
{
	(void)off;
	return special_writev(f, iov, n, done);
}

/* Linux: there is a position, and it is always 0. */
static int
special_lseek(struct file *f, off_t off, int whence, off_t *result)
{
	(void)f;
	(void)off;
	*result = 0;
	return whence >= SEEK_SET && whence <= SEEK_END ? 0 : EINVAL;
}

static int
special_fstat(struct file *f, struct stat *st)
{
	special_identity(what_of(f), st);
	return 0;
}

int
special_hand(struct hand_record *r, enum at_special what, uintptr_t in,
    uintptr_t out)
{
	r->type = HAND_DEVICE;
	r->handle[HAND_MAIN] = in;
	r->handle[HAND_EXTRA] = out;
	r->data[0] = (unsigned char)what;
	return 0;
}

static int
hand(struct file *f, struct hand_record *r)
{
	return special_hand(r, what_of(f), f->handle, 0);
}

int
special_native(struct file *f, struct native_handle *native)
{
	native->handle = f->handle;
	return 0;
}

static void
special_close(struct file *f)
{
	if (f->handle != 0)
		handle_close(f->handle);
	free(f);
}

static const struct file_ops special_ops = {
	.name = "device",
	.readv = special_readv,
	.writev = special_writev,
	.preadv = special_preadv,
	.pwritev = special_pwritev,
	.lseek = special_lseek,
	.stat = special_fstat,
	.hand = hand,
	.native = special_native,
	.close = special_close,
};

/* random(4): the one that poll() and epoll know. */
static uint32_t
random_poll(struct file *f)
{
	(void)f;
	return EPOLLIN | EPOLLRDNORM;
}

static const struct file_ops random_ops = {
	.name = "device",
	.readv = special_readv,
	.writev = special_writev,
	.preadv = special_preadv,
	.pwritev = special_pwritev,
	.lseek = special_lseek,
	.stat = special_fstat,
	.poll = random_poll,
	.hand = hand,
	.native = special_native,
	.close = special_close,
};

static int
make(enum at_special what, uintptr_t handle, int flags, struct file **fp)
{
	struct special *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	file_init(&s->f, FILE_CHAR, what == AT_RANDOM ? &random_ops :
	    &special_ops, flags, handle);
	s->what = what;
	*fp = &s->f;
	return 0;
}

int
special_new(enum at_special what, uintptr_t handle, int flags,
    struct file **fp)
{
	int err = make(what, handle, flags, fp);

	if (err != 0 && handle != 0)
		handle_close(handle);
	return err;
}

int
special_take(struct hand_record *r, struct file **fp)
{
	enum at_special what = (enum at_special)r->data[0];

	if (what == AT_TTY)
		return special_take_tty(r, fp);
	return make(what, (uintptr_t)r->handle[HAND_MAIN], r->flags, fp);
}
