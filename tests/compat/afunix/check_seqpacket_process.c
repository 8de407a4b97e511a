/*
 * AF_UNIX sequenced packets between processes.  The program starts itself in
 * the roles that are below.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../process/kid.h"
#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define WRITERS 3
#define EACH 300
#define PATIENCE 30000

#define ALL (POLLIN | POLLOUT | POLLRDHUP)

/* "mirror fd": send back what comes until the end. */
static int
role_mirror(char *argv[])
{
	return uds_mirror(atoi(argv[2]));
}

/* "letters fd who": messages of many sizes, each of one's own letter. */
static int
role_letters(char *argv[])
{
	int fd = atoi(argv[2]), i;
	char buf[4000];

	memset(buf, argv[3][0], sizeof(buf));
	for (i = 0; i < EACH; i++)
		if (send(fd, buf, (size_t)(i * 37 % 3999 + 1), 0) !=
		    i * 37 % 3999 + 1)
			return 1;
	return 0;
}

/* "greet path": connect, say so, and wait for an answer. */
static int
role_greet(char *argv[])
{
	int fd = uds_bind_type(SOCK_SEQPACKET, NULL);
	char c;

	if (uds_try_connect_fd(fd, argv[2]) != 0 ||
	    send(fd, "hello", 5, 0) != 5)
		return 1;
	return recv(fd, &c, 1, 0) == 1 && c == 'y' ? 0 : 2;
}

/* One end; the other is number 60, which children have. */
static int
pair_for_children(void)
{
	int fds[2];

	uds_pair(SOCK_SEQPACKET, fds);
	ck_assert_int_eq(fcntl(fds[0], F_SETFD, FD_CLOEXEC), 0);
	ck_assert_int_eq(dup2(fds[1], 60), 60);
	ck_assert_int_eq(close(fds[1]), 0);
	return fds[0];
}

/* What was sent before it was there waits for it too. */
START_TEST(a_child_inherits_an_end)
{
	char buf[UDS_FILL] = "number";
	int fd, i;
	pid_t pid;

	fd = pair_for_children();
	ck_assert_int_eq(send(fd, "early", 5, 0), 5);
	pid = kid_start(NULL, "mirror", "60", NULL);
	ck_assert_int_eq(close(60), 0);
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), 5);
	ck_assert_mem_eq(buf, "early", 5);
	for (i = 0; i < 200; i++) {
		memcpy(buf, &i, sizeof(i));
		ck_assert_int_eq(send(fd, buf, sizeof(buf), 0), UDS_FILL);
		uds_expect_number(fd, i);
	}
	ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(recv(fd, buf, 1, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Several processes write to one end at once: no message is torn or mixed. */
START_TEST(writers_do_not_mix)
{
	int fd, seen[WRITERS] = { 0 }, i, who;
	char buf[4000], name[2] = "a";
	pid_t pids[WRITERS];
	ssize_t n, at;

	fd = pair_for_children();
	for (i = 0; i < WRITERS; i++) {
		name[0] = (char)('a' + i);
		pids[i] = kid_start(NULL, "letters", "60", name, NULL);
	}
	ck_assert_int_eq(close(60), 0);
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		who = buf[0] - 'a';
		ck_assert(who >= 0 && who < WRITERS);
		ck_assert_int_eq(n, seen[who]++ * 37 % 3999 + 1);
		for (at = 0; at < n && buf[at] == buf[0]; at++)
			;
		ck_assert_int_eq(at, n);
	}
	ck_assert_int_eq(n, 0);
	for (i = 0; i < WRITERS; i++) {
		ck_assert_int_eq(seen[i], EACH);
		ck_assert_int_eq(kid_status(pids[i]), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static int
accept_kid(int l, pid_t *pid)
{
	int a;

	*pid = kid_start(NULL, "greet", "server", NULL);
	a = accept4(l, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(recv(a, &(char [5]){ 0 }, 5, 0), 5);
	return a;
}

static int
server(void)
{
	int l;

	(void)unlink("server");
	l = uds_bind_type(SOCK_SEQPACKET | SOCK_CLOEXEC, "server");
	ck_assert_int_eq(listen(l, 1), 0);
	return l;
}

START_TEST(another_process_connects)
{
	int l = server(), a;
	struct ucred cred;
	socklen_t len = sizeof(cred);
	pid_t pid;

	a = accept_kid(l, &pid);
	ck_assert_int_eq(getsockopt(a, SOL_SOCKET, SO_PEERCRED, &cred, &len),
	    0);
	ck_assert_int_eq(cred.pid, pid);
	ck_assert_int_eq(send(a, "y", 1, 0), 1);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(recv(a, &(char){ 0 }, 1, 0), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

static void *
receive(void *arg)
{
	return (void *)(intptr_t)recv(*(int *)arg, &(char){ 0 }, 1, 0);
}

/* The end of a process is the end of its connections, however it ends. */
START_TEST(a_killed_peer_is_an_end)
{
	int l = server(), a, ep = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP };
	pthread_t t;
	pid_t pid;
	void *n;

	a = accept_kid(l, &pid);
	ck_assert_int_eq(pthread_create(&t, NULL, receive, &a), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(pthread_join(t, &n), 0);
	ck_assert_ptr_null(n);
	kid_ended_by(pid, SIGKILL);
	FAILS(send(a, "x", 1, 0), EPIPE);
	ck_assert_int_eq(uds_events(a, ALL), ALL | POLLHUP);
	ck_assert_int_eq(close(a), 0);

	a = accept_kid(l, &pid);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, PATIENCE), 1);
	ck_assert_uint_eq(ev.events, EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	kid_ended_by(pid, SIGKILL);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* As long as anybody has the other end it is open. */
START_TEST(a_child_keeps_the_end_open)
{
	int fd;
	pid_t pid;

	fd = pair_for_children();
	pid = kid_start(NULL, "mirror", "60", NULL);
	ck_assert_int_eq(send(fd, "there", 5, 0), 5);
	ck_assert_int_eq(recv(fd, &(char [5]){ 0 }, 5, 0), 5);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	kid_ended_by(pid, SIGKILL);
	/* We have it still. */
	ck_assert_int_eq(uds_events(fd, ALL), POLLOUT);
	ck_assert_int_eq(send(fd, "here", 4, 0), 4);
	uds_expect(60, "here");
	ck_assert_int_eq(close(60), 0);
	ck_assert_int_eq(recv(fd, &(char){ 0 }, 1, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const struct kid_role roles[] = { { "mirror", role_mirror },
	    { "letters", role_letters }, { "greet", role_greet },
	    { NULL, NULL } };
	const TTest *const tests[] = {
		a_child_inherits_an_end,
		writers_do_not_mix,
		another_process_connects,
		a_killed_peer_is_an_end,
		a_child_keeps_the_end_open,
	};

	kid_main_with(argc, argv, roles);
	return run_cases("seqpacket_process", tests,
	    sizeof(tests) / sizeof(*tests));
}
