/* Between descriptors and Winsock's sockets. */
#include <compat.h>

#include <sys/socket.h>

#include <errno.h>

#include "afunix/unix.h"
#include "fd/fdtable.h"
#include "fd/result.h"
#include "socket/sock.h"

uintptr_t
compat_socket_handle(int fd)
{
	uintptr_t handle = COMPAT_NO_SOCKET;
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) == 0) {
		if (s->un != NULL && s->type != SOCK_STREAM)
			err = EOPNOTSUPP;
		else if ((err = ahead_give_up(s)) == 0)
			handle = s->file.handle;
		sock_put(s);
	}
	(void)result(err, 0);
	return handle;
}

/* On failure the handle stays the caller's, so s must not close it. */
static int
adopt(uintptr_t handle, const struct nt_kind *k, int *fd)
{
	struct socket *s;
	int err;

	if ((err = sock_wrap(&inet_ops, k->family, k->type, k->protocol,
	    handle, 0, &s)) != 0)
		return err;
	s->bound = k->bound;
	s->state = k->listening ? SOCK_LISTENING :
	    k->connected ? SOCK_CONNECTED : SOCK_FRESH;
	s->linger.l_onoff = k->linger_on;
	s->linger.l_linger = k->linger;
	if ((err = fd_install(&s->file, 0, 0, fd)) != 0) {
		s->file.handle = 0;
		sock_put(s);
	}
	return err;
}

int
compat_fd_from_socket(uintptr_t handle)
{
	struct nt_kind kind;
	int err, fd = -1;

	if (handle == COMPAT_NO_SOCKET)
		return result(EBADF, 0);
	if ((err = nt_sock_kind(handle, &kind)) != 0)
		return result(err, 0);
	if (kind.family != AF_INET && kind.family != AF_INET6)
		return result(EAFNOSUPPORT, 0);
	if ((err = nt_sock_make_ours(handle)) == 0)
		err = adopt(handle, &kind, &fd);
	return result(err, fd);
}
