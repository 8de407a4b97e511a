/*
 * Where epoll and poll differ from Linux: each of these tests fails when its
 * entry in LIMITATIONS.md can go.
 */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"

#define SHORT_MS 50

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

/* LIM-POLL-1. */
START_TEST(more_data_is_no_new_edge)
{
	int s[2];

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN | EPOLLET);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLIN);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_assert_uint_eq(ep_wait_for(ep, s[0], SHORT_MS), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* LIM-POLL-4.  Linux has an edge for each. */
START_TEST(a_peer_that_reads_no_more_is_no_edge)
{
	struct pollfd p = { .events = POLLIN };
	int s[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ep_add(ep, s[0], EPOLLIN | EPOLLRDHUP | EPOLLET);
	ck_assert_int_eq(shutdown(s[1], SHUT_WR), 0);
	ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS),
	    EPOLLIN | EPOLLRDHUP);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(s[1]), 0);
	ck_assert_uint_eq(ep_wait_for(ep, s[0], SHORT_MS), 0);
	p.fd = s[0];
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(p.revents, POLLIN | POLLHUP);
	ck_assert_int_eq(close(s[0]), 0);
}
END_TEST

#define SLEEPERS 3

struct sleeper {
	int ep, fd, woken;	/* woken: an eventfd, told of an event of fd */
	pthread_t thread;
};

static void *
sleep_once(void *arg)
{
	struct sleeper *s = arg;

	if (ep_wait_for(s->ep, s->fd, 2 * LONG_MS) != 0)
		(void)eventfd_write(s->woken, 1);
	return NULL;
}

static void
start(struct sleeper *s, int n, int fd, int woken)
{
	int i;

	for (i = 0; i < n; i++) {
		s[i].fd = fd;
		s[i].woken = woken;
		ck_assert_int_ge(s[i].ep = epoll_create1(0), 0);
		ep_add(s[i].ep, fd, EPOLLIN | EPOLLEXCLUSIVE);
		ck_assert_int_eq(pthread_create(&s[i].thread, NULL,
		    sleep_once, &s[i]), 0);
	}
}

static void
finish(struct sleeper *s, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		ck_assert_int_eq(pthread_join(s[i].thread, NULL), 0);
		ck_assert_int_eq(close(s[i].ep), 0);
	}
}

/* LIM-POLL-5. */
START_TEST(a_socket_wakes_all_exclusive_instances)
{
	struct sleeper s[SLEEPERS];
	int pair[2], woken = eventfd(0, 0);
	uint64_t n;

	tcp_pair(pair);
	start(s, SLEEPERS, pair[0], woken);
	(void)poll(NULL, 0, SHORT_MS);
	ck_assert_int_eq(send(pair[1], "x", 1, 0), 1);
	finish(s, SLEEPERS);
	ck_assert_int_eq(eventfd_read(woken, &n), 0);
	ck_assert_uint_eq(n, SLEEPERS);
	ck_assert_int_eq(close(pair[0]), 0);
	ck_assert_int_eq(close(pair[1]), 0);
	ck_assert_int_eq(close(woken), 0);
}
END_TEST

/*
 * More than Linux says: who is removed before he looked at what he was chosen
 * for hands it on.  The last one to come is asked first.
 */
START_TEST(what_is_removed_before_the_look_is_handed_on)
{
	struct sleeper s[2];
	struct pollfd p;
	int i, ev, stop, woken;

	for (i = 0; i < 100; i++) {
		ck_assert_int_ge(ev = eventfd(0, 0), 0);
		ck_assert_int_ge(stop = eventfd(0, 0), 0);
		ck_assert_int_ge(woken = eventfd(0, 0), 0);
		start(s, 2, ev, woken);
		(void)poll(NULL, 0, 2);
		ck_assert_int_eq(eventfd_write(ev, 1), 0);
		ep_del(s[1].ep, ev);
		p = (struct pollfd){ .fd = woken, .events = POLLIN };
		ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
		ep_add(s[0].ep, stop, EPOLLIN);
		ep_add(s[1].ep, stop, EPOLLIN);
		ck_assert_int_eq(eventfd_write(stop, 1), 0);
		finish(s, 2);
		ck_assert_int_eq(close(ev), 0);
		ck_assert_int_eq(close(stop), 0);
		ck_assert_int_eq(close(woken), 0);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("poll_limits");
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, more_data_is_no_new_edge);
	tcase_add_test(tc, a_peer_that_reads_no_more_is_no_edge);
	tcase_add_test(tc, a_socket_wakes_all_exclusive_instances);
	tcase_add_test(tc, what_is_removed_before_the_look_is_handed_on);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
