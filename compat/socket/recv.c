#include <sys/socket.h>

#include <sys/uio.h>

#include <errno.h>
#include <string.h>

#include "afunix/rights.h"
#include "fd/result.h"
#include "signal/wait.h"
#include "socket/control.h"
#include "socket/sock.h"

/*
 * A name is asked for only where the caller wants one; a stream has none
 * (Linux leaves the length at 0).
 */
static int
recv_from(struct socket *s, struct nt_msg *m, int flags,
    struct sockaddr *addr, socklen_t *addrlen, size_t *done)
{
	struct sockaddr_storage name;
	int err;

	if (addr == NULL || addrlen == NULL)
		return sock_recv(s, m, flags, done);
	memset(&name, 0, sizeof(name));
	m->name = &name;
	m->namelen = sizeof(name);
	if ((err = sock_recv(s, m, flags, done)) == 0)
		sock_copy_name(&name, (socklen_t)m->namelen, addr, addrlen);
	return err;
}

static int
recv_scm(struct socket *s, struct nt_msg *m, struct msghdr *msg, int flags,
    size_t *done)
{
	struct scm scm;
	int err;

	scm.got = 0;
	scm.pid = 0;
	m->scm = &scm;
	err = recv_from(s, m, flags, msg->msg_name,
	    msg->msg_name != NULL ? &msg->msg_namelen : NULL, done);
	if (err != 0)
		return err;
	msg->msg_flags = (flags & MSG_OOB) | (m->truncated ? MSG_TRUNC : 0);
	rights_give(s, msg, &scm, flags);
	return 0;
}

int
sock_recvmsg(struct socket *s, struct msghdr *msg, int flags, size_t *done)
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
	if (s->un != NULL && sock_has_connections(s))
		return recv_scm(s, &m, msg, flags, done);
	control.len = 0;
	control.truncated = 0;
	if (msg->msg_control != NULL && msg->msg_controllen > 0 &&
	    s->type != SOCK_STREAM)
		m.control = &control;
	err = recv_from(s, &m, flags, msg->msg_name,
	    msg->msg_name != NULL ? &msg->msg_namelen : NULL, done);
	if (err != 0)
		return err;
	msg->msg_flags = m.truncated ? MSG_TRUNC : 0;
	control_give(msg, &control);
	if (s->type == SOCK_STREAM)
		msg->msg_flags |= flags & MSG_OOB;
	return 0;
}

ssize_t
recvfrom(int fd, void *__restrict__ buf, size_t len, int flags,
    struct sockaddr *__restrict__ addr, socklen_t *__restrict__ addrlen)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	struct socket *s;
	size_t done = 0;
	int err;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result_size(err, 0);
	err = recv_from(s, &m, flags, addr, addrlen, &done);
	sock_put(s);
	return result_size(err, (ssize_t)done);
}

ssize_t
recv(int fd, void *buf, size_t len, int flags)
{
	return recvfrom(fd, buf, len, flags, NULL, NULL);
}

ssize_t
recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct socket *s;
	size_t done;
	int err;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result_size(err, 0);
	err = sock_recvmsg(s, msg, flags, &done);
	sock_put(s);
	return result_size(err, (ssize_t)done);
}
