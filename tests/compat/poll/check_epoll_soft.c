/* epoll on pipes and on other epoll instances. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"

static int ep;

static void
setup(void)
{
	ck_assert_int_ge(ep = epoll_create1(0), 0);
}

static void
teardown(void)
{
	ck_assert_int_eq(close(ep), 0);
}

/* pipe(7): readable with data, hung up without writers. */
START_TEST(pipe_is_readable_with_data)
{
	int p[2];
	char c;

	ck_assert_int_eq(pipe(p), 0);
	ep_add(ep, p[0], EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(write(p[1], "xx", 2), 2);
	ck_assert_uint_eq(ep_wait_for(ep, p[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(read(p[0], &c, 1), 1);
	ck_assert_uint_eq(ep_wait_for(ep, p[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(read(p[0], &c, 1), 1);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_uint_eq(ep_wait_for(ep, p[0], LONG_MS), EPOLLHUP);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

START_TEST(pipe_is_writable_while_there_is_room)
{
	static char buf[65536];
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	set_nonblock(p[1]);
	ep_add(ep, p[1], EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, p[1], LONG_MS), EPOLLOUT);
	while (write(p[1], buf, sizeof(buf)) > 0)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_idle(ep);
	set_nonblock(p[0]);
	while (read(p[0], buf, sizeof(buf)) > 0)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_uint_eq(ep_wait_for(ep, p[1], LONG_MS), EPOLLOUT);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_uint_eq(ep_wait_for(ep, p[1], LONG_MS),
	    EPOLLOUT | EPOLLERR);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* epoll(7), Q7: events from before the registration count. */
START_TEST(pipe_with_old_data_is_readable)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	ep_add(ep, p[0], EPOLLIN | EPOLLET);
	ck_assert_uint_eq(ep_wait_for(ep, p[0], LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	ck_assert_uint_eq(ep_wait_for(ep, p[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* All kinds in one set. */
START_TEST(kinds_can_be_mixed)
{
	struct epoll_event e[8];
	int p[2], s[2], ev = eventfd(0, 0), i;

	ck_assert_int_eq(pipe(p), 0);
	tcp_pair(s);
	ep_add(ep, p[0], EPOLLIN);
	ep_add(ep, s[0], EPOLLIN);
	ep_add(ep, ev, EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	for (i = 0; i < 100 && epoll_wait(ep, e, 8, LONG_MS) < 3; i++)
		continue;
	ck_assert_int_eq(epoll_wait(ep, e, 8, LONG_MS), 3);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(epoll_wait(ep, e, 8, LONG_MS), 1);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(close(s[1]), 0);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

/* epoll_wait(2), NOTES: nobody is starved by others that are always ready. */
START_TEST(busy_eventfds_starve_no_socket)
{
	struct epoll_event e[2];
	int s[2], ev[4], i, j, n, seen = 0;

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN);
	ck_assert_idle(ep);
	for (i = 0; i < 4; i++) {
		ck_assert_int_ge(ev[i] = eventfd(1, 0), 0);
		ep_add(ep, ev[i], EPOLLIN);
	}
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	for (i = 0; i < 100000 && !seen; i++) {
		ck_assert_int_ge(n = epoll_wait(ep, e, 2, LONG_MS), 1);
		for (j = 0; j < n; j++)
			seen |= e[j].data.fd == s[0];
	}
	ck_assert_int_eq(seen, 1);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(close(ev[i]), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* epoll(7), Q3: an epoll descriptor is itself pollable. */
START_TEST(nested_instance_is_readable)
{
	int inner = epoll_create1(0), ev = eventfd(0, 0);
	uint64_t v;

	ep_add(ep, inner, EPOLLIN);
	ck_assert_idle(ep);
	ep_add(inner, ev, EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, inner, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(inner, ev, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, inner, LONG_MS), EPOLLIN);
	ck_assert_int_eq(eventfd_read(ev, &v), 0);
	ck_assert_idle(ep);
	ck_assert_idle(inner);
	ck_assert_int_eq(close(inner), 0);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

/* The same with a socket, before and after the nesting. */
START_TEST(nested_socket_is_seen)
{
	int inner = epoll_create1(0), a[2], b[2], i;
	char c;

	tcp_pair(a);
	tcp_pair(b);
	ep_add(inner, a[0], EPOLLIN);
	ck_assert_idle(inner);
	ep_add(ep, inner, EPOLLIN);
	ep_add(inner, b[0], EPOLLIN);
	ck_assert_idle(ep);
	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(send(a[1], "x", 1, 0), 1);
		ck_assert_uint_eq(ep_wait_for(ep, inner, LONG_MS), EPOLLIN);
		ck_assert_uint_eq(ep_wait_for(inner, a[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(a[0], &c, 1, 0), 1);
		ck_assert_idle(ep);
		ck_assert_int_eq(send(b[1], "x", 1, 0), 1);
		ck_assert_uint_eq(ep_wait_for(ep, inner, LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(b[0], &c, 1, 0), 1);
		ck_assert_idle(ep);
		ck_assert_idle(inner);
	}
	ck_assert_int_eq(close(a[0]), 0);
	ck_assert_int_eq(close(inner), 0);
	ck_assert_int_eq(close(a[1]), 0);
	ck_assert_int_eq(close(b[0]), 0);
	ck_assert_int_eq(close(b[1]), 0);
}
END_TEST

/* Closing an inner instance takes it out of the outer one. */
START_TEST(closed_inner_instance_is_gone)
{
	int inner = epoll_create1(0), s[2];

	tcp_pair(s);
	ep_add(inner, s[0], EPOLLIN | EPOLLOUT);
	ep_add(ep, inner, EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, inner, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(inner), 0);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* epoll_ctl(2), ELOOP. */
START_TEST(circles_are_refused)
{
	struct epoll_event e;
	int a = epoll_create1(0), b = epoll_create1(0);

	memset(&e, 0, sizeof(e));
	e.events = EPOLLIN;
	ep_add(ep, a, EPOLLIN);
	ep_add(a, b, EPOLLIN);
	ck_assert_fails(epoll_ctl(b, EPOLL_CTL_ADD, ep, &e), ELOOP);
	ck_assert_fails(epoll_ctl(a, EPOLL_CTL_ADD, ep, &e), ELOOP);
	ep_del(ep, a);
	ep_add(b, ep, EPOLLIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* epoll_ctl(2), ELOOP: "a nesting depth of epoll instances greater than 5". */
START_TEST(deep_nesting_is_refused)
{
	struct epoll_event e;
	int chain[8], n, i;

	memset(&e, 0, sizeof(e));
	e.events = EPOLLIN;
	ck_assert_int_ge(chain[0] = epoll_create1(0), 0);
	for (n = 1; n < 8; n++) {
		ck_assert_int_ge(chain[n] = epoll_create1(0), 0);
		errno = 0;
		if (epoll_ctl(chain[n], EPOLL_CTL_ADD, chain[n - 1], &e) != 0)
			break;
	}
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(n, 5);
	for (i = 0; i <= n; i++)
		ck_assert_int_eq(close(chain[i]), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_soft");
	TCase *tc = tcase_create("epoll");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pipe_is_readable_with_data);
	tcase_add_test(tc, pipe_is_writable_while_there_is_room);
	tcase_add_test(tc, pipe_with_old_data_is_readable);
	tcase_add_test(tc, kinds_can_be_mixed);
	tcase_add_test(tc, busy_eventfds_starve_no_socket);
	tcase_add_test(tc, nested_instance_is_readable);
	tcase_add_test(tc, nested_socket_is_seen);
	tcase_add_test(tc, closed_inner_instance_is_gone);
	tcase_add_test(tc, circles_are_refused);
	tcase_add_test(tc, deep_nesting_is_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
