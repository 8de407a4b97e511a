/*
 * AF_UNIX datagrams: full and empty queues, who waits for them, and other
 * processes.
 */
#include <spawn.h>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../process/kid.h"
#include "support/main.h"
#include "uds.h"

#define SENDERS 4
#define EACH 500
#define SIZE UDS_FILL

static int
bound(const char *path)
{
	(void)unlink(path);
	return uds_bind_type(SOCK_DGRAM, path);
}

/* unix(7): reliable; a full queue is EAGAIN, and nothing of it is lost. */
START_TEST(a_full_queue_loses_nothing)
{
	int fds[2], i, n, more;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(uds_events(fds[0], POLLOUT), POLLOUT);
	n = uds_fill(fds[0]);
	ck_assert_int_ge(n, 2);
	ck_assert_int_eq(uds_events(fds[0], POLLOUT), 0);
	for (i = 0; i < n; i++)
		uds_expect_number(fds[1], i);
	uds_expect_nothing(fds[1]);
	ck_assert_int_eq(uds_events(fds[0], POLLOUT), POLLOUT);
	more = uds_fill(fds[0]);
	ck_assert_int_eq(more, n);
	for (i = 0; i < n; i++)
		uds_expect_number(fds[1], i);
	uds_close_pair(fds);
}
END_TEST

static void *
drain(void *arg)
{
	char buf[SIZE];
	intptr_t i;

	for (i = 0; recv(*(int *)arg, buf, sizeof(buf), 0) == SIZE; i++)
		;
	return (void *)i;
}

static void *
send_all(void *arg)
{
	int fd = uds_bind_type(SOCK_DGRAM, NULL), i;
	char buf[SIZE] = { 0 };
	intptr_t bad = 0;

	if (uds_try_connect_fd(fd, "full") != 0)
		bad++;
	buf[sizeof(int)] = *(char *)arg;
	for (i = 0; i < EACH; i++) {
		memcpy(buf, &i, sizeof(i));
		if (send(fd, buf, sizeof(buf), 0) != SIZE)
			bad++;
	}
	if (close(fd) != 0)
		bad++;
	return (void *)bad;
}

/* Each sender's messages come whole and in their order, whoever waits. */
START_TEST(many_senders_wait_for_one_receiver)
{
	int fd = bound("full"), next[SENDERS] = { 0 }, i, got;
	pthread_t t[SENDERS];
	char buf[SIZE], who[SENDERS];
	void *bad;

	for (i = 0; i < SENDERS; i++) {
		who[i] = (char)i;
		ck_assert_int_eq(pthread_create(&t[i], NULL, send_all,
		    &who[i]), 0);
	}
	for (i = 0; i < SENDERS * EACH; i++) {
		ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), SIZE);
		memcpy(&got, buf, sizeof(got));
		ck_assert_int_eq(got, next[(int)buf[sizeof(got)]]++);
	}
	for (i = 0; i < SENDERS; i++) {
		ck_assert_int_eq(pthread_join(t[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	uds_expect_nothing(fd);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* socket(7), SO_SNDTIMEO, SO_RCVTIMEO: EAGAIN when the time is over. */
START_TEST(waiting_ends_with_its_time)
{
	uds_test_times(SOCK_DGRAM);
}
END_TEST

static void *
send_blocked(void *arg)
{
	char buf[SIZE] = { 0 };

	if (send(*(int *)arg, buf, sizeof(buf), 0) == SIZE)
		return NULL;
	return (void *)(intptr_t)errno;
}

/* POSIX send(): it waits for room; ECONNREFUSED when nobody will make any. */
START_TEST(a_sender_waits_for_room_or_the_end)
{
	int fds[2], n, i;
	pthread_t t;
	void *err;

	uds_pair(SOCK_DGRAM, fds);
	n = uds_fill(fds[0]);
	ck_assert_int_eq(pthread_create(&t, NULL, send_blocked, &fds[0]), 0);
	for (i = 0; i < n; i++)
		uds_expect_number(fds[1], i);
	uds_expect_number(fds[1], 0);
	ck_assert_int_eq(pthread_join(t, &err), 0);
	ck_assert_ptr_null(err);
	(void)uds_fill(fds[0]);
	ck_assert_int_eq(pthread_create(&t, NULL, send_blocked, &fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(pthread_join(t, &err), 0);
	ck_assert_int_eq((intptr_t)err, ECONNREFUSED);
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

static void *
send_one(void *arg)
{
	(void)send(*(int *)arg, "x", 1, 0);
	return NULL;
}

static void
expect_wake(int fds[2], int ep, int timeout)
{
	struct epoll_event ev;
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, send_one, &fds[0]), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, timeout), 1);
	ck_assert_uint_eq(ev.events, EPOLLIN);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
}

/*
 * epoll(7): level, and an edge for each time that it is not empty any more.
 * Here the edge may be told twice (LIM-UNIX-22).
 */
START_TEST(who_polls_is_woken)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fds[2], ep = epoll_create1(0), i;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fds[1], &ev), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	expect_wake(fds, ep, 30000);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 1);
	uds_expect(fds[1], "x");
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ev.events = EPOLLIN | EPOLLET;
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_MOD, fds[1], &ev), 0);
	for (i = 0; i < 100; i++) {
		expect_wake(fds, ep, 30000);
		uds_expect(fds[1], "x");
	}
	ck_assert_int_eq(close(ep), 0);
	uds_close_pair(fds);
}
END_TEST

