/*
 * How the two ends of an AF_UNIX stream learn of each other's end: unix(7),
 * poll(2), shutdown(2), and Linux where these say nothing.
 */
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/road.h"
#include "pass.h"
#include "support/fails.h"
#include "support/main.h"
#include "support/proc.h"
#include "uds.h"

#define ENDED (POLLIN | POLLOUT | POLLRDHUP | POLLHUP)

static char *self;
static volatile sig_atomic_t pipes;

static void
count(int sig)
{
	(void)sig;
	pipes++;
}

static short
look(int fd, int events, int ms)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	ck_assert_int_ge(poll(&p, 1, ms), 0);
	return p.revents;
}

#define LOOK(fd) look((fd), POLLIN | POLLOUT | POLLRDHUP, 0)

/* Wait until the peer's end has come over; it does at once on Linux. */
static void
await(int fd)
{
	ck_assert_int_ne(look(fd, POLLRDHUP, 5000), 0);
}

static void
on_each_road(void (*test)(int, int))
{
	int fds[2], r;

	for (r = ROAD_NATIVE; r <= ROAD_PAIR; r++) {
		if (road_begin((enum road)r) != 0)
			continue;
		road_pair(fds);
		test(fds[0], fds[1]);
		road_pair(fds);
		test(fds[1], fds[0]);
		road_end();
	}
}

/* Where there are several, the library's choice. */
static int
listen_anywhere(void)
{
	ck_assert_int_eq(unsetenv("COMPAT_AFUNIX"), 0);
	return uds_listen("l", 1);
}

/* unix(7), EPIPE; poll(2), POLLHUP. */
static void
the_end_is_seen(int a, int b)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP };
	struct timeval now = { 0, 0 };
	int ep = epoll_create1(0);
	fd_set r, w;
	char c;

	ck_assert_int_ge(ep, 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(signal(SIGPIPE, count) == SIG_ERR, 0);
	pipes = 0;
	FAILS(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	FAILS(send(a, "", 0, MSG_NOSIGNAL), EPIPE);
	ck_assert_int_eq(pipes, 0);
	FAILS(send(a, "x", 1, 0), EPIPE);
	FAILS(write(a, "x", 1), EPIPE);
	ck_assert_int_eq(pipes, 2);
	await(a);
	ck_assert_int_eq(LOOK(a), ENDED);
	ck_assert_int_eq(look(a, 0, 0), POLLHUP);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 1);
	ck_assert_uint_eq(ev.events, EPOLLIN | EPOLLOUT | EPOLLRDHUP |
	    EPOLLHUP);
	FD_ZERO(&r);
	FD_SET(a, &r);
	w = r;
	ck_assert_int_eq(select(a + 1, &r, &w, NULL, &now), 2);
	ck_assert_int_eq(recv(a, &c, 1, 0), 0);
	ck_assert_int_eq(uds_error(a), 0);
	ck_assert_int_eq(LOOK(a), ENDED);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(ep), 0);
}

START_TEST(a_peer_that_closed_hangs_up)
{
	on_each_road(the_end_is_seen);
}
END_TEST

