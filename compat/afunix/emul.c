/* AF_UNIX over loopback TCP; see README.md. */
#include <netinet/in.h>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <string.h>

#include "afunix/hello.h"
#include "afunix/lane.h"
#include "afunix/service.h"
#include "afunix/unix.h"
#include "signal/wait.h"
#include "time/clock.h"

#define NS_PER_S INT64_C(1000000000)

static const struct file_ops listener_file_ops;

static void
loopback(struct sockaddr_in *in, uint16_t port)
{
	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static int
bind_loopback(struct socket *s, uint16_t *port)
{
	struct sockaddr_in in;
	int err, len = sizeof(in);

	loopback(&in, 0);
	if ((err = nt_sock_exclusive(s->file.handle, 1)) != 0 ||
	    (err = nt_sock_bind(s->file.handle, &in, sizeof(in))) != 0 ||
	    (err = nt_sock_name(s->file.handle, &in, &len)) != 0)
		return err;
	*port = ntohs(in.sin_port);
	return 0;
}

static int
emul_bind(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	struct unix_part *un = s->un;
	struct unix_name name;
	int err;

	if ((err = unix_parse(addr, len, &name)) != 0)
		return err;
	if (un->node != 0)
		return EINVAL;
	/* A client that gets its name late has no port: nobody connects. */
	if (un->keys.port == 0 && atomic_load(&s->state) == SOCK_FRESH &&
	    (err = bind_loopback(s, &un->keys.port)) != 0)
		return err;
	un->keys.pid = (uint32_t)getpid();
	if ((err = unix_random(un->keys.client, UNIX_SECRET)) != 0 ||
	    (err = unix_random(un->keys.server, UNIX_SECRET)) != 0)
		return err;
	if ((err = unix_node_bind(name.path, &un->keys, &un->node)) != 0)
		return err;
	un->self = name;
	atomic_store(&s->bound, 1);
	return 0;
}

/*
 * From here on the socket is ready when the service has a verified connection,
 * whatever AFD says about the TCP socket, so it gets other operations.
 */
static int
emul_listen(struct socket *s, int backlog)
{
	struct unix_part *un = s->un;
	int err;

	if (un->node == 0)
		return EINVAL;
	if (un->listener != NULL) {
		unix_listener_backlog(un->listener, backlog);
		return 0;
	}
	if (un->keys.port == 0) {	/* lost in a connect() that failed */
		if ((err = bind_loopback(s, &un->keys.port)) != 0 ||
		    (err = unix_node_rewrite(un->node, &un->keys)) != 0)
			return err;
	}
	if ((err = nt_sock_listen(s->file.handle, SOMAXCONN)) != 0)
		return err;
	err = unix_listener_start(s->file.handle, &un->keys, backlog,
	    &s->file, &un->listener);
	if (err != 0)
		return err;
	s->file.ops = &listener_file_ops;
	return 0;
}

static int
emul_accept(struct socket *s, struct socket **connp)
{
	struct unix_conn conn;
	struct socket *c;
	int err;

	if ((err = unix_listener_pop(s->un->listener, &conn)) != 0)
		return err;
	if ((err = unix_new(&unix_emul_ops, s->type, conn.sock, 0, &c)) != 0) {
		if (conn.lane != NULL)
			lane_close(conn.lane);
		return err;
	}
	c->un->lane = conn.lane;
	atomic_store(&c->un->passcred, atomic_load(&s->un->passcred));
	c->un->self = s->un->self;
	memcpy(c->un->peer.path, conn.path, sizeof(conn.path));
	c->un->cred.pid = (pid_t)conn.pid;
	atomic_store(&c->state, SOCK_CONNECTED);
	*connp = c;
	return 0;
}

static int
emul_wait_accept(struct socket *s, int64_t deadline, int timed)
{
	int err;

	err = sig_wait(unix_listener_event(s->un->listener), deadline);
	if (err == EINTR)
		err = timed ? sig_interrupt_always() : sig_interrupt();
	return err;
}

static void
emul_wake(struct socket *s)
{
	if (s->un->listener != NULL)
		unix_listener_wake(s->un->listener);
}

/* --- connect --- */

static int
reach(struct socket *s, uint16_t port, int64_t deadline)
{
	struct sockaddr_in in;
	int err;

	if (port == 0)
		return ECONNREFUSED;
	loopback(&in, port);
	nt_sock_no_retry(s->file.handle);
	err = nt_sock_connect(s->file.handle, &in, sizeof(in));
	while (err == EINPROGRESS) {
		if (sock_ready(s, EPOLLOUT))
			err = nt_sock_error(s->file.handle);
		else if ((err = sock_block(s, EPOLLOUT, deadline, 0)) == 0)
			err = EINPROGRESS;
	}
	return err;
}

static int
exchange(struct socket *s, unsigned char *bytes, size_t len, int sending,
    int64_t deadline)
{
	struct iovec iov = { .iov_base = bytes, .iov_len = len };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	size_t n;
	int err;

	while (m.skip < len) {
		n = 0;
		err = sending ? nt_sock_send(s->file.handle, &m, &n) :
		    nt_sock_recv(s->file.handle, &m, &n);
		m.skip += n;
		if (err == 0 && n == 0)
			return ECONNREFUSED;	/* hung up on us */
		if (err == EAGAIN)
			err = sock_block(s, sending ? EPOLLOUT : EPOLLIN,
			    deadline, 0);
		if (err == ECONNRESET || err == ECONNABORTED)
			return ECONNREFUSED;
		if (err != 0)
			return err;
	}
	return 0;
}

/*
 * Without a lane the connection is as good, but for descriptors; so it is when
 * the server is in another session, where its names are not seen.
 */
static int
enter_lane(struct socket *s, const struct reply *reply, int64_t deadline)
{
	unsigned char id[LANE_ID];
	int err;

	if ((reply->status & REPLY_LANE) == 0)
		return 0;
	if ((err = exchange(s, id, sizeof(id), 0, deadline)) != 0)
		return err;
	err = lane_open(id, 1, reply->pid, &s->un->lane);
	return err == ENOENT ? 0 : err;
}

/* Prove ourselves, and have the server prove itself. */
static int
greet(struct socket *s, const struct unix_node *node, int nonblock,
    int64_t deadline)
{
	unsigned char out[HELLO_SIZE], in[REPLY_SIZE], ok;
	struct unix_part *un = s->un;
	struct reply reply;
	struct hello hello;
	int err;

	memset(&hello, 0, sizeof(hello));
	hello.flags = HELLO_LANE | (nonblock ? HELLO_NONBLOCK : 0);
	hello.pid = (uint32_t)getpid();
	hello.name = un->self;
	memcpy(hello.secret, node->client, UNIX_SECRET);
	hello_encode(&hello, out);
	if ((err = exchange(s, out, sizeof(out), 1, deadline)) != 0 ||
	    (err = exchange(s, in, sizeof(in), 0, deadline)) != 0)
		return err;
	if (reply_decode(in, &reply) != 0 ||
	    !unix_secret_equal(reply.secret, node->server))
		return ECONNREFUSED;
	if ((err = enter_lane(s, &reply, deadline)) != 0)
		return err;
	reply.status &= ~REPLY_LANE;
	if (reply.status == HELLO_FULL)
		return EAGAIN;
	/* Its backlog is full: wait for room as long as Linux would. */
	if (reply.status == HELLO_WAIT) {
		err = exchange(s, &ok, 1, 0, clock_deadline(s->sndtimeo));
		if (err != 0)
			return err == ETIMEDOUT ? EAGAIN : err;
	}
	un->cred.pid = (pid_t)reply.pid;
	return 0;
}

/* The TCP socket is of no use after a handshake that failed. */
static void
start_afresh(struct socket *s)
{
	uintptr_t handle;

	if (s->un->lane != NULL)
		lane_close(s->un->lane);
	s->un->lane = NULL;
	if (nt_sock_open(AF_INET, SOCK_STREAM, 0, &handle) == 0 &&
	    sock_replace(s, handle) == 0)
		s->un->keys.port = 0;
}

static int
emul_connect(struct socket *s, const struct sockaddr *addr, socklen_t len,
    int nonblock)
{
	int64_t deadline = clock_deadline(HANDSHAKE_S * NS_PER_S);
	struct unix_name name;
	struct unix_node node;
	int err, on = 1;

	if ((err = unix_parse(addr, len, &name)) != 0 ||
	    (err = unix_node_read(name.path, &node)) != 0)
		return err;
	if (node.type != s->type)
		return EPROTOTYPE;
	if ((err = reach(s, node.port, deadline)) == 0)
		err = greet(s, &node, nonblock, deadline);
	if (err != 0) {
		start_afresh(s);
		return err;
	}
	(void)nt_sock_setopt(s->file.handle, IPPROTO_TCP, TCP_NODELAY, &on,
	    sizeof(on));
	s->un->peer = name;
	return 0;
}

/* --- the end, and readiness of a listener --- */

static void
emul_destroy(struct socket *s)
{
	if (s->un->listener != NULL) {
		unix_listener_stop(s->un->listener);
		s->file.handle = 0;	/* it was the listener's */
	}
	/* After the socket is closed: who takes over finds nobody there. */
	if (s->un->node != 0)
		unix_node_release(s->un->node);
	unix_destroy(s);
}

static uint32_t
listener_poll(struct file *f)
{
	struct socket *s = (struct socket *)f;
	uint32_t events = 0;

	if (unix_listener_ready(s->un->listener))
		events |= EPOLLIN | EPOLLRDNORM;
	if (atomic_load(&s->shut) != 0)
		events |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP | EPOLLHUP;
	return events;
}

static int
listener_stat(struct file *f, struct stat *st)
{
	return sock_file_ops.stat(f, st);
}

static int
listener_ioctl(struct file *f, unsigned long request, void *arg)
{
	if (request == FIONREAD)
		return EINVAL;
	return sock_file_ops.ioctl(f, request, arg);
}

static void
listener_close(struct file *f)
{
	sock_file_ops.close(f);
}

static const struct file_ops listener_file_ops = {
	.name = "unix listener",
	.stat = listener_stat,
	.ioctl = listener_ioctl,
	.poll = listener_poll,
	.close = listener_close,
};

const struct sock_ops unix_emul_ops = {
	.name = "unix emulated",
	.bind = emul_bind,
	.listen = emul_listen,
	.connect = emul_connect,
	.accept = emul_accept,
	.wait_accept = emul_wait_accept,
	.wake = emul_wake,
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.send_errno = unix_send_errno,
	.recv_errno = unix_recv_errno,
	.destroy = emul_destroy,
};
