#include "socket/sock.h"

#include <sys/epoll.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/wait.h"
#include "time/clock.h"

int
sock_settle(struct socket *s)
{
	int err;

	if (atomic_load(&s->state) == SOCK_CONNECTED)
		return 0;
	if (!sock_ready(s, EPOLLOUT))
		return EALREADY;
	err = nt_sock_error(s->file.handle);
	atomic_store(&s->state, err == 0 ? SOCK_CONNECTED : SOCK_FRESH);
	return err;
}

/* Wait for a connection that is under way. */
static int
finish(struct socket *s)
{
	int64_t timeo = atomic_load(&s->sndtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err;

	while ((err = sock_settle(s)) == EALREADY) {
		err = sock_block(s, EPOLLOUT, deadline, timeo >= 0);
		if (err == ETIMEDOUT)
			return EINPROGRESS;
		if (err != 0)
			return err;
	}
	return err;
}

static int
connect_stream(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	int err, nonblock = sock_nonblocking(s, 0);

	switch (atomic_load(&s->state)) {
	case SOCK_LISTENING:
		if (s->domain == AF_UNIX)
			return EINVAL;
		return EISCONN;
	case SOCK_CONNECTED:
		return EISCONN;
	case SOCK_CONNECTING:
		if (!nonblock)
			return finish(s);
		/* As Linux: the first call after success says so. */
		return sock_settle(s);
	default:
		break;
	}
	err = s->ops->connect(s, addr, len, nonblock);
	if (err == 0) {
		atomic_store(&s->state, SOCK_CONNECTED);
	} else if (err == EINPROGRESS) {
		atomic_store(&s->state, SOCK_CONNECTING);
		if (!nonblock)
			err = finish(s);
	}
	return err;
}

int
connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_storage copy;
	struct socket *s;
	int err;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if ((err = sock_take_name(addr, len, &copy)) != 0)
		goto put;
	if (sock_has_connections(s))
		err = connect_stream(s, (struct sockaddr *)&copy, len);
	else
		err = s->ops->connect(s, (struct sockaddr *)&copy, len, 1);
put:
	sock_put(s);
	return result(err, 0);
}
