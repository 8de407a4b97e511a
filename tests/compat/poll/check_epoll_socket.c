/* epoll on TCP sockets. */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"

#define IDLE 500

static int ep;
static int fd[2];

static void
setup(void)
{
	ck_assert_int_ge(ep = epoll_create1(0), 0);
	tcp_pair(fd);
}

static void
teardown(void)
{
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(close(fd[1]), 0);
	ck_assert_int_eq(close(ep), 0);
}

static void
send_byte(int s)
{
	ck_assert_int_eq(send(s, "x", 1, 0), 1);
}

static void
recv_byte(int s)
{
	char c;

	ck_assert_int_eq(recv(s, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'x');
}

/* accept(2): "will deliver a readable event". */
START_TEST(listener_is_readable_with_a_connection)
{
	uint16_t port;
	int l = tcp_listen(&port), c, s;

	ep_add(ep, l, EPOLLIN);
	ck_assert_idle(ep);
	c = tcp_connect(port);
	ck_assert_uint_eq(ep_wait_for(ep, l, LONG_MS), EPOLLIN);
	ck_assert_int_ge(s = accept(l, NULL, NULL), 0);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(s), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* epoll(7), level-triggered: as long as a byte is left. */
START_TEST(data_is_reported_until_read)
{
	ep_add(ep, fd[0], EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(send(fd[1], "xx", 2, 0), 2);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	recv_byte(fd[0]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	recv_byte(fd[0]);
	ck_assert_idle(ep);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
}
END_TEST

START_TEST(idle_connection_is_writable)
{
	ep_add(ep, fd[0], EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLOUT);
	send_byte(fd[1]);
	ep_mod(ep, fd[0], EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	ep_mod(ep, fd[0], EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS),
	    EPOLLIN | EPOLLOUT);
}
END_TEST

/* send(2), EAGAIN; epoll(7): writable again when there is room. */
START_TEST(full_connection_is_not_writable)
{
	static char buf[65536];
	ssize_t n;

	set_nonblock(fd[0]);
	while (send(fd[0], buf, sizeof(buf), 0) > 0)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	ep_add(ep, fd[0], EPOLLOUT);
	ck_assert_idle(ep);
	set_nonblock(fd[1]);
	for (;;) {
		if ((n = recv(fd[1], buf, sizeof(buf), 0)) > 0)
			continue;
		ck_assert_int_eq(errno, EAGAIN);
		if (ep_wait_for(ep, fd[0], 1) == EPOLLOUT)
			break;
	}
}
END_TEST

/* What is not asked for is not reported, and wakes nobody. */
START_TEST(data_is_silent_without_interest)
{
	ep_add(ep, fd[0], 0);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], 20), 0);
	ep_mod(ep, fd[0], EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	ep_mod(ep, fd[0], EPOLLRDHUP);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], 20), 0);
}
END_TEST

/* epoll_ctl(2), EPOLLRDHUP; the FIN makes the end readable too. */
START_TEST(end_of_stream_is_in_and_rdhup)
{
	ep_add(ep, fd[0], EPOLLIN | EPOLLRDHUP);
	ck_assert_int_eq(shutdown(fd[1], SHUT_WR), 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS),
	    EPOLLIN | EPOLLRDHUP);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS),
	    EPOLLIN | EPOLLRDHUP);
	ep_mod(ep, fd[0], EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
}
END_TEST

/* A program that has paused reading still hears of the end. */
START_TEST(end_of_stream_is_seen_without_reading)
{
	ep_add(ep, fd[0], EPOLLRDHUP);
	ck_assert_idle(ep);
	ck_assert_int_eq(shutdown(fd[1], SHUT_WR), 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLRDHUP);
	ep_mod(ep, fd[0], EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLOUT);
	ep_mod(ep, fd[0], EPOLLPRI);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], 20), 0);
}
END_TEST

/* epoll_ctl(2), EPOLLHUP: both directions are shut. */
START_TEST(both_ends_shut_is_hup)
{
	uint32_t events;

	ep_add(ep, fd[0], 0);
	ck_assert_int_eq(shutdown(fd[0], SHUT_WR), 0);
	ck_assert_idle(ep);
	ck_assert_int_eq(shutdown(fd[1], SHUT_WR), 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLHUP);
	ep_mod(ep, fd[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP);
	events = ep_wait_for(ep, fd[0], LONG_MS);
	ck_assert_uint_eq(events, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
}
END_TEST

/* tcp(7): a reset is an error and the end of both directions. */
START_TEST(reset_is_error_and_hup)
{
	struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };
	uint32_t events;
	int pair[2];

	tcp_pair(pair);
	ep_add(ep, pair[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS), EPOLLOUT);
	ep_mod(ep, pair[0], EPOLLIN | EPOLLRDHUP);
	ck_assert_int_eq(setsockopt(pair[1], SOL_SOCKET, SO_LINGER, &abort_it,
	    sizeof(abort_it)), 0);
	ck_assert_int_eq(close(pair[1]), 0);
	events = ep_wait_for(ep, pair[0], LONG_MS);
	ck_assert_uint_eq(events, EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP);
	ck_assert_int_eq(close(pair[0]), 0);
}
END_TEST

static int
connect_to(uint16_t port)
{
	struct sockaddr_in sin;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(s, 0);
	set_nonblock(s);
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(port);
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) != 0)
		ck_assert_int_eq(errno, EINPROGRESS);
	return s;
}

