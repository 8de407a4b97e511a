/* AF_UNIX over loopback TCP; see README.md. */
#include <netinet/in.h>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <string.h>

#include "afunix/boxed.h"
#include "afunix/hello.h"
#include "afunix/lane.h"
#include "afunix/mailbox.h"
#include "afunix/seqpacket.h"
#include "afunix/service.h"
#include "afunix/unix.h"
#include "nt/random.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "socket/inherit.h"
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
	nt_random(un->keys.client, UNIX_SECRET);
	nt_random(un->keys.server, UNIX_SECRET);
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
	const int packets = s->type == SOCK_SEQPACKET;
	struct unix_conn conn;
	struct socket *c;
	int err;

	if ((err = unix_listener_pop(s->un->listener, &conn)) != 0)
		return err;
	err = packets ? seq_new(conn.sock, 0, &c) :
	    unix_new(&unix_emul_ops, s->type, conn.sock, 0, &c);
	if (err != 0) {
		seq_refuse(conn.box, conn.to);
		if (conn.lane != NULL)
			lane_close(conn.lane, 0, 1);
		return err;
	}
	c->un->lane = conn.lane;
	atomic_store(&c->un->passcred, atomic_load(&s->un->passcred));
	c->un->self = s->un->self;
	memcpy(c->un->peer.path, conn.path, sizeof(conn.path));
	c->un->cred.pid = (pid_t)conn.pid;
	if (packets && (err = seq_join(c, conn.box, conn.to,
	    &c->un->peer)) != 0) {
		sock_put(c);
		return err;
	}
	atomic_store(&c->state, SOCK_CONNECTED);
	*connp = c;
	return 0;
}

static int
emul_wait_accept(struct socket *s, int64_t deadline, int timed)
{
	return sock_await(s, unix_listener_event(s->un->listener), deadline,
	    timed);
}

static void
emul_wake(struct socket *s)
{
	if (s->un->listener != NULL)
		unix_listener_wake(s->un->listener);
}

static void
emul_rouse(struct socket *s)
{
	if (s->un->listener != NULL)
		event_set(unix_listener_event(s->un->listener));
}

static void
seq_rouse(struct socket *s)
{
	emul_rouse(s);
	if (atomic_load(&s->state) == SOCK_CONNECTED)
		boxed_rouse(s);
}

/* --- connect --- */

static int
reach(struct socket *s, uint16_t port, int64_t deadline)
{
	struct sockaddr_in in;

	if (port == 0)
		return ECONNREFUSED;
	loopback(&in, port);
	nt_sock_no_retry(s->file.handle);
	return unix_settle(s, nt_sock_connect(s->file.handle, &in, sizeof(in)),
	    deadline);
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

/* The server's mailbox, where there are any. */
static int
learn_keys(struct socket *s, struct unix_node *box, int64_t deadline)
{
	unsigned char in[BOX_KEYS];
	int err;

	if (box == NULL)
		return 0;
	if ((err = exchange(s, in, sizeof(in), 0, deadline)) == 0)
		box_keys_decode(in, box);
	return err;
}

/*
 * Prove ourselves, and have the server prove itself.  box: our mailbox, then
 * the server's; NULL for a stream.
 */
static int
greet(struct socket *s, const struct unix_node *node, int nonblock,
    int64_t deadline, struct unix_node *box)
{
	unsigned char out[HELLO_SIZE + BOX_KEYS], in[REPLY_SIZE], ok;
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
	if (box != NULL)
		box_keys_encode(box, out + HELLO_SIZE);
	if ((err = exchange(s, out, hello_size(s->type), 1, deadline)) != 0 ||
	    (err = exchange(s, in, sizeof(in), 0, deadline)) != 0)
		return err;
	if (reply_decode(in, &reply) != 0 ||
	    !unix_secret_equal(reply.secret, node->server))
		return ECONNREFUSED;
	if ((err = enter_lane(s, &reply, deadline)) != 0 ||
	    (err = learn_keys(s, box, deadline)) != 0)
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

static int
greet_packets(struct socket *s, const struct unix_node *node, int nonblock,
    int64_t deadline, const struct unix_name *name)
{
	struct unix_node keys;
	struct mailbox *box;
	int err;

	if ((err = mailbox_new(SOCK_SEQPACKET, &box)) != 0)
		return err;
	/* Linux: what was shut stays so, from the peer's first message on. */
	if ((atomic_load(&s->shut) & SOCK_SHUT_RD) != 0)
		mailbox_shut(box);
	keys = box->keys;
	if ((err = greet(s, node, nonblock, deadline, &keys)) == 0)
		return seq_connect(s, box, &keys, name);
	mailbox_put_ref(box);
	return err;
}

/* The TCP socket is of no use after a handshake that failed. */
static void
start_afresh(struct socket *s)
{
	uintptr_t handle;

	if (s->un->lane != NULL)
		lane_close(s->un->lane, 0, 0);
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
		err = s->type == SOCK_SEQPACKET ?
		    greet_packets(s, &node, nonblock, deadline, &name) :
		    greet(s, &node, nonblock, deadline, NULL);
	if (err != 0) {
		start_afresh(s);
		return err;
	}
	(void)nt_sock_setopt(s->file.handle, IPPROTO_TCP, TCP_NODELAY, &on,
	    sizeof(on));
	s->un->peer = name;
	atomic_store(&s->state, SOCK_CONNECTED);
	if (s->type == SOCK_STREAM)
		s->file.ops = &sock_file_ops;
	watch_notify(&s->file, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
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

static void
seq_destroy(struct socket *s)
{
	seq_part(s);
	emul_destroy(s);
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
listener_ioctl(struct file *f, unsigned long request, void *arg)
{
	if (request == FIONREAD)
		return EINVAL;
	return sock_ioctl(f, request, arg);
}

static const struct file_ops listener_file_ops = {
	.name = "unix listener",
	.readv = sock_readv,
	.writev = sock_writev,
	.stat = sock_stat,
	.ioctl = listener_ioctl,
	.poll = listener_poll,
	.unheld = sock_unheld,
	.close = sock_close,
};

/*
 * AFD has no say: what it sees is TCP's affair, a handshake under way and a
 * socket that connect() may give up for another.
 */
const struct file_ops unix_fresh_file_ops = {
	.name = "unix",
	.readv = sock_readv,
	.writev = sock_writev,
	.stat = sock_stat,
	.ioctl = sock_ioctl,
	.poll = sock_poll,
	.hand = sock_hand,
	.unheld = sock_unheld,
	.native = sock_native,
	.close = sock_close,
};

const struct sock_ops unix_emul_ops = {
	.name = "unix emulated",
	.bind = emul_bind,
	.listen = emul_listen,
	.connect = emul_connect,
	.accept = emul_accept,
	.wait_accept = emul_wait_accept,
	.wake = emul_wake,
	.rouse = emul_rouse,
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.send_errno = unix_send_errno,
	.recv_errno = unix_recv_errno,
	.destroy = emul_destroy,
};

const struct sock_ops unix_seq_ops = {
	.name = "unix packets",
	.bind = emul_bind,
	.listen = emul_listen,
	.connect = emul_connect,
	.accept = emul_accept,
	.wait_accept = emul_wait_accept,
	.wake = emul_wake,
	.rouse = seq_rouse,
	.send = seq_send,
	.recv = seq_recv,
	.shutdown = seq_shutdown,
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.destroy = seq_destroy,
};
