#include "socket/sock.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "fd/result.h"

void
sock_copy_name(const struct sockaddr_storage *from, socklen_t len,
    struct sockaddr *to, socklen_t *tolen)
{
	if (to == NULL || tolen == NULL)
		return;
	memcpy(to, from, *tolen < len ? *tolen : len);
	*tolen = len;
}

int
sock_take_name(const struct sockaddr *addr, socklen_t len,
    struct sockaddr_storage *copy)
{
	if (addr == NULL)
		return EFAULT;
	if (len < sizeof(sa_family_t) || len > sizeof(*copy))
		return EINVAL;
	memset(copy, 0, sizeof(*copy));
	memcpy(copy, addr, len);
	return 0;
}

static int
name_of(int fd, int peer, struct sockaddr *addr, socklen_t *len)
{
	struct sockaddr_storage name;
	socklen_t namelen = sizeof(name);
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return err;
	memset(&name, 0, sizeof(name));
	if (peer && s->type == SOCK_STREAM &&
	    atomic_load(&s->state) == SOCK_CONNECTING &&
	    sock_settle(s) != 0)
		err = ENOTCONN;
	else
		err = s->ops->name_of(s, peer, &name, &namelen);
	if (err == 0 && (addr == NULL || len == NULL))
		err = EFAULT;
	else if (err == 0 && (int)*len < 0)
		err = EINVAL;
	if (err == 0)
		sock_copy_name(&name, namelen, addr, len);
	sock_put(s);
	return err;
}

int
getsockname(int fd, struct sockaddr *__restrict__ addr,
    socklen_t *__restrict__ len)
{
	return result(name_of(fd, 0, addr, len), 0);
}

int
getpeername(int fd, struct sockaddr *__restrict__ addr,
    socklen_t *__restrict__ len)
{
	return result(name_of(fd, 1, addr, len), 0);
}
