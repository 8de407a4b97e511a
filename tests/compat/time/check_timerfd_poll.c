/* timerfd: readiness, duplicates, close, threads. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/tfd.h"
#include "compat/time/timing.h"

START_TEST(epoll_reports_until_it_is_read)
{
	int fd = timer(TFD_NONBLOCK), ep = epoll_create1(0);
	int64_t start;

	ep_add(ep, fd, EPOLLIN | EPOLLOUT);
	ck_assert_idle(ep);
	start = mono_ns();
	set(fd, 20 * MS, 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	ck_assert(mono_ns() - start >= 20 * MS);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	ck_assert(take(fd) == 1);
	ck_assert_idle(ep);
	set(fd, 1, 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	set(fd, 0, 0);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A periodic timer that nobody reads expires once, as on Linux. */
START_TEST(an_edge_is_an_expiration)
{
	int fd = timer(TFD_NONBLOCK), ep = epoll_create1(0);

	ep_add(ep, fd, EPOLLIN | EPOLLET);
	set(fd, MS, MS);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd, 30), 0);
	ck_assert_uint_ge(take(fd), 30);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	set(fd, 1, 0);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, fd, 20), 0);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(two_epolls_see_one_expiration)
{
	int fd = timer(TFD_NONBLOCK);
	int a = epoll_create1(0), b = epoll_create1(0);

	ep_add(a, fd, EPOLLIN | EPOLLET);
	ep_add(b, fd, EPOLLIN | EPOLLET);
	set_to(fd, TFD_TIMER_ABSTIME, 1, 0, NULL);
	ck_assert_uint_eq(ep_wait_for(a, fd, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(b, fd, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(duplicates_share_the_timer)
{
	int fd = timer(TFD_NONBLOCK), copy = dup(fd), ep = epoll_create1(0);

	ck_assert_int_ge(copy, 0);
	ep_add(ep, copy, EPOLLIN);
	set(fd, 10 * MS, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_uint_eq(ep_wait_for(ep, copy, LONG_MS), EPOLLIN);
	ck_assert(take(copy) == 1);
	ck_assert_int_eq(close(copy), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

START_TEST(closing_ends_what_runs_and_is_watched)
{
	int fd, ep = epoll_create1(0), i;
	struct epoll_event ev;

	for (i = 0; i < 200; i++) {
		fd = timer(TFD_NONBLOCK);
		ep_add(ep, fd, EPOLLIN);
		set(fd, 1 + i % 4 * MS / 4, MS);
		if (i % 2)
			ck_assert_int_ge(epoll_wait(ep, &ev, 1, 0), 0);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_idle(ep);
	}
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

#define MANY 200

/* Each of them once, and none before its time. */
START_TEST(one_epoll_waits_for_200_timers)
{
	int fd[MANY], seen[MANY] = { 0 }, ep = epoll_create1(0), i, n, left;
	int64_t due[MANY], now;
	struct epoll_event ev[16];

	for (i = 0; i < MANY; i++) {
		fd[i] = timer(TFD_NONBLOCK);
		memset(&ev[0], 0, sizeof(ev[0]));
		ev[0].events = EPOLLIN;
		ev[0].data.u32 = (uint32_t)i;
		ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd[i], &ev[0]),
		    0);
		due[i] = mono_ns() + (MANY - i) * MS / 2;
		set_to(fd[i], TFD_TIMER_ABSTIME, due[i], 0, NULL);
	}
	for (left = MANY; left > 0; left -= n) {
		n = epoll_wait(ep, ev, 16, LONG_MS);
		ck_assert_int_gt(n, 0);
		now = mono_ns();
		for (i = 0; i < n; i++) {
			ck_assert(now >= due[ev[i].data.u32]);
			ck_assert_int_eq(seen[ev[i].data.u32]++, 0);
			ck_assert(take(fd[ev[i].data.u32]) == 1);
		}
	}
	ck_assert_idle(ep);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(close(fd[i]), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

#define READERS 4

struct readers {
	int fd;
	atomic_int stop;
	atomic_uint_fast64_t total;
};

static void *
add_up(void *arg)
{
	struct readers *r = arg;
	uint64_t n;

	while (!r->stop) {
		if (read(r->fd, &n, sizeof(n)) != sizeof(n))
			abort();
		r->total += n;
	}
	return NULL;
}

/* What several readers take adds up to what fits in the time. */
START_TEST(readers_take_each_expiration_once)
{
	struct timespec ms100 = { 0, 100 * MS };
	struct readers r = { .fd = timer(0) };
	pthread_t t[READERS];
	int64_t before, took;
	int i;

	for (i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, add_up, &r), 0);
	before = mono_ns();
	set(r.fd, 2 * MS, 2 * MS);
	ck_assert_int_eq(nanosleep(&ms100, NULL), 0);
	r.stop = 1;
	for (i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	took = mono_ns() - before;
	ck_assert_uint_ge(r.total, 50);
	ck_assert_uint_le(r.total, (uint64_t)(took / (2 * MS)));
	ck_assert_int_eq(close(r.fd), 0);
}
END_TEST

static void *
set_to_now(void *arg)
{
	set(*(int *)arg, 1, 0);
	return NULL;
}

/* Whether the reader or the other thread comes first. */
START_TEST(setting_wakes_a_blocked_reader)
{
	int fd = timer(0), i;
	pthread_t t;

	for (i = 0; i < 200; i++) {
		set(fd, 100 * SEC, 0);
		ck_assert_int_eq(pthread_create(&t, NULL, set_to_now, &fd),
		    0);
		ck_assert(take(fd) == 1);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void *
set_and_stop(void *arg)
{
	struct readers *r = arg;
	int64_t i;

	for (i = 0; !r->stop; i++)
		set(r->fd, i % 5 * MS / 10, i % 3 * MS / 10);
	return NULL;
}

/* Two threads set one timer while a third one waits for it and reads. */
START_TEST(threads_may_set_one_timer)
{
	struct readers r = { .fd = timer(TFD_NONBLOCK) };
	int ep = epoll_create1(0), i;
	int64_t end = mono_ns() + 200 * MS;
	struct epoll_event ev;
	pthread_t t[2];
	uint64_t n;

	ep_add(ep, r.fd, EPOLLIN | EPOLLET);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, set_and_stop,
		    &r), 0);
	while (mono_ns() < end)
		if (epoll_wait(ep, &ev, 1, 1) == 1)
			(void)!read(r.fd, &n, sizeof(n));
	r.stop = 1;
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	set(r.fd, 1, 0);
	ck_assert_uint_eq(ep_wait_for(ep, r.fd, LONG_MS), EPOLLIN);
	ck_assert(take(r.fd) == 1);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(r.fd), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timerfd_poll");
	TCase *tc = tcase_create("timerfd_poll");

	tcase_add_test(tc, epoll_reports_until_it_is_read);
	tcase_add_test(tc, an_edge_is_an_expiration);
	tcase_add_test(tc, two_epolls_see_one_expiration);
	tcase_add_test(tc, duplicates_share_the_timer);
	tcase_add_test(tc, closing_ends_what_runs_and_is_watched);
	tcase_add_test(tc, one_epoll_waits_for_200_timers);
	tcase_add_test(tc, readers_take_each_expiration_once);
	tcase_add_test(tc, setting_wakes_a_blocked_reader);
	tcase_add_test(tc, threads_may_set_one_timer);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
