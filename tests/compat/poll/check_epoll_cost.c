/*
 * What epoll costs on NT, in requests to the kernel.  Figures of the library,
 * so there is nothing to compare with on Linux.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "fd/names.h"
#include "poll/interest.h"

#define ROUNDS 200
#define IDLE 100

static int ep;
static struct poll_counters before, after;

static void
count_from_here(void)
{
	ck_assert_int_eq(poll_counters(ep, &before), 0);
}

#define DELTA(member) ((int)(after.member - before.member))

static void
count_to_here(void)
{
	ck_assert_int_eq(poll_counters(ep, &after), 0);
}

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

/* Ping-pong: at most one request per report, and no cancel. */
START_TEST(report_costs_one_request)
{
	int s[2], i;
	char c;

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN);
	ck_assert_idle(ep);
	count_from_here();
	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
	}
	count_to_here();
	ck_assert_int_eq(DELTA(events), ROUNDS);
	ck_assert_int_le(DELTA(polls), ROUNDS);
	ck_assert_int_le(DELTA(waits), ROUNDS);
	ck_assert_int_eq(DELTA(cancels), 0);
	ck_assert_int_eq(DELTA(posts), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* What is ready already is reported without taking a packet. */
START_TEST(ready_socket_sends_no_packet)
{
	int s[2], i;

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLOUT);
	count_from_here();
	for (i = 0; i < ROUNDS; i++)
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLOUT);
	count_to_here();
	ck_assert_int_eq(DELTA(polls), ROUNDS);
	ck_assert_int_eq(DELTA(packets), 0);
	ck_assert_int_eq(DELTA(waits), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* Idle sockets cost nothing per wait. */
START_TEST(idle_sockets_cost_nothing)
{
	static int idle[IDLE][2];
	int s[2], i;
	char c;

	for (i = 0; i < IDLE; i++) {
		tcp_pair(idle[i]);
		ep_add(ep, idle[i][0], EPOLLIN);
	}
	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN);
	ck_assert_idle(ep);
	count_from_here();
	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
	}
	count_to_here();
	ck_assert_int_le(DELTA(polls), ROUNDS);
	ck_assert_int_eq(DELTA(cancels), 0);
	count_from_here();
	for (i = 0; i < IDLE; i++) {
		ck_assert_int_eq(close(idle[i][0]), 0);
		ck_assert_int_eq(close(idle[i][1]), 0);
	}
	ck_assert_idle(ep);
	count_to_here();
	ck_assert_int_eq(DELTA(cancels), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* The usual back-pressure: write interest comes and goes after an event. */
START_TEST(changing_interest_in_a_turn_cancels_nothing)
{
	int s[2], i;
	char c;

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN);
	ck_assert_idle(ep);
	count_from_here();
	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
		ep_mod(ep, s[0], EPOLLIN | EPOLLOUT);
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLOUT);
		ep_mod(ep, s[0], EPOLLIN);
	}
	count_to_here();
	ck_assert_int_eq(DELTA(events), 2 * ROUNDS);
	ck_assert_int_le(DELTA(polls), 2 * ROUNDS);
	ck_assert_int_eq(DELTA(cancels), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* What is removed leaves no request behind, though its socket lives on. */
START_TEST(removed_sockets_are_not_asked_about_for_ever)
{
	static int s[IDLE][2];
	int i;

	for (i = 0; i < IDLE; i++) {
		tcp_pair(s[i]);
		ep_add(ep, s[i][0], EPOLLIN);
	}
	ck_assert_idle(ep);
	count_from_here();
	ck_assert_uint_eq(before.pending, IDLE);
	for (i = 0; i < IDLE; i++)
		ep_del(ep, s[i][0]);
	for (i = 0, after = before; i < 100 && after.pending > 0; i++) {
		ck_assert_int_eq(epoll_wait(ep, &(struct epoll_event){ 0 }, 1,
		    1), 0);
		count_to_here();
	}
	ck_assert_uint_eq(after.pending, 0);
	ck_assert_int_eq(DELTA(cancels), IDLE);
	for (i = 0; i < IDLE; i++) {
		ck_assert_int_eq(close(s[i][0]), 0);
		ck_assert_int_eq(close(s[i][1]), 0);
	}
}
END_TEST

/* An eventfd that nobody waits for makes no call into NT. */
START_TEST(eventfd_without_waiter_posts_nothing)
{
	int ev = eventfd(0, 0), i;
	uint64_t v;

	ep_add(ep, ev, EPOLLIN);
	count_from_here();
	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_eq(eventfd_write(ev, 1), 0);
		ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
		ck_assert_int_eq(eventfd_read(ev, &v), 0);
	}
	count_to_here();
	ck_assert_int_eq(DELTA(posts) + DELTA(waits) + DELTA(polls), 0);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_cost");
	TCase *tc = tcase_create("cost");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, report_costs_one_request);
	tcase_add_test(tc, ready_socket_sends_no_packet);
	tcase_add_test(tc, idle_sockets_cost_nothing);
	tcase_add_test(tc, changing_interest_in_a_turn_cancels_nothing);
	tcase_add_test(tc, removed_sockets_are_not_asked_about_for_ever);
	tcase_add_test(tc, eventfd_without_waiter_posts_nothing);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
