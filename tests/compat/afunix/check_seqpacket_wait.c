/* AF_UNIX sequenced packets: who waits for messages, for room or for the end. */
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define PATIENCE 30000

#define ALL (POLLIN | POLLOUT | POLLRDHUP)

static void
pair(int fds[2])
{
	uds_pair(SOCK_SEQPACKET, fds);
}

/* A full queue is EAGAIN, nothing of it is lost, and then there is room. */
START_TEST(a_full_queue_loses_nothing)
{
	int fds[2], i, n, more;

	pair(fds);
	ck_assert_int_eq(uds_events(fds[0], ALL), POLLOUT);
	n = uds_fill(fds[0]);
	ck_assert_int_ge(n, 2);
	ck_assert_int_eq(uds_events(fds[0], ALL), 0);
	for (i = 0; i < n; i++)
		uds_expect_number(fds[1], i);
	uds_expect_nothing(fds[1]);
	ck_assert_int_eq(uds_events(fds[0], ALL), POLLOUT);
	more = uds_fill(fds[0]);
	ck_assert_int_eq(more, n);
	uds_close_pair(fds);
}
END_TEST

/* socket(7), SO_SNDTIMEO, SO_RCVTIMEO: EAGAIN when the time is over. */
START_TEST(waiting_ends_with_its_time)
{
	uds_test_times(SOCK_SEQPACKET);
}
END_TEST

static void *
send_blocked(void *arg)
{
	char buf[UDS_FILL] = { 0 };

	if (send(*(int *)arg, buf, sizeof(buf), 0) == UDS_FILL)
		return NULL;
	return (void *)(intptr_t)errno;
}

/* Which errno ended a send() that waited; end ends it. */
static int
send_until(int fds[2], void (*end)(int fds[2]))
{
	pthread_t t;
	void *err;

	ck_assert_int_eq(pthread_create(&t, NULL, send_blocked, &fds[0]), 0);
	end(fds);
	ck_assert_int_eq(pthread_join(t, &err), 0);
	return (int)(intptr_t)err;
}

/* How many there are before the one that does not fit. */
static int filled;

static void
take_all(int fds[2])
{
	int i;

	for (i = 0; i < filled; i++)
		uds_expect_number(fds[1], i);
	uds_expect_number(fds[1], 0);
}

static void
close_reader(int fds[2])
{
	ck_assert_int_eq(close(fds[1]), 0);
}

static void
shut_reader(int fds[2])
{
	ck_assert_int_eq(shutdown(fds[1], SHUT_RD), 0);
}

static void
shut_writer(int fds[2])
{
	ck_assert_int_eq(shutdown(fds[0], SHUT_WR), 0);
}

/* POSIX send(): it waits for room; EPIPE when nobody will make any. */
START_TEST(a_sender_waits_for_room_or_the_end)
{
	int fds[2], err;

	pair(fds);
	filled = uds_fill(fds[0]);
	ck_assert_int_eq(send_until(fds, take_all), 0);
	(void)uds_fill(fds[0]);
	ck_assert_int_eq(send_until(fds, shut_reader), EPIPE);
	uds_close_pair(fds);
	pair(fds);
	(void)uds_fill(fds[0]);
	ck_assert_int_eq(send_until(fds, shut_writer), EPIPE);
	uds_close_pair(fds);
	pair(fds);
	(void)uds_fill(fds[0]);
	/* Not all was read: either may be told first. */
	err = send_until(fds, close_reader);
	ck_assert(err == ECONNRESET || err == EPIPE);
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

static void *
receive(void *arg)
{
	char c;
	ssize_t n = recv(*(int *)arg, &c, 1, 0);

	return (void *)(intptr_t)n;
}

static void
expect_woken(int fds[2], void (*end)(int fds[2]))
{
	pthread_t t;
	void *n;

	ck_assert_int_eq(pthread_create(&t, NULL, receive, &fds[1]), 0);
	end(fds);
	ck_assert_int_eq(pthread_join(t, &n), 0);
	ck_assert_ptr_null(n);
}

static void
close_writer(int fds[2])
{
	ck_assert_int_eq(close(fds[0]), 0);
}

/* shutdown(2), close(2): who waits is woken, with an end. */
START_TEST(the_end_wakes_a_receiver)
{
	int fds[2];

	pair(fds);
	expect_woken(fds, shut_writer);
	uds_close_pair(fds);
	pair(fds);
	expect_woken(fds, shut_reader);
	uds_close_pair(fds);
	pair(fds);
	expect_woken(fds, close_writer);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

static void *
send_one(void *arg)
{
	(void)send(*(int *)arg, "x", 1, 0);
	return NULL;
}

static void *
close_one(void *arg)
{
	(void)close(*(int *)arg);
	return NULL;
}

static uint32_t
wake(int ep, void *(*what)(void *), int *fd)
{
	struct epoll_event ev = { .events = 0 };
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, what, fd), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, PATIENCE), 1);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	return ev.events;
}

/* epoll(7): an edge for each time that it is not empty any more (LIM-UNIX-22:
 * it may be told twice); the end. */
START_TEST(who_polls_is_woken)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP };
	int fds[2], ep = epoll_create1(0), i;

	pair(fds);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fds[1], &ev), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_uint_eq(wake(ep, send_one, &fds[0]), EPOLLIN);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 1);
	uds_expect(fds[1], "x");
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ev.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_MOD, fds[1], &ev), 0);
	for (i = 0; i < 100; i++) {
		ck_assert_uint_eq(wake(ep, send_one, &fds[0]), EPOLLIN);
		uds_expect(fds[1], "x");
	}
	ck_assert_uint_eq(wake(ep, close_one, &fds[0]) & EPOLLRDHUP,
	    EPOLLRDHUP);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

static void *
take_some(void *arg)
{
	char buf[UDS_FILL];

	while (recv(*(int *)arg, buf, sizeof(buf), 0) > 0)
		;
	return NULL;
}

/* The other way: a poll for room ends when somebody has read. */
START_TEST(who_polls_for_room_is_woken)
{
	struct pollfd p = { .events = POLLOUT };
	pthread_t t;
	int fds[2], i;

	pair(fds);
	for (i = 0; i < 10; i++) {
		(void)uds_fill(fds[0]);
		p.fd = fds[0];
		ck_assert_int_eq(pthread_create(&t, NULL, take_some, &fds[1]),
		    0);
		ck_assert_int_eq(poll(&p, 1, PATIENCE), 1);
		ck_assert_int_eq(p.revents, POLLOUT);
		/* An empty message ends it. */
		ck_assert_int_eq(send(fds[0], "", 0, 0), 0);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
	}
	uds_close_pair(fds);
}
END_TEST

/* signal(7): a blocked recv() is interrupted. */
START_TEST(a_handler_ends_a_recv)
{
	uds_test_handler(SOCK_SEQPACKET);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_full_queue_loses_nothing,
		waiting_ends_with_its_time,
		a_sender_waits_for_room_or_the_end,
		the_end_wakes_a_receiver,
		who_polls_is_woken,
		who_polls_for_room_is_woken,
		a_handler_ends_a_recv,
	};

	return run_cases("seqpacket_wait", tests,
	    sizeof(tests) / sizeof(*tests));
}