static int
socket_error(int s)
{
	socklen_t len = sizeof(int);
	int err = -1;

	ck_assert_int_eq(getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	return err;
}

/* connect(2), EINPROGRESS: writable, and SO_ERROR is 0. */
START_TEST(connect_ends_writable)
{
	uint16_t port;
	int l = tcp_listen(&port), s = connect_to(port);

	ep_add(ep, s, EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, s, LONG_MS), EPOLLOUT);
	ck_assert_int_eq(socket_error(s), 0);
	ck_assert_int_eq(close(s), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* connect(2), ECONNREFUSED by way of epoll. */
START_TEST(refused_connect_is_error_and_hup)
{
	uint16_t port;
	int l = tcp_listen(&port), s;

	ck_assert_int_eq(close(l), 0);
	s = connect_to(port);
	ep_add(ep, s, EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, s, LONG_MS),
	    EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP);
	ck_assert_int_eq(socket_error(s), ECONNREFUSED);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* tcp_poll() of Linux: a socket that was never connected. */
START_TEST(fresh_socket_is_out_and_hup)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(s, 0);
	ep_add(ep, s, EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, s, LONG_MS), EPOLLOUT | EPOLLHUP);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* epoll_ctl(2), EPOLLONESHOT. */
START_TEST(oneshot_waits_for_mod)
{
	ep_add(ep, fd[0], EPOLLIN | EPOLLONESHOT);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], 20), 0);
	ep_mod(ep, fd[0], EPOLLIN | EPOLLONESHOT);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
}
END_TEST

/* epoll(7): what was consumed in between is not reported. */
START_TEST(data_read_before_the_wait_is_not_reported)
{
	int i;

	ep_add(ep, fd[0], EPOLLIN);
	for (i = 0; i < 50; i++) {
		ck_assert_idle(ep);
		send_byte(fd[1]);
		recv_byte(fd[0]);
	}
	ck_assert_idle(ep);
}
END_TEST

/* epoll(7), Q6: closing removes, when no duplicate is left. */
START_TEST(close_removes_unless_duplicated)
{
	int pair[2], copy;

	tcp_pair(pair);
	ep_add(ep, pair[0], EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_ge(copy = dup(pair[0]), 0);
	ck_assert_int_eq(close(pair[0]), 0);
	send_byte(pair[1]);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(copy), 0);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], 20), 0);
	ck_assert_int_eq(close(pair[1]), 0);
}
END_TEST

/* udp(7): readable with a datagram, writable without. */
START_TEST(datagrams_are_reported)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int a = socket(AF_INET, SOCK_DGRAM, 0);
	int b = socket(AF_INET, SOCK_DGRAM, 0);
	char c;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(a, (struct sockaddr *)&sin, sizeof(sin)), 0);
	ck_assert_int_eq(getsockname(a, (struct sockaddr *)&sin, &len), 0);
	ep_add(ep, a, EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(sendto(b, "x", 1, 0, (struct sockaddr *)&sin, len),
	    1);
	ck_assert_uint_eq(ep_wait_for(ep, a, LONG_MS), EPOLLIN);
	ep_mod(ep, a, EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, a, LONG_MS), EPOLLIN | EPOLLOUT);
	ck_assert_int_eq(recv(a, &c, 1, 0), 1);
	ck_assert_uint_eq(ep_wait_for(ep, a, LONG_MS), EPOLLOUT);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* tcp(7), urgent data: EPOLLPRI. */
START_TEST(urgent_data_is_pri)
{
	ep_add(ep, fd[0], EPOLLPRI);
	ck_assert_idle(ep);
	ck_assert_int_eq(send(fd[1], "u", 1, MSG_OOB), 1);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLPRI);
}
END_TEST

