/* compat_socket_handle(3), compat_fd_from_socket(3). */
#include <netinet/in.h>
#include <sys/socket.h>

#include <compat.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/foreign.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

static int
option(int fd, int name)
{
	socklen_t len = sizeof(int);
	int val = -1;

	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, name, &val, &len), 0);
	return val;
}

/* It is the same socket: what is sent through it arrives. */
START_TEST(the_handle_of_a_descriptor_is_its_socket)
{
	uintptr_t handle;
	char buf[8];
	int fd[2];

	net_pair(fd);
	handle = compat_socket_handle(fd[0]);
	ck_assert_uint_ne(handle, COMPAT_NO_SOCKET);
	ck_assert_int_eq(foreign_send(handle, "abc", 3), 3);
	ck_assert_int_eq(recv(fd[1], buf, sizeof(buf), 0), 3);
	ck_assert_mem_eq(buf, "abc", 3);
	/* And stays the descriptor's. */
	ck_assert_int_eq(send(fd[0], "de", 2, 0), 2);
	ck_assert_int_eq(recv(fd[1], buf, sizeof(buf), 0), 2);
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(recv(fd[1], buf, sizeof(buf), 0), 0);
	ck_assert_int_eq(close(fd[1]), 0);
}
END_TEST

/* A connection that somebody else made is a descriptor like any other. */
START_TEST(a_connection_becomes_a_descriptor)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	uint16_t port;
	char buf[8];
	int a, fd, l = net_listen(&port);

	fd = compat_fd_from_socket(foreign_connect(port));
	ck_assert_int_ge(fd, 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(option(fd, SO_TYPE), SOCK_STREAM);
	ck_assert_int_eq(option(fd, SO_DOMAIN), AF_INET);
	ck_assert_int_eq(option(fd, SO_PROTOCOL), IPPROTO_TCP);
	ck_assert_int_eq(option(fd, SO_ERROR), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(getpeername(fd, (struct sockaddr *)&in, &len), 0);
	ck_assert_uint_eq(ntohs(in.sin_port), port);
	FAILS(connect(fd, (struct sockaddr *)&in, sizeof(in)), EISCONN);
	FAILS(recv(fd, buf, 1, MSG_DONTWAIT), EAGAIN);
	ck_assert_int_eq(write(fd, "abc", 3), 3);
	ck_assert_int_eq(read(a, buf, sizeof(buf)), 3);
	ck_assert_int_eq(write(a, "d", 1), 1);
	ck_assert_int_eq(net_wait(fd, POLLIN), POLLIN);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(read(a, buf, sizeof(buf)), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* LIM-SOCK-13: what is seen of what happened before. */
START_TEST(what_winsock_did_to_it_is_known)
{
	struct sockaddr_in in;
	uint16_t port = 0;
	int a, c, fd;
	char buf[4];

	fd = compat_fd_from_socket(foreign_listen(&port));
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(option(fd, SO_ACCEPTCONN), 1);
	net_loopback(&in, 0);
	FAILS(bind(fd, (struct sockaddr *)&in, sizeof(in)), EINVAL);
	c = net_connect(port);
	a = accept(fd, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(fd), 0);

	fd = compat_fd_from_socket(foreign_stream());
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(option(fd, SO_ACCEPTCONN), 0);
	FAILS(recv(fd, buf, 1, 0), ENOTCONN);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(close(fd), 0);

	fd = compat_fd_from_socket(foreign_datagram());
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(option(fd, SO_TYPE), SOCK_DGRAM);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	FAILS(send(fd, "x", 1, 0), EDESTADDRREQ);
	net_loopback(&in, net_port(fd));
	ck_assert_int_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&in,
	    sizeof(in)), 1);
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* compat_socket_handle(3), ERRORS. */
START_TEST(what_is_no_socket_is_refused)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	errno = 0;
	ck_assert_uint_eq(compat_socket_handle(p[0]), COMPAT_NO_SOCKET);
	ck_assert_int_eq(errno, ENOTSOCK);
	errno = 0;
	ck_assert_uint_eq(compat_socket_handle(-1), COMPAT_NO_SOCKET);
	ck_assert_int_eq(errno, EBADF);
	FAILS(compat_fd_from_socket(COMPAT_NO_SOCKET), EBADF);
	ck_assert_int_eq(dup2(p[0], 0), 0);
	FAILS(compat_fd_from_socket(0), ENOTSOCK);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* Nothing of it stays open. */
START_TEST(adopted_sockets_leave_nothing)
{
	int before, fd, i;

	fd = compat_fd_from_socket(foreign_stream());
	ck_assert_int_eq(close(fd), 0);
	before = host_handles();
	for (i = 0; i < 100; i++) {
		fd = compat_fd_from_socket(foreign_stream());
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(close(fd), 0);
	}
	ck_assert_int_eq(host_handles(), before);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		the_handle_of_a_descriptor_is_its_socket,
		a_connection_becomes_a_descriptor,
		what_winsock_did_to_it_is_known,
		what_is_no_socket_is_refused,
		adopted_sockets_leave_nothing,
	};

	return run_cases("handle", tests, sizeof(tests) / sizeof(tests[0]));
}
