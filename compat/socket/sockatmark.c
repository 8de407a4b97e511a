#include <sys/socket.h>

#include <sys/ioctl.h>

#include <errno.h>

#include "fd/file.h"
#include "fd/fdtable.h"
#include "fd/result.h"

int
sockatmark(int fd)
{
	struct file *f;
	int err, mark = 0;

	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	err = f->ops->ioctl != NULL ? f->ops->ioctl(f, SIOCATMARK, &mark) :
	    ENOTTY;
	file_put(f);
	return result(err, mark);
}
