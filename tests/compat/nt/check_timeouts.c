/* The ends of waits: by a timer at the port, or by NT's own timeouts. */
#include <compat.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "compat/nt/packets.h"
#include "support/main.h"

/* NT's own timeouts come so much later than they should. */
#define LATE_MS 8000
/* And nobody waits so long who is woken in time. */
#define SOON_MS 4000

static double
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* compat_features(): what the system has. */
START_TEST(features_tell_of_fine_timeouts)
{
	packets_none();
	ck_assert_uint_eq(compat_features() & COMPAT_FINE_TIMEOUTS, 0);
	packets_begin(0);
	ck_assert_uint_ne(compat_features() & COMPAT_FINE_TIMEOUTS, 0);
	packets_end();
}
END_TEST

/* Whatever NT's clock does, the timer ends the wait; never early. */
START_TEST(a_timer_ends_the_wait)
{
	static const int us[] = { 100, 1000, 2500, 20000 };
	struct timespec ts = { .tv_sec = 0 };
	int ep = epoll_create1(0), i, j;
	struct timeval tv;
	struct epoll_event ev;
	unsigned int before;
	double start;

	packets_begin(LATE_MS);
	before = packets_posted();
	for (i = 0; i < 12; i++) {
		j = i / 3;
		ts.tv_nsec = us[j] * 1000L;
		tv.tv_sec = 0;
		tv.tv_usec = us[j];
		start = now_ms();
		if (i % 3 == 0)
			ck_assert_int_eq(epoll_pwait2(ep, &ev, 1, &ts, NULL),
			    0);
		else if (i % 3 == 1)
			ck_assert_int_eq(ppoll(NULL, 0, &ts, NULL), 0);
		else
			ck_assert_int_eq(select(0, NULL, NULL, NULL, &tv), 0);
		ck_assert_double_ge(now_ms() - start, us[j] / 1e3);
		ck_assert_double_lt(now_ms() - start, SOON_MS);
	}
	ck_assert_uint_gt(packets_posted(), before);
	packets_end();
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* A wait that something else ends takes its packet back. */
START_TEST(a_wait_that_ends_before_leaves_no_packet)
{
	int ep = epoll_create1(0), e = eventfd(1, 0), i;
	struct epoll_event ev = { .events = EPOLLIN };
	unsigned int before;

	packets_begin(LATE_MS);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, e, &ev), 0);
	before = packets_posted();
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(epoll_wait(ep, &ev, 1, 30), 1);
	ck_assert_uint_eq(packets_posted(), before);
	packets_end();
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

struct waiter {
	pthread_t thread;
	int ep, ms, n;
	double took;
};

static void *
wait_main(void *arg)
{
	struct waiter *w = arg;
	struct epoll_event ev;
	double start = now_ms();

	w->n = epoll_wait(w->ep, &ev, 1, w->ms);
	w->took = now_ms() - start;
	return NULL;
}

/* Whoever takes the packet of another thread's timer passes it on. */
START_TEST(every_thread_has_its_own_end)
{
	enum { N = 6 };
	struct waiter w[N];
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0), e = eventfd(0, 0), i, round;

	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, e, &ev), 0);
	packets_begin(LATE_MS);
	for (round = 0; round < 10; round++) {
		for (i = 0; i < N; i++) {
			w[i].ep = ep;
			w[i].ms = i % 2 == 0 ? -1 : 5 + i * 4;
			ck_assert_int_eq(pthread_create(&w[i].thread, NULL,
			    wait_main, &w[i]), 0);
		}
		for (i = 1; i < N; i += 2) {
			ck_assert_int_eq(pthread_join(w[i].thread, NULL), 0);
			ck_assert_int_eq(w[i].n, 0);
			ck_assert_double_ge(w[i].took, w[i].ms);
			ck_assert_double_lt(w[i].took, SOON_MS);
		}
		ck_assert_int_eq(eventfd_write(e, 1), 0);
		for (i = 0; i < N; i += 2) {
			ck_assert_int_eq(pthread_join(w[i].thread, NULL), 0);
			ck_assert_int_eq(w[i].n, 1);
		}
		ck_assert_int_eq(eventfd_read(e, &(eventfd_t){ 0 }), 0);
	}
	packets_end();
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

/* Without the packets, or when NT refuses one, its own timeouts end the wait. */
START_TEST(without_packets_nt_ends_the_wait)
{
	int ep = epoll_create1(0), i;
	struct epoll_event ev;
	unsigned int before;
	double start;

	for (i = 0; i < 2; i++) {
		if (i == 0) {
			packets_none();
		} else {
			packets_begin(0);
			packets_refuse(1);
		}
		before = packets_posted();
		start = now_ms();
		ck_assert_int_eq(epoll_wait(ep, &ev, 1, 20), 0);
		ck_assert_double_ge(now_ms() - start, 20);
		ck_assert_uint_eq(packets_posted(), before);
		packets_end();
	}
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		features_tell_of_fine_timeouts, a_timer_ends_the_wait,
		a_wait_that_ends_before_leaves_no_packet,
		every_thread_has_its_own_end,
		without_packets_nt_ends_the_wait,
	};

	return run_cases("timeouts", tests, sizeof(tests) / sizeof(tests[0]));
}
