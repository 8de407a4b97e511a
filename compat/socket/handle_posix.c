#include <compat.h>

#include <sys/socket.h>

#include <errno.h>
#include <limits.h>

/* A descriptor is the socket itself. */
static int
is_socket(int fd)
{
	socklen_t len = sizeof(int);
	int type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0;
}

uintptr_t
compat_socket_handle(int fd)
{
	return is_socket(fd) ? (uintptr_t)fd : COMPAT_NO_SOCKET;
}

int
compat_fd_from_socket(uintptr_t handle)
{
	int fd = handle <= INT_MAX ? (int)handle : -1;

	return is_socket(fd) ? fd : -1;
}
