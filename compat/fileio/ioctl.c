#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/console.h"

static int
set_nonblock(struct file *f, int on)
{
	int flags = file_set_flags(f, O_NONBLOCK, on ? O_NONBLOCK : 0);

	return f->ops->setfl != NULL ? f->ops->setfl(f, flags) : 0;
}

static int
window_size(struct file *f, struct winsize *size)
{
	if (f->kind != FILE_CHAR || !is_console(f->handle))
		return ENOTTY;
	if (size == NULL)
		return EFAULT;
	*size = (struct winsize){ 0 };
	return console_size(&size->ws_row, &size->ws_col);
}

static int
request_on(int fd, struct file *f, unsigned long request, void *arg)
{
	if (request == FIOCLEX)
		return fd_setflags(fd, FD_CLOEXEC);
	if (request == FIONCLEX)
		return fd_setflags(fd, 0);
	if (request == FIONBIO)
		return arg != NULL ? set_nonblock(f, *(int *)arg) : EFAULT;
	if (request == TIOCGWINSZ)
		return window_size(f, arg);
	if (f->ops->ioctl == NULL)
		return ENOTTY;
	if (arg == NULL)
		return request == FIONREAD || request == SIOCATMARK ?
		    EFAULT : ENOTTY;
	return f->ops->ioctl(f, request, arg);
}

/* What is not an argument is not used: see fcntl(). */
int
ioctl(int fd, unsigned long request, ...)
{
	struct file *f;
	va_list ap;
	void *arg;
	int err;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	err = request_on(fd, f, request, arg);
	file_put(f);
	return result(err, 0);
}
