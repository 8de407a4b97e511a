#include <sys/socket.h>

#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>

#include "afunix/unix.h"
#include "fd/fdtable.h"
#include "fd/result.h"
#include "signal/wait.h"
#include "socket/sock.h"

#define TYPE_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

/* socket(2), EINVAL: beyond Linux's own numbers of types. */
#define TYPE_MAX 10

static int
inet_socket(int domain, int type, int protocol, int flags, struct socket **sp)
{
	uintptr_t handle;
	int err;

	if (protocol < 0)
		return EINVAL;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return ESOCKTNOSUPPORT;
	if (protocol == 0 && type != SOCK_RAW)
		protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	if ((err = nt_sock_open(domain, type, protocol, &handle)) != 0)
		return err;
	return sock_new(&inet_ops, domain, type, protocol, handle, flags, sp);
}

int
socket(int domain, int type, int protocol)
{
	struct socket *s;
	int err, fd = -1, flags, kind = type & ~TYPE_FLAGS;

	sig_poll();
	if (kind < 0 || kind > TYPE_MAX)
		return result(EINVAL, 0);
	flags = (type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0;
	switch (domain) {
	case AF_INET:
	case AF_INET6:
		err = inet_socket(domain, kind, protocol, flags, &s);
		break;
	case AF_UNIX:
		err = unix_socket(kind, protocol, flags, &s);
		break;
	default:
		err = EAFNOSUPPORT;
		break;
	}
	if (err == 0)
		err = sock_install(s, type, &fd);
	return result(err, fd);
}

/* Linux makes the two sockets before it sees that they cannot be joined. */
static int
no_pair(int domain, int type, int protocol)
{
	struct socket *s;
	int err;

	if (domain != AF_INET && domain != AF_INET6)
		return EAFNOSUPPORT;
	if ((err = inet_socket(domain, type, protocol, 0, &s)) != 0)
		return err;
	sock_put(s);
	return EOPNOTSUPP;
}

int
socketpair(int domain, int type, int protocol, int fds[2])
{
	struct socket *pair[2];
	int a, b, err, flags, kind = type & ~TYPE_FLAGS;

	if (kind < 0 || kind > TYPE_MAX)
		return result(EINVAL, 0);
	if (domain != AF_UNIX)
		return result(no_pair(domain, kind, protocol), 0);
	flags = (type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0;
	err = unix_pair(kind, protocol, flags, pair);
	if (err != 0)
		return result(err, 0);
	if ((err = sock_install(pair[0], type, &a)) != 0) {
		sock_put(pair[1]);
		return result(err, 0);
	}
	if ((err = sock_install(pair[1], type, &b)) != 0) {
		(void)fd_close(a);
		return result(err, 0);
	}
	fds[0] = a;
	fds[1] = b;
	return 0;
}
