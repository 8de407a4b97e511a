#include <sys/socket.h>

#include <sys/uio.h>

#include <errno.h>

#include "afunix/rights.h"
#include "fd/result.h"
#include "signal/wait.h"
#include "socket/control.h"
#include "socket/sock.h"

static int
send_to(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	struct sockaddr_storage copy;
	int err;

	if (m->name != NULL) {
		err = sock_take_name(m->name, (socklen_t)m->namelen, &copy);
		if (err == 0 && s->domain != AF_UNIX &&
		    s->type != SOCK_STREAM)
			err = inet_check_addr(s, (struct sockaddr *)&copy,
			    (socklen_t)m->namelen);
		if (err != 0)
			return err;
		m->name = &copy;
	}
	return sock_send(s, m, flags, done);
}

static int
send_scm(struct socket *s, struct nt_msg *m, const struct msghdr *msg,
    int flags, size_t *done)
{
	struct scm scm;
	int err;

	if ((err = rights_take(msg, &scm)) == 0) {
		m->scm = &scm;
		err = send_to(s, m, flags, done);
	}
	rights_free(&scm);
	return err;
}

int
sock_sendmsg(struct socket *s, const struct msghdr *msg, int flags,
    size_t *done)
{
	struct nt_control control;
	struct nt_msg m = { 0 };
	int err;

	*done = 0;
	if (msg == NULL || (msg->msg_iov == NULL && msg->msg_iovlen > 0))
		return EFAULT;
	if (msg->msg_iovlen > IOV_MAX)
		return EMSGSIZE;
	m.iov = msg->msg_iov;
	m.iovcnt = (int)msg->msg_iovlen;
	if (msg->msg_name != NULL && msg->msg_namelen > 0) {
		m.name = msg->msg_name;
		m.namelen = (int)msg->msg_namelen;
	}
	if (msg->msg_controllen > 0 && s->un != NULL &&
	    sock_has_connections(s))
		return send_scm(s, &m, msg, flags, done);
	if (msg->msg_controllen > 0) {
		if ((err = control_take(s, msg, &control)) != 0)
			return err;
		m.control = &control;
	}
	return send_to(s, &m, flags, done);
}

ssize_t
sendto(int fd, const void *buf, size_t len, int flags,
    const struct sockaddr *addr, socklen_t addrlen)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)buf,
	    .iov_len = len };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	struct socket *s;
	size_t done = 0;
	int err;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result_size(err, 0);
	if (addr != NULL && addrlen > 0) {
		m.name = (void *)(uintptr_t)addr;
		m.namelen = (int)addrlen;
	}
	err = send_to(s, &m, flags, &done);
	sock_put(s);
	return result_size(err, (ssize_t)done);
}

ssize_t
send(int fd, const void *buf, size_t len, int flags)
{
	return sendto(fd, buf, len, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct socket *s;
	size_t done;
	int err;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result_size(err, 0);
	err = sock_sendmsg(s, msg, flags, &done);
	sock_put(s);
	return result_size(err, (ssize_t)done);
}
