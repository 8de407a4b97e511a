/* poll and ppoll. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "support/handle.h"

#define BAD_FD 9999
#define MANY 300

static struct pollfd
want(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events, .revents = -1 };

	return p;
}

/* poll(fd) for one descriptor; its revents. */
static short
poll_one(int fd, short events, int ms)
{
	struct pollfd p = want(fd, events);
	int n = poll(&p, 1, ms);

	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(n, p.revents != 0);
	return p.revents;
}

/* XSH poll(): "If the value of fd is less than 0, events shall be ignored". */
START_TEST(negative_descriptor_is_ignored)
{
	struct pollfd p[2];
	int ev = eventfd(1, 0);

	p[0] = want(-1, POLLIN);
	p[1] = want(ev, POLLIN);
	ck_assert_int_eq(poll(p, 2, LONG_MS), 1);
	ck_assert_int_eq(p[0].revents, 0);
	ck_assert_int_eq(p[1].revents, POLLIN);
	ck_assert_int_eq(poll(p, 1, 10), 0);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

/* POLLNVAL counts as ready. */
START_TEST(closed_descriptor_is_invalid)
{
	struct pollfd p[2];
	int ev = eventfd(0, 0);

	p[0] = want(BAD_FD, POLLIN);
	p[1] = want(ev, POLLIN | POLLOUT);
	ck_assert_int_eq(poll(p, 2, -1), 2);
	ck_assert_int_eq(p[0].revents, POLLNVAL);
	ck_assert_int_eq(p[1].revents, POLLOUT);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

/* "Regular files shall always poll TRUE for reading and writing." */
START_TEST(regular_file_is_always_ready)
{
	int fd = open("poll.tmp", O_RDWR | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(poll_one(fd, POLLIN | POLLOUT | POLLPRI, -1),
	    POLLIN | POLLOUT);
	ck_assert_int_eq(poll_one(fd, 0, 0), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("poll.tmp"), 0);
}
END_TEST

START_TEST(nothing_is_a_sleep)
{
	double start = now_ms(), took;

	ck_assert_int_eq(poll(NULL, 0, 30), 0);
	took = now_ms() - start;
	ck_assert(took >= 30 && took < 2030);
	ck_assert_int_eq(poll(NULL, 0, 0), 0);
}
END_TEST

START_TEST(timeout_is_kept)
{
	struct timespec ts = { .tv_nsec = 2500000 };
	struct pollfd p;
	double start, took;
	int ev = eventfd(0, 0);

	p = want(ev, POLLIN);
	start = now_ms();
	ck_assert_int_eq(poll(&p, 1, 20), 0);
	took = now_ms() - start;
	ck_assert(took >= 20 && took < 2020);
	ck_assert_int_eq(p.revents, 0);
	start = now_ms();
	ck_assert_int_eq(ppoll(&p, 1, &ts, NULL), 0);
	took = now_ms() - start;
	ck_assert(took >= 2.5 && took < 2002);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

START_TEST(socket_follows_its_data)
{
	int s[2], i;
	char c;

	tcp_pair(s);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(poll_one(s[0], POLLIN, 0), 0);
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_int_eq(poll_one(s[0], POLLIN | POLLOUT, LONG_MS) &
		    POLLOUT, POLLOUT);
		ck_assert_int_eq(poll_one(s[0], POLLIN, LONG_MS), POLLIN);
		ck_assert_int_eq(poll_one(s[0], POLLIN, LONG_MS), POLLIN);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
	}
	ck_assert_int_eq(shutdown(s[1], SHUT_WR), 0);
	ck_assert_int_eq(poll_one(s[0], POLLIN | POLLRDHUP, LONG_MS),
	    POLLIN | POLLRDHUP);
	ck_assert_int_eq(poll_one(s[0], POLLOUT, LONG_MS), POLLOUT);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/*
 * What came between two calls, and was read, is no event of the second: a
 * blocking read would hang.
 */
START_TEST(data_read_between_calls_is_no_event)
{
	int s[2], i;
	char c;

	tcp_pair(s);
	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(poll_one(s[0], POLLIN, 0), 0);
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
		ck_assert_int_eq(poll_one(s[0], POLLIN, 0), 0);
	}
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* One descriptor twice, with different events. */
START_TEST(descriptor_may_be_there_twice)
{
	struct pollfd p[3];
	int ev = eventfd(1, 0);

	p[0] = want(ev, POLLIN);
	p[1] = want(ev, POLLOUT);
	p[2] = want(ev, POLLPRI);
	ck_assert_int_eq(poll(p, 3, LONG_MS), 2);
	ck_assert_int_eq(p[0].revents, POLLIN);
	ck_assert_int_eq(p[1].revents, POLLOUT);
	ck_assert_int_eq(p[2].revents, 0);
	ck_assert_int_eq(close(ev), 0);
}
END_TEST

/* The set may be another each time, and descriptors may be new ones. */
START_TEST(sets_may_change)
{
	int ev[3], i;

	for (i = 0; i < 100; i++) {
		ck_assert_int_ge(ev[0] = eventfd(1, 0), 0);
		ck_assert_int_ge(ev[1] = eventfd(0, 0), 0);
		ck_assert_int_eq(poll_one(ev[0], POLLIN, LONG_MS), POLLIN);
		ck_assert_int_eq(poll_one(ev[1], POLLIN, 0), 0);
		ck_assert_int_eq(close(ev[0]), 0);
		ck_assert_int_ge(ev[2] = eventfd(0, 0), 0);
		ck_assert_int_eq(ev[2], ev[0]);
		ck_assert_int_eq(poll_one(ev[2], POLLIN, 0), 0);
		ck_assert_int_eq(eventfd_write(ev[1], 1), 0);
		ck_assert_int_eq(poll_one(ev[2], POLLIN, 0), 0);
		ck_assert_int_eq(close(ev[1]), 0);
		ck_assert_int_eq(close(ev[2]), 0);
	}
}
END_TEST

/* More than any limit of select() on NT, and more than one batch. */
START_TEST(many_descriptors_of_all_kinds)
{
	static struct pollfd p[MANY];
	static int s[MANY / 2][2];
	int i, ready = 0;

	for (i = 0; i < MANY / 2; i++) {
		p[2 * i] = want(eventfd(i % 2 == 0, 0), POLLIN);
		ready += i % 2 == 0;
		ck_assert_int_ge(p[2 * i].fd, 0);
		tcp_pair(s[i]);
		p[2 * i + 1] = want(s[i][0], POLLIN);
	}
	ck_assert_int_eq(poll(p, MANY, LONG_MS), ready);
	for (i = 0; i < MANY / 2; i++) {
		ck_assert_int_eq(p[2 * i].revents, i % 2 == 0 ? POLLIN : 0);
		ck_assert_int_eq(p[2 * i + 1].revents, 0);
		ck_assert_int_eq(send(s[i][1], "x", 1, 0), 1);
	}
	for (i = 0; i < MANY / 2; i++)
		ck_assert_int_eq(poll_one(s[i][0], POLLIN, LONG_MS), POLLIN);
	ck_assert_int_eq(poll(p, MANY, LONG_MS), ready + MANY / 2);
	for (i = 0; i < MANY / 2; i++) {
		ck_assert_int_eq(close(p[2 * i].fd), 0);
		ck_assert_int_eq(close(s[i][0]), 0);
		ck_assert_int_eq(close(s[i][1]), 0);
	}
}
END_TEST

/* An epoll descriptor, with a socket in it. */
START_TEST(epoll_descriptor_can_be_polled)
{
	int ep = epoll_create1(0), s[2], i;
	char c;

	tcp_pair(s);
	ep_add(ep, s[0], EPOLLIN);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(poll_one(ep, POLLIN, 0), 0);
		ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
		ck_assert_int_eq(poll_one(ep, POLLIN, LONG_MS), POLLIN);
		ck_assert_uint_eq(ep_wait_for(ep, s[0], LONG_MS), EPOLLIN);
		ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
	}
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

static void *
write_later(void *arg)
{
	int *fd = arg;
	struct pollfd p = want(fd[0], POLLIN);

	/* The main thread has written: it is about to wait. */
	if (poll(&p, 1, -1) == 1)
		(void)eventfd_write(fd[1], 1);
	return NULL;
}

/* Two threads, each in a poll of its own on the same descriptors. */
START_TEST(another_thread_ends_the_wait)
{
	int fd[2] = { eventfd(0, 0), eventfd(0, 0) }, i;
	uint64_t v;
	pthread_t t;

	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(pthread_create(&t, NULL, write_later, fd),
		    0);
		ck_assert_int_eq(eventfd_write(fd[0], 1), 0);
		ck_assert_int_eq(poll_one(fd[1], POLLIN, LONG_MS), POLLIN);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
		ck_assert_int_eq(eventfd_read(fd[0], &v), 0);
		ck_assert_int_eq(eventfd_read(fd[1], &v), 0);
	}
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(close(fd[1]), 0);
}
END_TEST

static volatile sig_atomic_t handled;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

/* ppoll(): the mask is that of the wait; POSIX.1-2024, EINTR. */
START_TEST(ppoll_is_ended_by_a_signal_it_unblocks)
{
	struct timespec none = { 0 };
	sigset_t block, old;

	handle_signal(SIGTERM, on_signal, SA_RESTART);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &block, &old), 0);
	ck_assert_int_eq(raise(SIGTERM), 0);
	ck_assert_int_eq(ppoll(NULL, 0, &none, NULL), 0);
	ck_assert_int_eq(handled, 0);
	ck_assert_fails(ppoll(NULL, 0, NULL, &old), EINTR);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

START_TEST(bad_times_are_refused)
{
	struct timespec ts = { .tv_nsec = 1000000000 };

	ck_assert_fails(ppoll(NULL, 0, &ts, NULL), EINVAL);
	ts.tv_nsec = -1;
	ck_assert_fails(ppoll(NULL, 0, &ts, NULL), EINVAL);
	ts.tv_nsec = 0;
	ts.tv_sec = -1;
	ck_assert_fails(ppoll(NULL, 0, &ts, NULL), EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("poll");
	TCase *tc = tcase_create("poll");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, negative_descriptor_is_ignored);
	tcase_add_test(tc, closed_descriptor_is_invalid);
	tcase_add_test(tc, regular_file_is_always_ready);
	tcase_add_test(tc, nothing_is_a_sleep);
	tcase_add_test(tc, timeout_is_kept);
	tcase_add_test(tc, socket_follows_its_data);
	tcase_add_test(tc, data_read_between_calls_is_no_event);
	tcase_add_test(tc, descriptor_may_be_there_twice);
	tcase_add_test(tc, sets_may_change);
	tcase_add_test(tc, many_descriptors_of_all_kinds);
	tcase_add_test(tc, epoll_descriptor_can_be_polled);
	tcase_add_test(tc, another_thread_ends_the_wait);
	tcase_add_test(tc, ppoll_is_ended_by_a_signal_it_unblocks);
	tcase_add_test(tc, bad_times_are_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
