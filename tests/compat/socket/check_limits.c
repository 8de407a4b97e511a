/*
 * Where libcompat's sockets are not Linux's, LIM-SOCK in LIMITATIONS.  Built on
 * NT only; a test that fails here is a limit that is gone.
 */
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <check.h>
#include <compat.h>
#include <errno.h>
#include <ifaddrs.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net.h"

static int fds[2];

static void
setup(void)
{
	net_pair(fds);
}

static void
teardown(void)
{
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* LIM-SOCK-2.  Refused, never dropped: the other side would wait for it. */
START_TEST(control_data_is_refused)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} u;
	struct iovec iov = { (char *)"x", 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &u, .msg_controllen = sizeof(u) };
	struct cmsghdr *c;

	memset(&u, 0, sizeof(u));
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fds[0], sizeof(int));
	ck_assert_ptr_null(CMSG_NXTHDR(&m, c));
	errno = 0;
	ck_assert_int_eq(sendmsg(fds[0], &m, 0), -1);
	ck_assert_int_eq(errno, EOPNOTSUPP);
}
END_TEST

static void
mark_and_send(void)
{
	net_mark(fds[0], 100);
	net_put(fds[1], "abc");
}

/* LIM-SOCK-3, LIM-SOCK-5.  Whoever has the handle would miss what is read. */
START_TEST(nothing_is_read_ahead_of_who_has_the_handle)
{
	char buf[8];

	ck_assert_uint_ne(compat_socket_handle(fds[0]), COMPAT_NO_SOCKET);
	mark_and_send();
	ck_assert_int_eq(net_wait(fds[0], POLLIN), POLLIN);
	ck_assert_int_eq(recv(fds[0], buf, 8, MSG_PEEK | MSG_WAITALL), 3);
}
END_TEST

/* LIM-SOCK-5. */
START_TEST(no_handle_for_who_would_miss_what_was_read)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };
	char buf[8];
	int n = 0;

	mark_and_send();
	while (n < 3)
		ck_assert_int_eq(ioctl(fds[0], FIONREAD, &n), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	errno = 0;
	ck_assert_uint_eq(compat_socket_handle(fds[0]), COMPAT_NO_SOCKET);
	ck_assert_int_eq(errno, EBUSY);
	ck_assert_int_eq(recv(fds[0], buf, 8, MSG_DONTWAIT), 3);
	ck_assert_mem_eq(buf, "abc", 3);
	ck_assert_uint_ne(compat_socket_handle(fds[0]), COMPAT_NO_SOCKET);
}
END_TEST