/* unix(7): a pair is readable with data, and at its end. */
START_TEST(unix_pair_is_reported)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ep_add(ep, pair[0], EPOLLIN | EPOLLRDHUP);
	ck_assert_idle(ep);
	send_byte(pair[1]);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS), EPOLLIN);
	recv_byte(pair[0]);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(pair[1]), 0);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS),
	    EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	ck_assert_int_eq(close(pair[0]), 0);
}
END_TEST

/* One socket in two instances: each has its own view. */
START_TEST(two_instances_both_report)
{
	int other = epoll_create1(0);

	ck_assert_int_ge(other, 0);
	ep_add(ep, fd[0], EPOLLIN);
	ep_add(other, fd[0], EPOLLIN | EPOLLOUT);
	ck_assert_idle(ep);
	ck_assert_uint_eq(ep_wait_for(other, fd[0], LONG_MS), EPOLLOUT);
	ep_mod(other, fd[0], EPOLLIN);
	ck_assert_idle(other);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(other, fd[0], LONG_MS), EPOLLIN);
	ep_del(ep, fd[0]);
	ck_assert_idle(ep);
	ck_assert_uint_eq(ep_wait_for(other, fd[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(other), 0);
}
END_TEST

/*
 * A request that is still under way when its registration goes must not be
 * taken for one of the next registration.
 */
START_TEST(removed_socket_does_not_speak_for_another)
{
	int pair[2];

	tcp_pair(pair);
	ep_add(ep, fd[0], EPOLLIN);
	ck_assert_idle(ep);
	ep_del(ep, fd[0]);
	ep_add(ep, pair[0], EPOLLIN);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], 20), 0);
	send_byte(pair[1]);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(pair[0]), 0);
	ck_assert_int_eq(close(pair[1]), 0);
}
END_TEST

/* Interest that changes while nothing happens, and back. */
START_TEST(interest_can_change_at_any_time)
{
	int i;

	ep_add(ep, fd[0], EPOLLIN);
	for (i = 0; i < 20; i++) {
		ck_assert_idle(ep);
		ep_mod(ep, fd[0], EPOLLIN | EPOLLOUT);
		ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLOUT);
		ep_mod(ep, fd[0], EPOLLIN);
		ck_assert_idle(ep);
		ep_del(ep, fd[0]);
		ep_add(ep, fd[0], EPOLLIN);
		send_byte(fd[1]);
		ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
		recv_byte(fd[0]);
	}
}
END_TEST

/* One that is busy among many that are not. */
START_TEST(busy_socket_among_idle_ones)
{
	static int idle[IDLE][2];
	int i;

	for (i = 0; i < IDLE; i++) {
		tcp_pair(idle[i]);
		ep_add(ep, idle[i][0], EPOLLIN);
	}
	ep_add(ep, fd[0], EPOLLIN);
	ck_assert_idle(ep);
	for (i = 0; i < 200; i++) {
		send_byte(fd[1]);
		ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
		recv_byte(fd[0]);
	}
	ck_assert_idle(ep);
	for (i = 0; i < IDLE; i++) {
		send_byte(idle[i][1]);
		ck_assert_uint_eq(ep_wait_for(ep, idle[i][0], LONG_MS),
		    EPOLLIN);
		ck_assert_int_eq(close(idle[i][0]), 0);
		ck_assert_int_eq(close(idle[i][1]), 0);
	}
	ck_assert_idle(ep);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_socket");
	TCase *tc = tcase_create("epoll");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, listener_is_readable_with_a_connection);
	tcase_add_test(tc, data_is_reported_until_read);
	tcase_add_test(tc, idle_connection_is_writable);
	tcase_add_test(tc, full_connection_is_not_writable);
	tcase_add_test(tc, data_is_silent_without_interest);
	tcase_add_test(tc, end_of_stream_is_in_and_rdhup);
	tcase_add_test(tc, end_of_stream_is_seen_without_reading);
	tcase_add_test(tc, both_ends_shut_is_hup);
	tcase_add_test(tc, reset_is_error_and_hup);
	tcase_add_test(tc, connect_ends_writable);
	tcase_add_test(tc, refused_connect_is_error_and_hup);
	tcase_add_test(tc, fresh_socket_is_out_and_hup);
	tcase_add_test(tc, oneshot_waits_for_mod);
	tcase_add_test(tc, data_read_before_the_wait_is_not_reported);
	tcase_add_test(tc, close_removes_unless_duplicated);
	tcase_add_test(tc, datagrams_are_reported);
	tcase_add_test(tc, urgent_data_is_pri);
	tcase_add_test(tc, unix_pair_is_reported);
	tcase_add_test(tc, two_instances_both_report);
	tcase_add_test(tc, removed_socket_does_not_speak_for_another);
	tcase_add_test(tc, interest_can_change_at_any_time);
	tcase_add_test(tc, busy_socket_among_idle_ones);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
