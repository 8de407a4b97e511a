#include <sys/socket.h>

#include <unistd.h>

#include <compat.h>

int
compat_close_abort(int fd)
{
	const struct linger abort_now = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_now,
	    sizeof(abort_now)) != 0)
		return -1;
	return close(fd);
}
