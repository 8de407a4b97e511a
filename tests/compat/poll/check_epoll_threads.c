/* epoll from several threads at once. */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/poll/util.h"

#define ROUNDS 300
#define WAITERS 4

/*
 * A thread that waits: each time ready has been counted up it reports what it
 * found in found, or why it failed.
 */
struct waiter {
	int ep;
	int found;
	pthread_t thread;
};

static void *
wait_once(void *arg)
{
	struct waiter *w = arg;
	struct epoll_event e;
	int n = epoll_wait(w->ep, &e, 1, LONG_MS);

	w->found = n == 1 ? e.data.fd : -1;
	return NULL;
}

static void
start(struct waiter *w, int ep)
{
	w->ep = ep;
	ck_assert_int_eq(pthread_create(&w->thread, NULL, wait_once, w), 0);
}

/* In every other round it has the time to fall asleep before it goes on. */
static void
start_round(struct waiter *w, int ep, int i)
{
	start(w, ep);
	if (i / 2 % 2)
		(void)poll(NULL, 0, 10);
}

static int
finish(struct waiter *w)
{
	ck_assert_int_eq(pthread_join(w->thread, NULL), 0);
	return w->found;
}

struct echo {
	int there, back;
};

/* Answers through epoll what comes through epoll. */
static void *
echo_main(void *arg)
{
	struct echo *e = arg;
	int ep = epoll_create1(0), i;
	uint64_t v;

	ep_add(ep, e->there, EPOLLIN);
	for (i = 0; i < ROUNDS; i++) {
		if (ep_wait_for(ep, e->there, LONG_MS) != EPOLLIN ||
		    eventfd_read(e->there, &v) != 0 ||
		    eventfd_write(e->back, v) != 0)
			break;
	}
	(void)close(ep);
	return NULL;
}