/* LIM-SOCK-6. */
START_TEST(a_listener_that_was_shut_down_still_connects)
{
	uint16_t port;
	int l = net_listen(&port), c;

	ck_assert_int_eq(shutdown(l, SHUT_RD), 0);
	errno = 0;
	ck_assert_int_eq(accept(l, NULL, NULL), -1);
	ck_assert_int_eq(errno, EINVAL);
	c = net_connect(port);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* LIM-SOCK-7. */
START_TEST(two_that_do_not_listen_cannot_share_a_port)
{
	struct sockaddr_in in;
	int a = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	int b = socket(AF_INET, SOCK_STREAM, 0);

	(void)setsockopt(a, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	(void)setsockopt(b, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(a, (struct sockaddr *)&in, sizeof(in)), 0);
	net_loopback(&in, net_port(a));
	errno = 0;
	ck_assert_int_eq(bind(b, (struct sockaddr *)&in, sizeof(in)), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* LIM-SOCK-12. */
START_TEST(an_interface_has_an_entry_without_address)
{
	struct ifaddrs *list, *i;
	int bare = 0;

	ck_assert_int_eq(getifaddrs(&list), 0);
	for (i = list; i != NULL; i = i->ifa_next) {
		bare |= i->ifa_addr == NULL;
		ck_assert_ptr_null(i->ifa_data);
	}
	ck_assert_int_ne(bare, 0);
	freeifaddrs(list);
	errno = 0;
	ck_assert_int_eq(getifaddrs(NULL), -1);
	ck_assert_int_eq(errno, EFAULT);
}
END_TEST

/* LIM-SOCK-14.  Refused: a program must not believe that it has them. */
START_TEST(what_nt_lacks_is_no_option)
{
	socklen_t len = sizeof(int);
	int val = 1;

	errno = 0;
	ck_assert_int_eq(setsockopt(fds[0], SOL_SOCKET, SO_REUSEPORT, &val,
	    len), -1);
	ck_assert_int_eq(errno, ENOPROTOOPT);
	errno = 0;
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_REUSEPORT, &val,
	    &len), -1);
	ck_assert_int_eq(errno, ENOPROTOOPT);
	errno = 0;
	ck_assert_int_eq(setsockopt(fds[0], IPPROTO_TCP, TCP_CORK, &val,
	    len), -1);
	ck_assert_int_eq(errno, ENOPROTOOPT);
	errno = 0;
	ck_assert_int_eq(getsockopt(fds[0], IPPROTO_TCP, TCP_CORK, &val,
	    &len), -1);
	ck_assert_int_eq(errno, ENOPROTOOPT);
}
END_TEST

enum call { RECV, SEND, ACCEPT };

struct caller {
	int fd;
	enum call call;
	ssize_t got;
	int err;
};

static void *
call_on(void *arg)
{
	struct caller *c = arg;
	static char bytes[4096];

	do {
		c->got = c->call == RECV ? recv(c->fd, bytes, 1, 0) :
		    c->call == SEND ? send(c->fd, bytes, sizeof(bytes),
		    MSG_NOSIGNAL) : accept(c->fd, NULL, NULL);
		c->err = errno;
	} while (c->got > 0 && c->call == SEND);
	return NULL;
}

/* The sooner it is closed, the less likely does the call wait already. */
static void
close_under(int fd, enum call call, int ms)
{
	struct caller c = { .fd = fd, .call = call };
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, call_on, &c), 0);
	(void)poll(NULL, 0, ms);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(c.got, -1);
	ck_assert_int_eq(c.err, EBADF);
}

static int
listen_at(int type, int ms)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	(void)snprintf(un.sun_path, sizeof(un.sun_path), "close%d%d", type, ms);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(unlink(un.sun_path), 0);
	return fd;
}

/* LIM-SOCK-46. */
START_TEST(close_ends_the_calls_that_wait)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	int pair[2], i, ms;
	enum call call;
	uint16_t port;

	for (ms = 0; ms <= 30; ms += 10) {
		close_under(net_listen(&port), ACCEPT, ms);
		close_under(listen_at(SOCK_STREAM, ms), ACCEPT, ms);
		close_under(listen_at(SOCK_SEQPACKET, ms), ACCEPT, ms);
		close_under(socket(AF_INET, SOCK_DGRAM, 0), RECV, ms);
		for (call = RECV; call <= SEND; call++) {
			net_pair(pair);
			close_under(pair[0], call, ms);
			ck_assert_int_eq(close(pair[1]), 0);
			for (i = 0; i < 3; i++) {
				ck_assert_int_eq(socketpair(AF_UNIX, types[i],
				    0, pair), 0);
				close_under(pair[0], call, ms);
				ck_assert_int_eq(close(pair[1]), 0);
			}
		}
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("limits");
	TCase *tc = tcase_create("limits");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, control_data_is_refused);
	tcase_add_test(tc, nothing_is_read_ahead_of_who_has_the_handle);
	tcase_add_test(tc, no_handle_for_who_would_miss_what_was_read);
	tcase_add_test(tc, a_listener_that_was_shut_down_still_connects);
	tcase_add_test(tc, two_that_do_not_listen_cannot_share_a_port);
	tcase_add_test(tc, an_interface_has_an_entry_without_address);
	tcase_add_test(tc, what_nt_lacks_is_no_option);
	tcase_add_test(tc, close_ends_the_calls_that_wait);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
