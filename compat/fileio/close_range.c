#include <unistd.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/fdtable.h"
#include "fd/result.h"

/*
 * CLOSE_RANGE_UNSHARE wants a table that is no other process's: on NT it never
 * is.
 */
int
close_range(unsigned int first, unsigned int last, int flags)
{
	int fd;

	if (first > last ||
	    (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0)
		return result(EINVAL, 0);
	if (first >= FD_MAX)
		return 0;
	for (fd = fd_next((int)first); fd >= 0 && (unsigned int)fd <= last;
	    fd = fd_next(fd + 1))
		if (flags & CLOSE_RANGE_CLOEXEC)
			(void)fd_setflags(fd, FD_CLOEXEC);
		else
			(void)fd_close(fd);
	return 0;
}

void
closefrom(int low)
{
	(void)close_range(low > 0 ? (unsigned int)low : 0, FD_MAX, 0);
}
