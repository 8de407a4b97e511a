#include <sys/socket.h>

#include <sys/epoll.h>

#include <errno.h>

#include "afunix/lane.h"
#include "afunix/unix.h"
#include "fd/result.h"
#include "poll/watch.h"
#include "socket/sock.h"

/*
 * SHUT_RD is ours alone: Linux tells the peer nothing either, and still hands
 * out what has arrived, which NT would discard.
 */
static int
shut(struct socket *s, int how)
{
	int err = 0, state = atomic_load(&s->state);
	const int bits = how == SHUT_RD ? SOCK_SHUT_RD :
	    how == SHUT_WR ? SOCK_SHUT_WR : SOCK_SHUT_RD | SOCK_SHUT_WR;

	if (state == SOCK_LISTENING) {
		if (how == SHUT_WR)
			return 0;
	} else if (s->ops->shutdown != NULL) {
		err = s->ops->shutdown(s, how);
	} else if (s->domain == AF_UNIX && state == SOCK_FRESH) {
		/* Linux takes it, for whatever comes later. */
	} else if (state != SOCK_CONNECTED &&
	    (state != SOCK_CONNECTING || sock_settle(s) != 0)) {
		/* On Linux datagrams end all the same, and who waits. */
		err = ENOTCONN;
		if (s->type == SOCK_STREAM)
			return err;
	} else {
		/* First, so that who sees the end knows what it means. */
		if (s->un != NULL && s->un->lane != NULL)
			lane_shut(s->un->lane, bits);
		if (how != SHUT_RD)
			err = nt_sock_shutdown(s->file.handle, SHUT_WR);
	}
	atomic_fetch_or(&s->shut, bits);
	sock_wake(s);
	watch_notify(&s->file, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
	return err;
}

int
shutdown(int fd, int how)
{
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		err = EINVAL;
	else
		err = shut(s, how);
	sock_put(s);
	return result(err, 0);
}