/* A wake-up is never lost: each side sleeps until the other has written. */
START_TEST(waiter_is_woken_by_another_thread)
{
	struct echo e = { eventfd(0, 0), eventfd(0, 0) };
	int ep = epoll_create1(0), i;
	pthread_t t;
	uint64_t v;

	ep_add(ep, e.back, EPOLLIN);
	ck_assert_int_eq(pthread_create(&t, NULL, echo_main, &e), 0);
	for (i = 1; i <= ROUNDS; i++) {
		ck_assert_int_eq(eventfd_write(e.there, (uint64_t)i), 0);
		ck_assert_uint_eq(ep_wait_for(ep, e.back, LONG_MS), EPOLLIN);
		ck_assert_int_eq(eventfd_read(e.back, &v), 0);
		ck_assert(v == (uint64_t)i);
	}
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(close(e.there), 0);
	ck_assert_int_eq(close(e.back), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* epoll_wait(2): "will immediately unblock" for what is added meanwhile. */
START_TEST(added_while_waiting_is_reported)
{
	int ep, ev, s[2], i;
	struct waiter w;

	for (i = 0; i < 50; i++) {
		ck_assert_int_ge(ep = epoll_create1(0), 0);
		ck_assert_int_ge(ev = eventfd(1, 0), 0);
		tcp_pair(s);
		start_round(&w, ep, i);
		if (i % 2 == 0) {
			ep_add(ep, ev, EPOLLIN);
			ck_assert_int_eq(finish(&w), ev);
		} else {
			ep_add(ep, s[0], EPOLLIN);
			ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
			ck_assert_int_eq(finish(&w), s[0]);
		}
		ck_assert_int_eq(close(s[0]), 0);
		ck_assert_int_eq(close(s[1]), 0);
		ck_assert_int_eq(close(ev), 0);
		ck_assert_int_eq(close(ep), 0);
	}
}
END_TEST

/* The same for interest that grows. */
START_TEST(changed_while_waiting_is_reported)
{
	int ep, s[2], i;
	struct waiter w;

	for (i = 0; i < 50; i++) {
		ck_assert_int_ge(ep = epoll_create1(0), 0);
		tcp_pair(s);
		ep_add(ep, s[0], EPOLLIN);
		start_round(&w, ep, i);
		ep_mod(ep, s[0], EPOLLIN | EPOLLOUT);
		ck_assert_int_eq(finish(&w), s[0]);
		ck_assert_int_eq(close(s[0]), 0);
		ck_assert_int_eq(close(s[1]), 0);
		ck_assert_int_eq(close(ep), 0);
	}
}
END_TEST

/* What is removed, or closed, while somebody waits does no harm. */
START_TEST(removed_while_waiting_is_not_reported)
{
	int ep, ev, s[2], i;
	struct waiter w;

	for (i = 0; i < 50; i++) {
		ck_assert_int_ge(ep = epoll_create1(0), 0);
		ck_assert_int_ge(ev = eventfd(0, 0), 0);
		tcp_pair(s);
		ep_add(ep, s[0], EPOLLIN);
		ep_add(ep, s[1], EPOLLIN);
		ep_add(ep, ev, EPOLLIN);
		start(&w, ep);
		ep_del(ep, s[0]);
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_int_eq(close(s[1]), 0);
		ck_assert_int_eq(eventfd_write(ev, 1), 0);
		ck_assert_int_eq(finish(&w), ev);
		ck_assert_int_eq(close(s[0]), 0);
		ck_assert_int_eq(close(ev), 0);
		ck_assert_int_eq(close(ep), 0);
	}
}
END_TEST

/* Closing the epoll descriptor leaves a wait alone, as on Linux. */
START_TEST(closed_instance_lives_until_the_wait_ends)
{
	int ep, ev, i;
	struct waiter w;

	for (i = 0; i < 50; i++) {
		ck_assert_int_ge(ep = epoll_create1(0), 0);
		ck_assert_int_ge(ev = eventfd(0, 0), 0);
		ep_add(ep, ev, EPOLLIN);
		w.ep = ep;
		w.found = -2;
		ck_assert_int_eq(pthread_create(&w.thread, NULL, wait_once,
		    &w), 0);
		/* Either the wait has begun, or it fails with EBADF. */
		ck_assert_int_eq(close(ep), 0);
		ck_assert_int_eq(eventfd_write(ev, 1), 0);
		(void)finish(&w);
		ck_assert(w.found == ev || w.found == -1);
		ck_assert_int_eq(close(ev), 0);
	}
}
END_TEST

/* One level-triggered event is enough for all who wait. */
START_TEST(level_wakes_all_waiters)
{
	struct waiter w[WAITERS];
	int ep = epoll_create1(0), ev = eventfd(0, 0), s[2], i;

	tcp_pair(s);
	ep_add(ep, ev, EPOLLIN);
	for (i = 0; i < WAITERS; i++)
		start(&w[i], ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(finish(&w[i]), ev);
	ck_assert_int_eq(close(ev), 0);

	ep_add(ep, s[0], EPOLLIN);
	for (i = 0; i < WAITERS; i++)
		start(&w[i], ep);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(finish(&w[i]), s[0]);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* EPOLLONESHOT hands each event to one thread. */
struct worker {
	int ep, stop;
	int taken;
	pthread_t thread;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct epoll_event e;
	uint64_t v;

	for (;;) {
		if (epoll_wait(w->ep, &e, 1, LONG_MS) != 1 ||
		    e.data.fd == w->stop)
			return NULL;
		if (eventfd_read(e.data.fd, &v) != 0)
			return NULL;
		w->taken += (int)v;
		ep_mod(w->ep, e.data.fd, EPOLLIN | EPOLLONESHOT);
	}
}

START_TEST(oneshot_work_is_shared)
{
	struct worker w[WAITERS];
	int ep = epoll_create1(0), stop = eventfd(0, 0), ev[8], i;
	int taken = 0;

	for (i = 0; i < 8; i++) {
		ck_assert_int_ge(ev[i] = eventfd(0, EFD_SEMAPHORE |
		    EFD_NONBLOCK), 0);
		ep_add(ep, ev[i], EPOLLIN | EPOLLONESHOT);
	}
	for (i = 0; i < WAITERS; i++) {
		w[i].ep = ep;
		w[i].stop = stop;
		w[i].taken = 0;
		ck_assert_int_eq(pthread_create(&w[i].thread, NULL, work,
		    &w[i]), 0);
	}
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(eventfd_write(ev[i % 8], 1), 0);
	/* Wait until all is taken: the counters are back at 0. */
	for (i = 0; i < 8; i++) {
		int probe = epoll_create1(0);

		ep_add(probe, ev[i], EPOLLIN);
		while (ep_wait_for(probe, ev[i], 0) != 0)
			continue;
		ck_assert_int_eq(close(probe), 0);
	}
	ep_add(ep, stop, EPOLLIN);
	ck_assert_int_eq(eventfd_write(stop, 1), 0);
	for (i = 0; i < WAITERS; i++) {
		ck_assert_int_eq(pthread_join(w[i].thread, NULL), 0);
		taken += w[i].taken;
	}
	ck_assert_int_eq(taken, 1000);
	for (i = 0; i < 8; i++)
		ck_assert_int_eq(close(ev[i]), 0);
	ck_assert_int_eq(close(stop), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* A thread that adds, changes, removes and closes sockets all the time. */
static void *
churn(void *arg)
{
	int ep = *(int *)arg, s[2], i;

	for (i = 0; i < 200; i++) {
		tcp_pair(s);
		ep_add(ep, s[0], EPOLLIN | EPOLLONESHOT);
		ep_mod(ep, s[0], EPOLLIN | EPOLLONESHOT | EPOLLRDHUP);
		if (i % 3 == 0)
			ep_del(ep, s[0]);
		(void)send(s[1], "x", 1, 0);
		(void)close(s[i % 2]);
		(void)close(s[1 - i % 2]);
	}
	return NULL;
}

START_TEST(churn_harms_nobody)
{
	int ep = epoll_create1(0), ev = eventfd(0, 0), i;
	struct epoll_event e[4];
	pthread_t t[2];
	uint64_t v;

	ep_add(ep, ev, EPOLLIN);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, churn, &ep), 0);
	for (i = 0; i < 500; i++)
		ck_assert_int_ge(epoll_wait(ep, e, 4, 1), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	while (epoll_wait(ep, e, 4, 0) > 0)
		continue;
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(eventfd_write(ev, 1), 0);
		ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
		ck_assert_int_eq(eventfd_read(ev, &v), 0);
		ck_assert_idle(ep);
	}
	ck_assert_int_eq(close(ev), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_threads");
	TCase *tc = tcase_create("threads");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, waiter_is_woken_by_another_thread);
	tcase_add_test(tc, added_while_waiting_is_reported);
	tcase_add_test(tc, changed_while_waiting_is_reported);
	tcase_add_test(tc, removed_while_waiting_is_not_reported);
	tcase_add_test(tc, closed_instance_lives_until_the_wait_ends);
	tcase_add_test(tc, level_wakes_all_waiters);
	tcase_add_test(tc, oneshot_work_is_shared);
	tcase_add_test(tc, churn_harms_nobody);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