/* Linux: unread data make the end a reset, told once. */
static void
the_reset_is_read(int a, int b)
{
	char buf[8];

	ck_assert_int_eq(send(a, "lost", 4, 0), 4);
	ck_assert_int_eq(send(b, "kept", 4, 0), 4);
	ck_assert_int_eq(close(b), 0);
	FAILS(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	await(a);
	ck_assert_int_eq(LOOK(a), ENDED | POLLERR);
	ck_assert_int_eq(recv(a, buf, sizeof(buf), 0), 4);
	ck_assert_int_eq(memcmp(buf, "kept", 4), 0);
	ck_assert_int_eq(LOOK(a), ENDED | POLLERR);
	FAILS(recv(a, buf, sizeof(buf), 0), ECONNRESET);
	ck_assert_int_eq(LOOK(a), ENDED);
	ck_assert_int_eq(recv(a, buf, sizeof(buf), 0), 0);
	ck_assert_int_eq(uds_error(a), 0);
	FAILS(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	ck_assert_int_eq(close(a), 0);
}

static void
the_reset_is_asked_for(int a, int b)
{
	char c;

	ck_assert_int_eq(send(a, "lost", 4, 0), 4);
	ck_assert_int_eq(recv(b, &c, 1, 0), 1);
	ck_assert_int_eq(close(b), 0);
	await(a);
	ck_assert_int_eq(uds_error(a), ECONNRESET);
	ck_assert_int_eq(uds_error(a), 0);
	ck_assert_int_eq(recv(a, &c, 1, 0), 0);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(unread_data_make_it_a_reset)
{
	on_each_road(the_reset_is_read);
	on_each_road(the_reset_is_asked_for);
}
END_TEST

/* All that was sent before the end arrives, however much the peer left. */
static void
much_is_left(int a, int b)
{
	static char buf[65536];
	size_t sent = 0, got = 0;
	ssize_t n;

	while ((n = send(a, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		;
	while ((n = send(b, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += (size_t)n;
	ck_assert_int_eq(close(b), 0);
	while ((n = recv(a, buf, sizeof(buf), 0)) > 0)
		got += (size_t)n;
	ck_assert_uint_eq(got, sent);
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(errno, ECONNRESET);
	ck_assert_int_eq(recv(a, buf, sizeof(buf), 0), 0);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(what_was_sent_before_a_reset_arrives)
{
	on_each_road(much_is_left);
}
END_TEST

/* shutdown(2): whoever does not read makes who writes fail. */
static int
ways(int how)
{
	return how < 0 ? 0 : how == SHUT_RD ? 1 : how == SHUT_WR ? 2 : 3;
}

static void
one_end_is_shut(int a, int b, int how_a, int how_b)
{
	int theirs = ways(how_b);
	int shut = ways(how_a) | ((theirs & 1) << 1) | (theirs >> 1);
	int want = POLLOUT;
	char c;

	if (how_a >= 0)
		ck_assert_int_eq(shutdown(a, how_a), 0);
	if (how_b >= 0)
		ck_assert_int_eq(shutdown(b, how_b), 0);
	if ((shut & 1) != 0)
		want |= POLLIN | POLLRDHUP;
	if (shut == 3)
		want |= POLLHUP;
	if ((theirs & 2) != 0)
		await(a);
	ck_assert_msg(LOOK(a) == want, "%d, %d: %x, not %x", how_a, how_b,
	    (unsigned int)LOOK(a), (unsigned int)want);
	ck_assert_int_eq(look(a, 0, 0), want & POLLHUP);
	if ((shut & 2) != 0)
		FAILS(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	else
		ck_assert_int_eq(send(a, "x", 1, MSG_NOSIGNAL), 1);
	if ((shut & 1) != 0)
		ck_assert_int_eq(recv(a, &c, 1, MSG_DONTWAIT), 0);
	else
		FAILS(recv(a, &c, 1, MSG_DONTWAIT), EAGAIN);
	ck_assert_int_eq(close(b), 0);
	await(a);
	ck_assert_int_eq(LOOK(a) & ~POLLERR, ENDED);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(what_one_end_shut_the_other_sees)
{
	int fds[2], how_a, how_b, r;

	for (r = ROAD_NATIVE; r <= ROAD_PAIR; r++) {
		if (road_begin((enum road)r) != 0)
			continue;
		for (how_a = -1; how_a <= SHUT_RDWR; how_a++) {
			for (how_b = -1; how_b <= SHUT_RDWR; how_b++) {
				road_pair(fds);
				one_end_is_shut(fds[0], fds[1], how_a, how_b);
			}
		}
		road_end();
	}
}
END_TEST

/* close(2): the end comes with the last descriptor, wherever that is. */
static void
the_last_one_ends(int a, int b)
{
	int copy = dup(b), got, s[2];

	ck_assert_int_ge(copy, 0);
	uds_pair(SOCK_STREAM, s);
	ck_assert_int_eq(close(b), 0);
	uds_exchange(a, copy);
	pass_give(s[0], copy);
	ck_assert_int_eq(close(copy), 0);
	ck_assert_int_eq(LOOK(a), POLLOUT);
	ck_assert_int_eq(send(a, "x", 1, 0), 1);
	got = pass_get(s[1]);
	ck_assert_int_eq(recv(got, &(char){ 0 }, 1, 0), 1);
	uds_exchange(a, got);
	pass_give(s[0], got);
	ck_assert_int_eq(close(got), 0);
	ck_assert_int_eq(LOOK(a), POLLOUT);
	ck_assert_int_eq(close(s[1]), 0);
	FAILS(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	await(a);
	ck_assert_int_eq(LOOK(a), ENDED);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(the_last_descriptor_is_the_end)
{
	on_each_road(the_last_one_ends);
}
END_TEST

static void *
send_all(void *arg)
{
	static char buf[65536];
	int fd = *(int *)arg;

	while (send(fd, buf, sizeof(buf), MSG_NOSIGNAL) > 0)
		;
	*(int *)arg = errno;
	return NULL;
}

/* unix(7): a sender that waits for room is told. */
static void
who_waits_is_told(int a, int b)
{
	pthread_t thread;
	int result = a;
	char c;

	ck_assert_int_eq(pthread_create(&thread, NULL, send_all, &result), 0);
	ck_assert_int_eq(recv(b, &c, 1, 0), 1);
	while (look(a, POLLOUT, 0) != 0)
		(void)poll(NULL, 0, 1);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(result, EPIPE);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(a_blocked_sender_is_told)
{
	on_each_road(who_waits_is_told);
}
END_TEST

/* Linux: who was not accepted is reset. */
START_TEST(a_listener_that_closes_resets_who_waits)
{
	int l = listen_anywhere(), c = uds_connect("l");
	char ch;

	ck_assert_int_eq(close(l), 0);
	FAILS(send(c, "x", 1, MSG_NOSIGNAL), EPIPE);
	await(c);
	ck_assert_int_eq(LOOK(c), ENDED | POLLERR);
	FAILS(recv(c, &ch, 1, 0), ECONNRESET);
	ck_assert_int_eq(recv(c, &ch, 1, 0), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(unlink("l"), 0);
}
END_TEST

/*
 * A process that is killed closes, too.  Not in the middle of a call on the
 * socket, whose end Wine 10 may then forget (LIM-UNIX-40): it has said by
 * another road that it sent.
 */
START_TEST(a_peer_that_was_killed_hangs_up)
{
	int l = listen_anywhere(), c;
	const char *argv[] = { self, "connect", "l", NULL };
	struct proc *p;
	char ch, line[8];

	ck_assert_int_eq(proc_spawn(argv, &p), 0);
	c = accept(l, NULL, NULL);
	ck_assert_int_ge(c, 0);
	ck_assert_int_eq(recv(c, &ch, 1, 0), 1);
	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 4);
	ck_assert_int_eq(LOOK(c), POLLOUT);
	proc_kill(p);
	ck_assert_int_eq(proc_wait(p), -1);
	await(c);
	ck_assert_int_eq(LOOK(c), ENDED);
	ck_assert_int_eq(recv(c, &ch, 1, 0), 0);
	FAILS(send(c, "x", 1, MSG_NOSIGNAL), EPIPE);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("l"), 0);
}
END_TEST

static int
connect_and_stay(const char *path)
{
	if (write(uds_connect(path), "x", 1) != 1)
		return 1;
	puts("sent");
	(void)fflush(stdout);
	return getchar() == EOF;
}

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_peer_that_closed_hangs_up,
		unread_data_make_it_a_reset,
		what_was_sent_before_a_reset_arrives,
		what_one_end_shut_the_other_sees,
		the_last_descriptor_is_the_end,
		a_blocked_sender_is_told,
		a_listener_that_closes_resets_who_waits,
		a_peer_that_was_killed_hangs_up,
	};
	int status;

	if (argc == 3 && strcmp(argv[1], "connect") == 0)
		return connect_and_stay(argv[2]);
	self = realpath(argv[0], NULL);
	status = run_cases("ends", tests, sizeof(tests) / sizeof(tests[0]));
	free(self);
	return status;
}
