#include "net.h"

#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void
net_loopback(struct sockaddr_in *in, uint16_t port)
{
	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

uint16_t
net_port(int fd)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	return ntohs(in.sin_port);
}

int
net_listen(uint16_t *port)
{
	struct sockaddr_in in;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	*port = net_port(fd);
	return fd;
}

int
net_connect(uint16_t port)
{
	struct sockaddr_in in;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	net_loopback(&in, port);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	return fd;
}

void
net_pair(int fds[2])
{
	uint16_t port;
	int l = net_listen(&port);

	fds[0] = net_connect(port);
	fds[1] = accept(l, NULL, NULL);
	ck_assert_int_ge(fds[1], 0);
	ck_assert_int_eq(close(l), 0);
}

void
net_timeout(int fd, int option)
{
	static const struct timeval never = { 100, 0 };

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, option, &never,
	    sizeof(never)), 0);
}

void
net_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	ck_assert_int_ge(flags, 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, flags | O_NONBLOCK), 0);
}

int
net_wait(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	return p.revents;
}

uint16_t
net_free_port(void)
{
	struct sockaddr_in in;
	uint16_t port;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	port = net_port(fd);
	ck_assert_int_eq(close(fd), 0);
	return port;
}

void
net_mark(int fd, int mark)
{
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark,
	    sizeof(mark)), 0);
}

void
net_put(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), 0),
	    (ssize_t)strlen(text));
}

void
net_await(int fd, int n)
{
	int got = -1, i;

	for (i = 0; i < 5000 && got != n; i++) {
		ck_assert_int_eq(ioctl(fd, FIONREAD, &got), 0);
		if (got != n)
			(void)poll(NULL, 0, 1);
	}
	ck_assert_int_eq(got, n);
}

void
net_expect(int fd, int flags, const char *text)
{
	char buf[64];

	ck_assert_int_eq(recv(fd, buf, sizeof(buf), flags),
	    (ssize_t)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
}

void
net_expect_end(int fd)
{
	char c;

	ck_assert_int_ne(net_wait(fd, POLLIN), 0);
	ck_assert_int_le(recv(fd, &c, 1, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
