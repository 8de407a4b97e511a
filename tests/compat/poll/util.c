#include "compat/poll/util.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Not clock_gettime(): Check brings one along that stands still on NT. */
int64_t
now_ns(void)
{
	struct timeval tv;

	ck_assert_int_eq(gettimeofday(&tv, NULL), 0);
	return tv.tv_sec * INT64_C(1000000000) + tv.tv_usec * 1000;
}

int
tcp_listen(uint16_t *port)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(fd = socket(AF_INET, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	ck_assert_int_eq(listen(fd, 128), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	return fd;
}

int
tcp_connect(uint16_t port)
{
	struct sockaddr_in sin;
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(port);
	ck_assert_int_ge(fd = socket(AF_INET, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return fd;
}

void
tcp_pair(int fd[2])
{
	uint16_t port;
	int l = tcp_listen(&port);

	fd[0] = tcp_connect(port);
	ck_assert_int_ge(fd[1] = accept(l, NULL, NULL), 0);
	ck_assert_int_eq(close(l), 0);
}

void
set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	ck_assert_int_ge(flags, 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, flags | O_NONBLOCK), 0);
}

static void
ctl(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.events = events;
	ev.data.fd = fd;
	ck_assert_int_eq(epoll_ctl(ep, op, fd, &ev), 0);
}

void
ep_add(int ep, int fd, uint32_t events)
{
	ctl(ep, EPOLL_CTL_ADD, fd, events);
}

void
ep_mod(int ep, int fd, uint32_t events)
{
	ctl(ep, EPOLL_CTL_MOD, fd, events);
}

void
ep_del(int ep, int fd)
{
	ctl(ep, EPOLL_CTL_DEL, fd, 0);
}

uint32_t
ep_wait_for(int ep, int fd, int ms)
{
	struct epoll_event ev[16];
	int i, n;

	ck_assert_int_ge(n = epoll_wait(ep, ev, 16, ms), 0);
	for (i = 0; i < n; i++)
		if (ev[i].data.fd == fd)
			return ev[i].events;
	return 0;
}

int
run_suite(Suite *s)
{
	SRunner *sr = srunner_create(s);
	int failed;

	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
