#include "compat/socket/socks.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/socket/net.h"

const char *const sock_kind_name[SOCK_KINDS] = {
	"nothing", "a file", "fresh TCP", "TCP listener", "TCP", "TCP shut",
	"fresh UDP", "UDP", "fresh AF_UNIX", "AF_UNIX listener", "AF_UNIX",
	"fresh packets", "listener of packets", "packets"
};

enum sock_kind socks_kind;

static int listener, receiver, unix_listener, seq_listener;
static uint16_t port, udp_port, dead_port;

/* What belongs to the socket, or -1; peer is not blocking either. */
static int peer, waiting;

static int
receive(uint16_t *at)
{
	struct sockaddr_in in;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_ge(fd, 0);
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	*at = net_port(fd);
	return fd;
}

static int
listen_packets(const char *path, int backlog)
{
	int fd = uds_bind_type(SOCK_SEQPACKET, path);

	ck_assert_int_eq(listen(fd, backlog), 0);
	net_nonblock(fd);
	return fd;
}

void
socks_begin(void)
{
	listener = net_listen(&port);
	receiver = receive(&udp_port);
	unix_listener = uds_listen("live", 100);
	net_nonblock(unix_listener);
	seq_listener = listen_packets("pkts", 100);
	dead_port = net_free_port();
	ck_assert_int_eq(close(open("plain", O_WRONLY | O_CREAT, 0600)), 0);
}

void
socks_end(void)
{
	ck_assert_int_eq(close(listener), 0);
	ck_assert_int_eq(close(receiver), 0);
	ck_assert_int_eq(close(unix_listener), 0);
	ck_assert_int_eq(close(seq_listener), 0);
	ck_assert_int_eq(unlink("pkts"), 0);
	ck_assert_int_eq(unlink("live"), 0);
	ck_assert_int_eq(unlink("plain"), 0);
}

static int
family(void)
{
	return socks_kind >= UNIX_FRESH ? AF_UNIX : AF_INET;
}

static socklen_t
inet_addr_of(enum sock_addr which, struct sockaddr_storage *to)
{
	int udp = socks_kind == UDP_FRESH || socks_kind == UDP_CONN;
	struct sockaddr_in in;

	net_loopback(&in, 0);
	if (which == LIVE)
		in.sin_port = htons(udp ? udp_port : port);
	else if (which == DEAD)
		in.sin_port = htons(dead_port);
	else if (which == AWAY)
		in.sin_addr.s_addr = htonl(0xc0000201);	/* RFC 5737 */
	memcpy(to, &in, sizeof(in));
	return sizeof(in);
}

static socklen_t
unix_addr_of(enum sock_addr which, struct sockaddr_storage *to)
{
	static const char *const name[] = { "bound", "live", "plain",
	    "no/such" };
	struct sockaddr_un un;
	const int packets = which == LIVE && socks_kind >= SEQ_FRESH;
	socklen_t len = uds_addr(&un, packets ? "pkts" : name[which]);

	memcpy(to, &un, sizeof(un));
	return len;
}

socklen_t
socks_addr(enum sock_addr which, struct sockaddr_storage *to)
{
	memset(to, 0, sizeof(*to));
	return family() == AF_UNIX ? unix_addr_of(which, to) :
	    inet_addr_of(which, to);
}

static int
tcp_pair(void)
{
	int p[2];

	net_pair(p);
	peer = p[1];
	return p[0];
}

static int
udp_connected(void)
{
	struct sockaddr_storage to;
	socklen_t len = socks_addr(LIVE, &to);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, len), 0);
	return fd;
}

static int
unix_pair(int l, int type, const char *path)
{
	int fd = uds_bind_type(type, NULL);

	ck_assert_int_eq(uds_try_connect_fd(fd, path), 0);
	(void)net_wait(l, 1);	/* POLLIN */
	peer = accept(l, NULL, NULL);
	ck_assert_int_ge(peer, 0);
	return fd;
}

static int
make(void)
{
	int fd;

	switch (socks_kind) {
	case PLAIN:
		return open("plain", O_RDWR);
	case TCP_FRESH:
		return socket(AF_INET, SOCK_STREAM, 0);
	case TCP_LISTENER:
		return net_listen(&(uint16_t){ 0 });
	case TCP_CONN:
		return tcp_pair();
	case TCP_DONE:
		fd = tcp_pair();
		ck_assert_int_eq(shutdown(fd, SHUT_RDWR), 0);
		return fd;
	case UDP_FRESH:
		return socket(AF_INET, SOCK_DGRAM, 0);
	case UDP_CONN:
		return udp_connected();
	case UNIX_FRESH:
		return uds_socket();
	case UNIX_LISTENER:
		return uds_listen("own", 1);
	case UNIX_CONN:
		return unix_pair(unix_listener, SOCK_STREAM, "live");
	case SEQ_FRESH:
		return uds_bind_type(SOCK_SEQPACKET, NULL);
	case SEQ_LISTENER:
		return listen_packets("own", 1);
	case SEQ_CONN:
		return unix_pair(seq_listener, SOCK_SEQPACKET, "pkts");
	default:
		break;
	}
	fd = dup(listener);
	ck_assert_int_eq(close(fd), 0);
	return fd;
}

int
socks_open(enum sock_kind kind)
{
	int fd;

	socks_kind = kind;
	peer = -1;
	fd = make();
	ck_assert_int_ge(fd, 0);
	if (kind > PLAIN)
		net_nonblock(fd);
	return fd;
}

/* A connect() to one of the listeners may have left something there. */
static void
drain(int l)
{
	net_nonblock(l);
	while ((waiting = accept(l, NULL, NULL)) >= 0)
		(void)close(waiting);
}

void
socks_close(int fd)
{
	if (socks_kind != CLOSED)
		ck_assert_int_eq(close(fd), 0);
	if (peer >= 0)
		ck_assert_int_eq(close(peer), 0);
	drain(listener);
	drain(unix_listener);
	drain(seq_listener);
	(void)unlink("own");
	(void)unlink("bound");
}

int
socks_bind(int fd, enum sock_addr which)
{
	struct sockaddr_storage addr;
	socklen_t len = socks_addr(which, &addr);

	return bind(fd, (struct sockaddr *)&addr, len);
}

int
socks_connect(int fd, enum sock_addr which)
{
	struct sockaddr_storage addr;
	socklen_t len = socks_addr(which, &addr);

	return connect(fd, (struct sockaddr *)&addr, len);
}
