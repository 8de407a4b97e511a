#include <sys/socket.h>

#include <sys/epoll.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/sock.h"
#include "time/clock.h"

int
bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_storage copy;
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if ((err = sock_take_name(addr, len, &copy)) == 0)
		err = s->ops->bind(s, (struct sockaddr *)&copy, len);
	sock_put(s);
	return result(err, 0);
}

static int
start_listening(struct socket *s, int backlog)
{
	int err, state = atomic_load(&s->state);

	if (!sock_has_connections(s))
		return EOPNOTSUPP;
	if (state == SOCK_CONNECTED || state == SOCK_CONNECTING)
		return EINVAL;
	/* Linux: 0 still queues one, and a negative number is a large one. */
	if (backlog < 0 || backlog > SOMAXCONN)
		backlog = SOMAXCONN;
	if (backlog == 0)
		backlog = 1;
	if ((err = s->ops->listen(s, backlog)) == 0)
		atomic_store(&s->state, SOCK_LISTENING);
	return err;
}

int
listen(int fd, int backlog)
{
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	err = start_listening(s, backlog);
	sock_put(s);
	return result(err, 0);
}

static int
accept_one(struct socket *s, struct socket **conn)
{
	int64_t timeo = atomic_load(&s->rcvtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err;

	for (;;) {
		if ((atomic_load(&s->shut) & SOCK_SHUT_RD) != 0)
			return EINVAL;
		err = s->ops->accept(s, conn);
		/* The peer left the queue: another may be there. */
		if (err == ECONNABORTED)
			continue;
		if (err != EAGAIN || sock_nonblocking(s, 0))
			return err;
		err = s->ops->wait_accept(s, deadline, timeo >= 0);
		if (err != 0)
			return err == ETIMEDOUT ? EAGAIN : err;
	}
}

/* The peer may be gone already: then it has no name, but was there. */
static void
copy_peer(struct socket *conn, struct sockaddr *addr, socklen_t *len)
{
	struct sockaddr_storage name;
	socklen_t namelen = sizeof(name);

	memset(&name, 0, sizeof(name));
	if (conn->ops->name_of(conn, 1, &name, &namelen) != 0) {
		name.ss_family = (sa_family_t)conn->domain;
		namelen = sizeof(name.ss_family);
	}
	sock_copy_name(&name, namelen, addr, len);
}

static int
accept_checked(struct socket *s, const struct sockaddr *addr,
    const socklen_t *len, struct socket **conn)
{
	if (!sock_has_connections(s))
		return EOPNOTSUPP;
	if (addr != NULL && len == NULL)
		return EFAULT;
	if (atomic_load(&s->state) != SOCK_LISTENING)
		return EINVAL;
	return accept_one(s, conn);
}

/*
 * NT cannot put a connection back into the queue, so the number comes first,
 * as on Linux.
 */
int
accept4(int fd, struct sockaddr *__restrict__ addr,
    socklen_t *__restrict__ len, int flags)
{
	struct socket *s, *conn;
	int err, connfd;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
		err = EINVAL;
	else
		err = fd_reserve(0, &connfd);
	if (err != 0) {
		sock_put(s);
		return result(err, 0);
	}
	err = accept_checked(s, addr, len, &conn);
	watch_used(&s->file, EPOLLIN, err == EAGAIN);
	sock_put(s);
	if (err != 0) {
		fd_unreserve(connfd);
		return result(err, 0);
	}
	if ((flags & SOCK_NONBLOCK) != 0)
		(void)file_set_flags(&conn->file, O_NONBLOCK,
		    O_NONBLOCK);
	copy_peer(conn, addr, len);
	fd_fill(connfd, &conn->file,
	    (flags & SOCK_CLOEXEC) != 0 ? FD_CLOEXEC : 0);
	return connfd;
}

int
accept(int fd, struct sockaddr *__restrict__ addr,
    socklen_t *__restrict__ len)
{
	return accept4(fd, addr, len, 0);
}