/* The other way: a poll for room ends when somebody has read. */
START_TEST(who_polls_for_room_is_woken)
{
	struct pollfd p = { .events = POLLOUT };
	int fds[2], n, i;
	pthread_t t;
	void *count;

	uds_pair(SOCK_DGRAM, fds);
	for (i = 0; i < 10; i++) {
		n = uds_fill(fds[0]);
		p.fd = fds[0];
		ck_assert_int_eq(pthread_create(&t, NULL, drain, &fds[1]), 0);
		ck_assert_int_eq(poll(&p, 1, 30000), 1);
		ck_assert_int_eq(p.revents, POLLOUT);
		/* A message of another size ends it. */
		ck_assert_int_eq(send(fds[0], "", 0, 0), 0);
		ck_assert_int_eq(pthread_join(t, &count), 0);
		ck_assert_int_eq((intptr_t)count, n);
	}
	uds_close_pair(fds);
}
END_TEST

/* A peer that closed says nothing: no event but that one may write. */
START_TEST(a_closed_peer_is_no_event)
{
	int fds[2];

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(uds_events(fds[0], POLLIN | POLLOUT), POLLOUT);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(uds_events(fds[0], POLLIN | POLLOUT), POLLOUT);
	ck_assert_int_eq(shutdown(fds[0], SHUT_RD), 0);
	ck_assert_int_eq(uds_events(fds[0], POLLIN | POLLRDHUP),
	    POLLIN | POLLRDHUP);
	ck_assert_int_eq(shutdown(fds[0], SHUT_WR), 0);
	ck_assert_int_eq(uds_events(fds[0], 0), POLLHUP);
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

/* shutdown(2): wakes who waits, with an end. */
START_TEST(shutdown_wakes_a_receiver)
{
	pthread_t t;
	void *n;
	int fds[2];

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(pthread_create(&t, NULL, receive, &fds[1]), 0);
	ck_assert_int_eq(shutdown(fds[1], SHUT_RD), 0);
	ck_assert_int_eq(pthread_join(t, &n), 0);
	ck_assert_ptr_null(n);
	uds_close_pair(fds);
}
END_TEST

/* signal(7): a blocked recv() is interrupted. */
START_TEST(a_handler_ends_a_recv)
{
	uds_test_handler(SOCK_DGRAM);
}
END_TEST

/* --- processes --- */

/* "mirror fd": send back what comes until it is empty. */
static int
role_mirror(char *argv[])
{
	return uds_mirror(atoi(argv[2]));
}

/* "greet from to": by name, and wait for an answer. */
static int
role_greet(char *argv[])
{
	int fd = uds_bind_type(SOCK_DGRAM, argv[2]);
	char c;

	if (uds_send_to(fd, argv[3], argv[2]) < 0)
		return 1;
	return recv(fd, &c, 1, 0) == 1 && c == 'y' ? 0 : 2;
}

/* What was sent before it was there waits for it too. */
START_TEST(a_child_inherits_an_end)
{
	char buf[SIZE] = "number";
	int fds[2], i, status;
	pid_t pid;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(fcntl(fds[0], F_SETFD, FD_CLOEXEC), 0);
	ck_assert_int_eq(dup2(fds[1], 60), 60);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(send(fds[0], "early", 5, 0), 5);
	pid = kid_start(NULL, "mirror", "60", NULL);
	ck_assert_int_eq(close(60), 0);
	ck_assert_int_eq(recv(fds[0], buf, sizeof(buf), 0), 5);
	ck_assert_mem_eq(buf, "early", 5);
	for (i = 0; i < 200; i++) {
		memcpy(buf, &i, sizeof(i));
		ck_assert_int_eq(send(fds[0], buf, sizeof(buf), 0), SIZE);
		uds_expect_number(fds[0], i);
	}
	ck_assert_int_eq(send(fds[0], "", 0, 0), 0);
	status = kid_end(pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	errno = 0;
	ck_assert_int_eq(send(fds[0], "x", 1, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

START_TEST(another_process_finds_it_by_name)
{
	int fd = bound("server"), status;
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	char buf[16];
	pid_t pid;

	(void)unlink("client");
	pid = kid_start(NULL, "greet", "client", "server", NULL);
	ck_assert_int_eq(recvfrom(fd, buf, sizeof(buf), 0,
	    (struct sockaddr *)&un, &len), 6);
	ck_assert_mem_eq(buf, "client", 6);
	ck_assert_str_eq(un.sun_path, "client");
	ck_assert_int_eq(sendto(fd, "y", 1, 0, (struct sockaddr *)&un, len),
	    1);
	status = kid_end(pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	errno = 0;
	ck_assert_int_eq(sendto(fd, "y", 1, 0, (struct sockaddr *)&un, len),
	    -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Killed in the middle: its name is stale, and who sent to it is told. */
START_TEST(a_killed_receiver_refuses)
{
	int fd = bound("server");
	char buf[8];
	pid_t pid;

	(void)unlink("client");
	pid = kid_start(NULL, "greet", "client", "server", NULL);
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), 6);
	ck_assert_int_eq(uds_try_connect_fd(fd, "client"), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	(void)kid_end(pid);
	errno = 0;
	ck_assert_int_eq(send(fd, "y", 1, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(uds_send_to(fd, "client", "y"), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const struct kid_role roles[] = { { "mirror", role_mirror },
	    { "greet", role_greet }, { NULL, NULL } };
	const TTest *const tests[] = {
		a_full_queue_loses_nothing,
		many_senders_wait_for_one_receiver,
		waiting_ends_with_its_time,
		a_sender_waits_for_room_or_the_end,
		who_polls_is_woken,
		who_polls_for_room_is_woken,
		a_closed_peer_is_no_event,
		shutdown_wakes_a_receiver,
		a_handler_ends_a_recv,
		a_child_inherits_an_end,
		another_process_finds_it_by_name,
		a_killed_receiver_refuses,
	};

	kid_main_with(argc, argv, roles);
	return run_cases("dgram_wait", tests,
	    sizeof(tests) / sizeof(*tests));
}
