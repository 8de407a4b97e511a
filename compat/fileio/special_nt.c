/*
 * Special files that have handles: /dev/null, /dev/tty, /dev/fd/N.
 */
#include "fileio/special.h"

#include <sys/stat.h>
#include <sys/uio.h>

#include <fcntl.h>
#include <stdlib.h>

#include "fd/adopt.h"
#include "fd/fdtable.h"
#include "fileio/at_nt.h"
#include "fileio/disk.h"
#include "fileio/open.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/handoff.h"

int
special_null(uintptr_t *handle)
{
	HANDLE h;

	h = nt.CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, SHARE_ALL,
	    NULL, OPEN_EXISTING, 0, NULL);
	if (h == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	*handle = (uintptr_t)h;
	return 0;
}

/*
 * A terminal is read at one handle and written at another, each with a
 * description of its own below this one.
 */
struct tty {
	struct file f;
	struct file *in;
	struct file *out;
};

/* <sys/epoll.h> does not go with NT's headers. */
#define READY_IN 0x041u		/* EPOLLIN | EPOLLRDNORM */
#define READY_OUT 0x104u	/* EPOLLOUT | EPOLLWRNORM */

/* The flags are those of the terminal. */
static int
tty_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	struct file *in = ((struct tty *)f)->in;

	if ((file_flags(f) & O_NONBLOCK) != 0 &&
	    (stream_poll_for(in, f) & READY_IN) == 0)
		return EAGAIN;
	return in->ops->readv(in, iov, n, done);
}

static int
tty_writev(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	struct file *out = ((struct tty *)f)->out;

	return out->ops->writev(out, iov, n, done);
}

static int
tty_stat(struct file *f, struct stat *st)
{
	(void)f;
	special_identity(AT_TTY, st);
	return 0;
}

static int
tty_hand(struct file *f, struct hand_record *r)
{
	struct tty *t = (struct tty *)f;

	return special_hand(r, AT_TTY, t->in != NULL ? t->in->handle : 0,
	    t->out != NULL ? t->out->handle : 0);
}

static void
tty_close(struct file *f)
{
	struct tty *t = (struct tty *)f;

	if (t->in != NULL)
		file_put(t->in);
	if (t->out != NULL)
		file_put(t->out);
	free(t);
}

/* As on Linux it can be written to, however it is open. */
static uint32_t
tty_poll(struct file *f)
{
	struct file *in = ((struct tty *)f)->in;

	return READY_OUT | (in != NULL ? stream_poll_for(in, f) : 0);
}

static const struct file_ops tty_ops = {
	.poll = tty_poll,
	.name = "terminal",
	.readv = tty_readv,
	.writev = tty_writev,
	.stat = tty_stat,
	.hand = tty_hand,
	.native = special_native,
	.close = tty_close,
};

/* No console is what "no controlling terminal" is elsewhere: ENXIO. */
static int
open_console(const wchar_t *name, int flags, struct file **fp)
{
	HANDLE h;
	int err;

	h = nt.CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ |
	    FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	if (h == INVALID_HANDLE_VALUE)
		return ENXIO;
	if ((err = stream_new((uintptr_t)h, FILE_CHAR, flags, 1, fp)) != 0)
		(void)nt.CloseHandle(h);
	return err;
}

/* The handle is for isatty(), and for a plain child. */
static void
tty_done(struct tty *t, struct file **fp)
{
	t->f.handle = t->in != NULL ? t->in->handle : t->out->handle;
	*fp = &t->f;
}

int
special_tty(int flags, struct file **fp)
{
	int err = 0, mode = flags & O_ACCMODE;
	struct tty *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return ENOMEM;
	file_init(&t->f, FILE_CHAR, &tty_ops, flags, 0);
	if (mode != O_WRONLY)
		err = open_console(L"CONIN$", O_RDONLY, &t->in);
	if (err == 0 && mode != O_RDONLY)
		err = open_console(L"CONOUT$", O_WRONLY, &t->out);
	if (err != 0) {
		tty_close(&t->f);
		return err;
	}
	tty_done(t, fp);
	return 0;
}

