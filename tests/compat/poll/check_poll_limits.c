/*
 * Where epoll and poll differ from Linux: each of these tests fails when its
 * entry in LIMITATIONS.md can go.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
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

/* LIM-POLL-4. */
START_TEST(closed_unix_peer_is_no_hup)
{
	int s[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ep_add(ep, s[0], EPOLLIN | EPOLLRDHUP);
	ck_assert_int_eq(close(s[1]), 0);
	ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS),
	    EPOLLIN | EPOLLRDHUP);
	ck_assert_int_eq(close(s[0]), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("poll_limits");
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, more_data_is_no_new_edge);
	tcase_add_test(tc, closed_unix_peer_is_no_hup);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
