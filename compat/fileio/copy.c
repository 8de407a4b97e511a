/*
 * copy_file_range and sendfile: from file to file, pipe or socket.
 */
#include <sys/sendfile.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/io.h"
#include "fileio/rw.h"

#define CHUNK 262144

/* Where one side of a copy stands: at *own, or at the description's offset. */
struct side {
	struct file *f;
	off_t *own;
	off_t pos;
};

static int
side_begin(struct side *s)
{
	if (s->own == NULL)
		return s->f->ops->lseek(s->f, 0, SEEK_CUR, &s->pos);
	s->pos = *s->own;
	return 0;
}

static int
side_end(struct side *s)
{
	if (s->own == NULL)
		return s->f->ops->lseek(s->f, s->pos, SEEK_SET, &s->pos);
	*s->own = s->pos;
	return 0;
}

static int
get_two(int in, int out, struct file **fin, struct file **fout)
{
	int err;

	if ((err = fd_get(in, fin)) != 0)
		return err;
	if ((err = fd_get(out, fout)) != 0)
		file_put(*fin);
	return err;
}

static int
may(struct file *f, int wrong)
{
	return (file_flags(f) & O_ACCMODE) != wrong;
}

/* One step: at most CHUNK from a, by way of buf, to b at its position. */
static int
step(struct side *a, struct side *b, char *buf, size_t len, size_t *moved)
{
	struct iovec iov = { .iov_base = buf };
	ssize_t got = 0, put = 0;
	int err;

	*moved = 0;
	iov.iov_len = len < CHUNK ? len : CHUNK;
	if ((err = a->f->ops->preadv(a->f, &iov, 1, a->pos, &got)) != 0 ||
	    got == 0)
		return err;
	iov.iov_len = (size_t)got;
	err = b->f->ops->pwritev(b->f, &iov, 1, b->pos, &put);
	a->pos += put;
	b->pos += put;
	*moved = (size_t)put;
	return err;
}

static int
copy_range(struct side *a, struct side *b, size_t len, ssize_t *done)
{
	size_t moved = 1;
	char *buf;
	int err = 0;

	if (len > IO_MAX)
		len = IO_MAX;
	if ((buf = malloc(len < CHUNK ? len + 1 : CHUNK)) == NULL)
		return ENOMEM;
	while (err == 0 && len > 0 && moved > 0) {
		err = step(a, b, buf, len, &moved);
		*done += (ssize_t)moved;
		len -= moved;
	}
	free(buf);
	return *done > 0 ? 0 : err;
}

static int
overlap(struct side *a, struct side *b, size_t len)
{
	struct stat in, out;
	off_t left, n;

	if (a->f->ops->stat(a->f, &in) != 0 ||
	    b->f->ops->stat(b->f, &out) != 0 || in.st_dev != out.st_dev ||
	    in.st_ino != out.st_ino)
		return 0;
	left = in.st_size > a->pos ? in.st_size - a->pos : 0;
	n = len < (size_t)left ? (off_t)len : left;
	return a->pos < b->pos ? b->pos - a->pos < n : a->pos - b->pos < n;
}

static int
check_copy(const struct side *a, const struct side *b, unsigned int flags)
{
	if (flags != 0)
		return EINVAL;
	if (a->f->kind == FILE_DIR || b->f->kind == FILE_DIR)
		return EISDIR;
	if (a->f->kind != FILE_DISK || b->f->kind != FILE_DISK)
		return EINVAL;
	if (!may(a->f, O_WRONLY) || !may(b->f, O_RDONLY) ||
	    (file_flags(b->f) & O_APPEND))
		return EBADF;
	return 0;
}

static int
copy_sides(struct side *a, struct side *b, size_t len, unsigned int flags,
    ssize_t *done)
{
	int err;

	if ((err = check_copy(a, b, flags)) != 0 ||
	    (err = side_begin(a)) != 0 || (err = side_begin(b)) != 0)
		return err;
	if (a->pos < 0 || b->pos < 0 || len > (uint64_t)(INT64_MAX - a->pos) ||
	    len > (uint64_t)(INT64_MAX - b->pos))
		return EOVERFLOW;
	if (overlap(a, b, len))
		return EINVAL;
	if ((err = copy_range(a, b, len, done)) != 0)
		return err;
	if ((err = side_end(a)) == 0)
		err = side_end(b);
	return err;
}

ssize_t
copy_file_range(int in, off_t *inoff, int out, off_t *outoff, size_t len,
    unsigned int flags)
{
	struct side a = { .own = inoff }, b = { .own = outoff };
	ssize_t done = 0;
	int err;

	if ((err = get_two(in, out, &a.f, &b.f)) != 0)
		return result_size(err, 0);
	err = copy_sides(&a, &b, len, flags, &done);
	file_put(b.f);
	file_put(a.f);
	return result_size(err, done);
}

/*
 * What the other side takes.  Only that is taken from the file, so a socket
 * that is full costs another reading and loses nothing.
 */
static int
send_range(struct side *a, struct file *out, size_t len, ssize_t *done)
{
	struct iovec iov;
	ssize_t got, put;
	int err = 0;

	if (len > IO_MAX)
		len = IO_MAX;
	if ((iov.iov_base = malloc(len < CHUNK ? len + 1 : CHUNK)) == NULL)
		return ENOMEM;
	for (; len > 0; len -= (size_t)put) {
		iov.iov_len = len < CHUNK ? len : CHUNK;
		got = put = 0;
		if ((err = a->f->ops->preadv(a->f, &iov, 1, a->pos,
		    &got)) != 0 || got == 0)
			break;
		iov.iov_len = (size_t)got;
		err = file_writev(out, &iov, 1, &put);
		a->pos += put;
		*done += put;
		if (err != 0 || put < got)
			break;
	}
	free(iov.iov_base);
	return *done > 0 ? 0 : err;
}

static int
check_send(const struct side *a, struct file *out)
{
	if (!may(a->f, O_WRONLY) || !may(out, O_RDONLY))
		return EBADF;
	if (a->own != NULL && a->f->ops->preadv == NULL &&
	    a->f->kind != FILE_DIR)
		return ESPIPE;
	if (a->f->kind != FILE_DISK || (file_flags(out) & O_APPEND))
		return EINVAL;
	return out->ops->writev != NULL ? 0 : EINVAL;
}

ssize_t
sendfile(int out, int in, off_t *off, size_t len)
{
	struct side a = { .own = off };
	struct file *to;
	ssize_t done = 0;
	int err;

	if ((err = get_two(in, out, &a.f, &to)) != 0)
		return result_size(err, 0);
	if ((err = check_send(&a, to)) == 0 && (err = side_begin(&a)) == 0 &&
	    (err = a.pos < 0 ? EINVAL : 0) == 0 &&
	    (err = send_range(&a, to, len, &done)) == 0)
		err = side_end(&a);
	file_put(to);
	file_put(a.f);
	return result_size(err, done);
}
