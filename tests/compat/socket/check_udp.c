/* Datagrams: udp(7), recv(2), send(2). */
#include <sys/socket.h>
#include <sys/uio.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net.h"
#include "support/fails.h"

static int server, client;
static struct sockaddr_in where;

static void
setup(void)
{
	server = socket(AF_INET, SOCK_DGRAM, 0);
	client = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_ge(server, 0);
	ck_assert_int_ge(client, 0);
	net_loopback(&where, 0);
	ck_assert_int_eq(bind(server, (struct sockaddr *)&where,
	    sizeof(where)), 0);
	net_loopback(&where, net_port(server));
}

static void
teardown(void)
{
	(void)close(server);
	(void)close(client);
}

static void
put(const void *data, size_t len)
{
	ck_assert_int_eq(sendto(client, data, len, 0,
	    (struct sockaddr *)&where, sizeof(where)), (ssize_t)len);
}

START_TEST(a_datagram_says_where_it_is_from)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char buf[16];

	put("hello", 5);
	ck_assert_int_eq(recvfrom(server, buf, sizeof(buf), 0,
	    (struct sockaddr *)&from, &len), 5);
	ck_assert_mem_eq(buf, "hello", 5);
	ck_assert_uint_eq(len, sizeof(from));
	ck_assert_uint_eq(ntohs(from.sin_port), net_port(client));
	ck_assert_int_eq(sendto(server, "yes", 3, 0, (struct sockaddr *)&from,
	    len), 3);
	ck_assert_int_eq(recv(client, buf, sizeof(buf), 0), 3);
}
END_TEST

/* recv(2), MSG_TRUNC, in and out. */
START_TEST(a_long_datagram_is_cut)
{
	char buf[4];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	put("0123456789", 10);
	put("0123456789", 10);
	put("abcdefghij", 10);
	put("end", 3);
	ck_assert_int_eq(recv(server, buf, sizeof(buf), 0), 4);
	ck_assert_mem_eq(buf, "0123", 4);
	ck_assert_int_eq(recvmsg(server, &m, 0), 4);
	ck_assert_int_eq(m.msg_flags & MSG_TRUNC, MSG_TRUNC);
	ck_assert_int_eq(recv(server, buf, sizeof(buf), MSG_TRUNC), 10);
	ck_assert_mem_eq(buf, "abcd", 4);
	ck_assert_int_eq(recvmsg(server, &m, 0), 3);
	ck_assert_int_eq(m.msg_flags, 0);
}
END_TEST

START_TEST(an_empty_datagram_is_one)
{
	char c;

	put("", 0);
	ck_assert_int_eq(recv(server, &c, 1, 0), 0);
	errno = 0;
	ck_assert_int_eq(recv(server, &c, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

/* udp(7); send(2), EDESTADDRREQ, EMSGSIZE. */
START_TEST(a_connected_one_needs_no_address)
{
	static char big[70000];
	char c;

	errno = 0;
	ck_assert_int_eq(send(client, "x", 1, 0), -1);
	ck_assert_int_eq(errno, EDESTADDRREQ);
	ck_assert_int_eq(connect(client, (struct sockaddr *)&where,
	    sizeof(where)), 0);
	ck_assert_int_eq(send(client, "x", 1, 0), 1);
	ck_assert_int_eq(recv(server, &c, 1, 0), 1);
	ck_assert_int_eq(send(client, "y", 1, MSG_DONTROUTE), 1);
	ck_assert_int_eq(recv(server, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'y');
	errno = 0;
	ck_assert_int_eq(send(client, big, sizeof(big), 0), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	/* Receiving is still possible, and nothing is there. */
	errno = 0;
	ck_assert_int_eq(recv(client, &c, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

/* NT has EINVAL for this. */
START_TEST(an_unbound_socket_can_be_read)
{
	char c;

	errno = 0;
	ck_assert_int_eq(recv(client, &c, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

/* An unreachable port does not disturb who else sends to us. */
START_TEST(an_unreachable_peer_is_no_error_of_ours)
{
	struct sockaddr_in from = where, nowhere;
	char c = 0;

	net_loopback(&nowhere, 1);
	ck_assert_int_eq(sendto(server, "x", 1, 0,
	    (struct sockaddr *)&nowhere, sizeof(nowhere)), 1);
	put("y", 1);
	ck_assert_int_eq(recv(server, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'y');
	where = from;
}
END_TEST

static void *
recv_in_thread(void *arg)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char c;

	*(ssize_t *)arg = recvfrom(server, &c, 1, 0, (struct sockaddr *)&from,
	    &len);
	if (len != 0)
		*(ssize_t *)arg = -2;
	return NULL;
}

/*
 * shutdown(2), SHUT_RD: before, while and after the other thread blocks.  On
 * Linux also where there is no peer, whatever it returns.
 */
START_TEST(shutdown_ends_a_blocked_recv)
{
	pthread_t t;
	ssize_t got;
	int i, pause;

	for (i = 0; i < 20; i++) {
		got = -1;
		if (i % 2 == 0)
			ck_assert_int_eq(connect(server,
			    (struct sockaddr *)&where, sizeof(where)), 0);
		ck_assert_int_eq(pthread_create(&t, NULL, recv_in_thread,
		    &got), 0);
		for (pause = 0; pause < i; pause++)
			(void)poll(NULL, 0, 1);
		if (i % 2 == 0)
			ck_assert_int_eq(shutdown(server, SHUT_RD), 0);
		else
			FAILS(shutdown(server, SHUT_RD), ENOTCONN);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
		ck_assert_int_eq(got, 0);
		teardown();
		setup();
	}
}
END_TEST

/* The same for both ways: poll(2), send(2). */
START_TEST(a_datagram_socket_can_be_shut)
{
	struct pollfd p = { .fd = client,
	    .events = POLLIN | POLLOUT | POLLRDHUP };
	char c;

	FAILS(shutdown(client, SHUT_RD), ENOTCONN);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(p.revents, POLLIN | POLLOUT | POLLRDHUP);
	FAILS(shutdown(client, SHUT_WR), ENOTCONN);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(p.revents, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	ck_assert_int_eq(recv(client, &c, 1, 0), 0);
	FAILS(sendto(client, "x", 1, 0, (struct sockaddr *)&where,
	    sizeof(where)), EPIPE);
}
END_TEST

/* listen(2), accept(2): EOPNOTSUPP. */
START_TEST(there_is_nothing_to_listen_for)
{
	errno = 0;
	ck_assert_int_eq(listen(server, 1), -1);
	ck_assert_int_eq(errno, EOPNOTSUPP);
	errno = 0;
	ck_assert_int_eq(accept(server, NULL, NULL), -1);
	ck_assert_int_eq(errno, EOPNOTSUPP);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("udp");
	TCase *tc = tcase_create("udp");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_datagram_says_where_it_is_from);
	tcase_add_test(tc, a_long_datagram_is_cut);
	tcase_add_test(tc, an_empty_datagram_is_one);
	tcase_add_test(tc, a_connected_one_needs_no_address);
	tcase_add_test(tc, an_unbound_socket_can_be_read);
	tcase_add_test(tc, an_unreachable_peer_is_no_error_of_ours);
	tcase_add_test(tc, shutdown_ends_a_blocked_recv);
	tcase_add_test(tc, a_datagram_socket_can_be_shut);
	tcase_add_test(tc, there_is_nothing_to_listen_for);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
