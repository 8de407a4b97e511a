/* EPOLLET on TCP sockets. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"

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

/* epoll(7), edge-triggered: again after EAGAIN, and only then for sure. */
START_TEST(edge_comes_again_after_eagain)
{
	struct epoll_event ev;
	char buf[16];
	int more = 0;

	set_nonblock(fd[0]);
	ep_add(ep, fd[0], EPOLLIN | EPOLLRDHUP | EPOLLET);
	ck_assert_idle(ep);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
	recv_byte(fd[0]);
	ck_assert_fails(recv(fd[0], buf, sizeof(buf), 0), EAGAIN);
	ck_assert_idle(ep);
	send_byte(fd[1]);
	ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
	recv_byte(fd[0]);
	ck_assert_int_eq(shutdown(fd[1], SHUT_WR), 0);
	ck_assert_uint_ne(ep_wait_for(ep, fd[0], LONG_MS) & EPOLLRDHUP, 0);
	/* Linux has two edges for the end, told as one or one by one. */
	while (epoll_wait(ep, &ev, 1, 10) == 1)
		ck_assert_int_le(++more, 1);
}
END_TEST

/* epoll(7), Q9: a short read, too, says that all was read. */
START_TEST(edge_comes_again_after_a_short_read)
{
	char buf[16];
	int i;

	set_nonblock(fd[0]);
	ep_add(ep, fd[0], EPOLLIN | EPOLLET);
	for (i = 0; i < 20; i++) {
		send_byte(fd[1]);
		ck_assert_uint_eq(ep_wait_for(ep, fd[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(fd[0], buf, sizeof(buf), 0), 1);
	}
	ck_assert_idle(ep);
}
END_TEST

/* The same for connections that wait in a listener. */
START_TEST(edge_comes_again_for_a_listener)
{
	uint16_t port;
	int l = tcp_listen(&port), c[2], s, i;

	set_nonblock(l);
	ep_add(ep, l, EPOLLIN | EPOLLET);
	for (i = 0; i < 2; i++) {
		c[i] = tcp_connect(port);
		ck_assert_uint_eq(ep_wait_for(ep, l, LONG_MS), EPOLLIN);
		ck_assert_idle(ep);
		ck_assert_int_ge(s = accept(l, NULL, NULL), 0);
		ck_assert_fails(accept(l, NULL, NULL), EAGAIN);
		ck_assert_idle(ep);
		ck_assert_int_eq(close(s), 0);
		ck_assert_int_eq(close(c[i]), 0);
	}
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* And for room to send. */
START_TEST(edge_comes_again_for_room)
{
	static char buf[65536];
	int pair[2];
	ssize_t n;

	tcp_pair(pair);
	set_nonblock(pair[0]);
	set_nonblock(pair[1]);
	ep_add(ep, pair[0], EPOLLOUT | EPOLLET);
	ck_assert_uint_eq(ep_wait_for(ep, pair[0], LONG_MS), EPOLLOUT);
	ck_assert_idle(ep);
	while (send(pair[0], buf, sizeof(buf), 0) > 0)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_idle(ep);
	for (;;) {
		if ((n = recv(pair[1], buf, sizeof(buf), 0)) > 0)
			continue;
		ck_assert_int_eq(errno, EAGAIN);
		if (ep_wait_for(ep, pair[0], 1) == EPOLLOUT)
			break;
	}
	ck_assert_int_eq(close(pair[0]), 0);
	ck_assert_int_eq(close(pair[1]), 0);
}
END_TEST

/* epoll_ctl(2), EPOLL_CTL_MOD: what is ready is reported again. */
START_TEST(mod_reports_again_what_is_ready)
{
	int kind[3] = { fd[0], -1, eventfd(1, 0) }, p[2], i, j;

	ck_assert_int_eq(pipe(p), 0);
	kind[1] = p[0];
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	send_byte(fd[1]);
	for (i = 0; i < 3; i++) {
		ep_add(ep, kind[i], EPOLLIN | EPOLLET);
		for (j = 0; j < 3; j++) {
			ck_assert_uint_eq(ep_wait_for(ep, kind[i], LONG_MS),
			    EPOLLIN);
			ck_assert_idle(ep);
			ep_mod(ep, kind[i], EPOLLIN | EPOLLET);
		}
		ep_del(ep, kind[i]);
	}
	recv_byte(fd[0]);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(close(p[i]), 0);
	ck_assert_int_eq(close(kind[2]), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_edge");
	TCase *tc = tcase_create("epoll");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, edge_comes_again_after_eagain);
	tcase_add_test(tc, edge_comes_again_after_a_short_read);
	tcase_add_test(tc, edge_comes_again_for_a_listener);
	tcase_add_test(tc, edge_comes_again_for_room);
	tcase_add_test(tc, mod_reports_again_what_is_ready);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
