#include "fd/crt_io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/uio.h>

#include "fd/fdtable.h"
#include "signal/wait.h"

static int
access_mode(struct file *f)
{
	return file_flags(f) & O_ACCMODE;
}

int
crt_io_read(struct file *f, void *buf, size_t len, size_t *done)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	ssize_t n = 0;
	int err;

	*done = 0;
	if (f->ops->readv == NULL)
		return f->kind == FILE_DIR ? EISDIR : EINVAL;
	if (access_mode(f) == O_WRONLY)
		return EBADF;
	sig_poll();
	if ((err = f->ops->readv(f, &iov, 1, &n)) == 0)
		*done = (size_t)n;
	return err;
}

/* As write() has it, SIGPIPE is for the thread; a socket raises its own. */
int
crt_io_write(struct file *f, const void *buf, size_t len, size_t *done)
{
	struct iovec iov;
	ssize_t n;
	int err = 0;

	*done = 0;
	if (f->ops->writev == NULL)
		return f->kind == FILE_DIR ? EISDIR : EINVAL;
	if (access_mode(f) == O_RDONLY)
		return EBADF;
	sig_poll();
	while (*done < len) {
		iov.iov_base = (char *)(uintptr_t)buf + *done;
		iov.iov_len = len - *done;
		n = 0;
		if ((err = f->ops->writev(f, &iov, 1, &n)) != 0)
			break;
		*done += (size_t)n;
	}
	if (err == EPIPE && f->kind == FILE_PIPE)
		sig_raise(SIGPIPE);
	return err;
}

int
crt_io_seek(struct file *f, int64_t off, int whence, int64_t *pos)
{
	off_t now = 0;
	int err;

	if (f->ops->lseek == NULL)
		return f->kind == FILE_DIR ? EINVAL : ESPIPE;
	if ((err = f->ops->lseek(f, off, whence, &now)) == 0)
		*pos = now;
	return err;
}

int
crt_io_sync(struct file *f)
{
	return f->ops->sync != NULL ? f->ops->sync(f, 0) : EINVAL;
}

int
crt_io_end_here(struct file *f)
{
	int64_t pos;
	int err;

	if (f->ops->truncate == NULL || access_mode(f) == O_RDONLY)
		return EINVAL;
	if ((err = crt_io_seek(f, 0, SEEK_CUR, &pos)) != 0)
		return err;
	return f->ops->truncate(f, pos);
}

void
crt_io_closed(int fd)
{
	fd_closed_by_crt(fd);
}

void
crt_io_closed_handle(uintptr_t handle)
{
	fd_handle_closed(handle);
}

void
crt_io_closed_duplicate(struct file *f)
{
	fd_duplicate_closed(f);
}