/* When it fails the handles are the caller's: nothing is closed. */
int
special_take_tty(struct hand_record *r, struct file **fp)
{
	uintptr_t in = (uintptr_t)r->handle[HAND_MAIN];
	uintptr_t out = (uintptr_t)r->handle[HAND_EXTRA];
	struct tty *t;
	int err = 0;

	if (in == 0 && out == 0)
		return EBADF;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return ENOMEM;
	file_init(&t->f, FILE_CHAR, &tty_ops, r->flags, 0);
	if (in != 0)
		err = stream_new(in, FILE_CHAR, O_RDONLY, 1, &t->in);
	if (err == 0 && out != 0)
		err = stream_new(out, FILE_CHAR, O_WRONLY, 1, &t->out);
	if (err != 0) {
		free(t->in);
		free(t);
		return err;
	}
	tty_done(t, fp);
	return 0;
}

static int
reopen_file(struct file *f, int flags, struct file **fp)
{
	DWORD access = 0;
	HANDLE h;
	int err = 0;

	if ((flags & O_ACCMODE) != O_WRONLY)
		access |= GENERIC_READ;
	if ((flags & O_ACCMODE) != O_RDONLY)
		access |= GENERIC_WRITE | FILE_READ_ATTRIBUTES;
	if (flags & O_TRUNC)
		access |= FILE_WRITE_DATA;
	h = nt.ReOpenFile((HANDLE)f->handle, access, SHARE_ALL,
	    FILE_FLAG_OVERLAPPED | FILE_FLAG_BACKUP_SEMANTICS |
	    (flags & O_DSYNC ? FILE_FLAG_WRITE_THROUGH : 0));
	if (h == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	if ((err = disk_new((uintptr_t)h, flags & ~O_TRUNC, fp)) != 0) {
		(void)nt.CloseHandle(h);
	} else if ((flags & O_TRUNC) && (err = handle_truncate(*fp, 0)) != 0) {
		file_put(*fp);
	}
	return err;
}

static int
reopen_dir(struct file *f, int flags, struct file **fp)
{
	HANDLE h;

	if ((flags & O_ACCMODE) != O_RDONLY)
		return EISDIR;
	if (!DuplicateHandle(GetCurrentProcess(), (HANDLE)f->handle,
	    GetCurrentProcess(), &h, 0, FALSE, DUPLICATE_SAME_ACCESS))
		return nt_errno(GetLastError());
	if (dirfile_new((uintptr_t)h, flags, fp) == 0)
		return 0;
	(void)nt.CloseHandle(h);
	return ENOMEM;
}

/* A pipe or device cannot be opened again: the description itself, as BSD. */
static int
share_description(struct file *f, int fd, int flags, struct file **fp)
{
	int have = file_flags(f) & O_ACCMODE, want = flags & O_ACCMODE;

	if (have != O_RDWR && have != want)
		return EACCES;
	if (fd_is_crt(fd))
		return adopt_dup(f, fp);
	file_ref(f);
	*fp = f;
	return 0;
}

int
special_reopen(int fd, int flags, struct file **fp)
{
	struct file *f;
	int err;

	if (fd_get(fd, &f) != 0)
		return ENOENT;
	if (f->kind != FILE_DIR && (flags & O_DIRECTORY))
		err = ENOTDIR;
	else if (f->kind == FILE_DISK)
		err = reopen_file(f, flags, fp);
	else if (f->kind == FILE_DIR)
		err = reopen_dir(f, flags, fp);
	else if (f->kind == FILE_PIPE || f->kind == FILE_CHAR)
		err = share_description(f, fd, flags, fp);
	else
		err = ENXIO;
	file_put(f);
	return err;
}
