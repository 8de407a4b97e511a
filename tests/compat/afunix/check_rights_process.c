/*
 * SCM_RIGHTS and SCM_CREDENTIALS between processes: unix(7).  The program
 * starts itself in the roles that are below.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define PATH "s"

static char *self;

/* --- roles --- */

static int
trouble(const char *what)
{
	perror(what);
	return 1;
}

/* Get a descriptor by the inherited end and write a word to it. */
static int
role_write(int sock)
{
	int fd = pass_get(sock);

	return write(fd, "word", 4) == 4 ? 0 : trouble("write");
}

/* Send a pipe's end, with a word in the pipe, and go. */
static int
role_give(int sock)
{
	int fds[2];

	if (pipe(fds) != 0 || write(fds[1], "word", 4) != 4)
		return trouble("pipe");
	pass_give(sock, fds[0]);
	return 0;
}

/* The same, and wait to be killed. */
static int
role_give_and_stay(int sock)
{
	char c;

	return role_give(sock) == 0 && read(sock, &c, 1) >= 0 ? 0 : 1;
}

/* Send back what comes, until the end. */
static int
role_echo(int sock)
{
	struct pass p;
	ssize_t n;

	while ((n = pass_recv(sock, 1, 1, 0, &p)) > 0) {
		if (p.n != 1)
			return trouble("no descriptor");
		pass_give(sock, p.fds[0]);
		(void)close(p.fds[0]);
	}
	return n == 0 ? 0 : trouble("recvmsg");
}

/* Two bytes of this process's. */
static int
role_say(int sock)
{
	return write(sock, "ch", 2) == 2 ? 0 : trouble("write");
}

static const struct role {
	const char *name;
	int (*play)(int sock);
} roles[] = {
	{ "write", role_write },
	{ "give", role_give },
	{ "give-and-stay", role_give_and_stay },
	{ "echo", role_echo },
	{ "say", role_say },
};

/* where: a descriptor's number, or a path to connect to. */
static int
play(const char *name, const char *where)
{
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].play(where[0] >= '0' &&
			    where[0] <= '9' ? atoi(where) :
			    uds_connect(where));
	return 99;
}

static pid_t
start(const char *role, const char *where)
{
	char *argv[] = { self, (char *)(uintptr_t)role,
	    (char *)(uintptr_t)where, NULL };
	pid_t pid;

	ck_assert_int_eq(posix_spawn(&pid, self, NULL, NULL, argv, environ),
	    0);
	return pid;
}

/* With sock inherited, and closed here. */
static pid_t
start_with(const char *role, int sock)
{
	char number[16];
	pid_t pid;

	(void)snprintf(number, sizeof(number), "%d", sock);
	pid = start(role, number);
	ck_assert_int_eq(close(sock), 0);
	return pid;
}

static void
ended_well(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

/* A pair; the first end is not for children. */
static void
pair(int s[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ck_assert_int_eq(fcntl(s[0], F_SETFD, FD_CLOEXEC), 0);
}

static void
expect_word(int fd)
{
	char buf[8];

	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 4);
	ck_assert_mem_eq(buf, "word", 4);
	ck_assert_int_eq(close(fd), 0);
}

/* --- tests --- */

/* Before the child has run far, and with its end closed here. */
START_TEST(a_child_gets_what_it_is_sent_at_once)
{
	int s[2], fds[2];
	pid_t pid;
	char c;

	pair(s);
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pid = start_with("write", s[1]);
	pass_give(s[0], fds[1]);
	ck_assert_int_eq(close(fds[1]), 0);
	ended_well(pid);
	ck_assert_int_eq(read(s[0], &c, 1), 0);
	expect_word(fds[0]);
	ck_assert_int_eq(close(s[0]), 0);
}
END_TEST

/* What was sent before the child was there is in the socket that it gets. */
START_TEST(a_child_gets_what_was_sent_before)
{
	int s[2], fds[2];
	pid_t pid;

	pair(s);
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pass_give(s[0], fds[1]);
	ck_assert_int_eq(close(fds[1]), 0);
	pid = start_with("write", s[1]);
	ended_well(pid);
	expect_word(fds[0]);
	ck_assert_int_eq(close(s[0]), 0);
}
END_TEST

/* unix(7): who sent it need not have it any more, nor live. */
START_TEST(what_a_process_sent_before_its_end_arrives)
{
	int s[2];
	pid_t pid;

	pair(s);
	pid = start_with("give", s[1]);
	ended_well(pid);
	expect_word(pass_get(s[0]));
	ck_assert_int_eq(close(s[0]), 0);
}
END_TEST

START_TEST(what_a_killed_process_sent_arrives)
{
	struct pollfd p = { .events = POLLIN };
	int l = uds_listen(PATH, 1), a, status;
	pid_t pid;

	pid = start("give-and-stay", PATH);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	p.fd = a;
	ck_assert_int_eq(poll(&p, 1, 20000), 1);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_ne(WIFSIGNALED(status), 0);
	expect_word(pass_get(a));
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

/* There and back, by a connection: a file keeps its one offset. */
START_TEST(descriptors_go_there_and_back)
{
	int l = uds_listen(PATH, 1), a, fd, got, i;
	pid_t pid;
	char c;

	fd = open("f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, "abcdefghij", 10), 10);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	pid = start("echo", PATH);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	for (i = 0; i < 10; i++) {
		pass_give(a, fd);
		got = pass_get(a);
		ck_assert_int_eq(read(got, &c, 1), 1);
		ck_assert_int_eq(c, 'a' + i);
		ck_assert_int_eq(close(got), 0);
	}
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 10);
	ck_assert_int_eq(close(a), 0);
	ended_well(pid);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(PATH), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Sockets too: a listener of TCP's is another matter than a file. */
START_TEST(sockets_go_there_and_back)
{
	int s[2], other[2], got;
	pid_t pid;

	pair(s);
	pid = start_with("echo", s[1]);
	pair(other);
	pass_give(s[0], other[1]);
	ck_assert_int_eq(close(other[1]), 0);
	got = pass_get(s[0]);
	uds_exchange(other[0], got);
	ck_assert_int_eq(close(got), 0);
	ck_assert_int_eq(close(other[0]), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ended_well(pid);
}
END_TEST

static void
passcred(int fd)
{
	int on = 1;

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on,
	    sizeof(on)), 0);
}

static void
expect_from(int fd, const char *what, pid_t pid)
{
	size_t len = strlen(what);
	struct pass p;

	ck_assert_int_eq(pass_recv(fd, 20, 0, 0, &p), (ssize_t)len);
	ck_assert_mem_eq(p.bytes, what, len);
	ck_assert_int_eq(p.creds, 1);
	ck_assert_int_eq(p.cred.pid, pid);
	ck_assert_uint_eq(p.cred.uid, geteuid());
	ck_assert_uint_eq(p.cred.gid, getegid());
}

/* unix(7), SO_PASSCRED. */
START_TEST(the_writer_is_told_who_asks)
{
	socklen_t len = sizeof(int);
	struct pass p;
	int s[2], on = 99;

	pair(s);
	ck_assert_int_eq(getsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, &len),
	    0);
	ck_assert_int_eq(on, 0);
	ck_assert_int_eq(write(s[0], "ab", 2), 2);
	ck_assert_int_eq(pass_recv(s[1], 20, 0, 0, &p), 2);
	ck_assert_int_eq(p.creds, 0);
	passcred(s[1]);
	ck_assert_int_eq(getsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, &len),
	    0);
	ck_assert_int_eq(on, 1);
	ck_assert_int_eq(write(s[0], "cd", 2), 2);
	expect_from(s[1], "cd", getpid());
	/* recvmsg(2): without room for it the flag says so. */
	ck_assert_int_eq(write(s[0], "ef", 2), 2);
	ck_assert_int_eq(pass_recv(s[1], 20, -1, 0, &p), 2);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	uds_close_pair(s);
}
END_TEST

/* unix(7): what several processes wrote is not read at once, then. */
START_TEST(writers_are_told_apart)
{
	char number[16];
	int s[2];
	pid_t pid;

	pair(s);
	passcred(s[0]);
	ck_assert_int_eq(write(s[1], "pa", 2), 2);
	(void)snprintf(number, sizeof(number), "%d", s[1]);
	pid = start("say", number);
	ended_well(pid);
	ck_assert_int_eq(write(s[1], "pb", 2), 2);
	expect_from(s[0], "pa", getpid());
	expect_from(s[0], "ch", pid);
	expect_from(s[0], "pb", getpid());
	uds_close_pair(s);
}
END_TEST

/* An accepted socket has the option of its listener. */
START_TEST(the_option_is_the_listeners)
{
	int l = uds_listen(PATH, 1), a;
	pid_t pid;

	passcred(l);
	pid = start("say", PATH);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	expect_from(a, "ch", pid);
	ended_well(pid);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

/* unix(7), SCM_CREDENTIALS. */
START_TEST(a_sender_can_say_who_it_is)
{
	struct ucred cred = { .pid = getpid(), .uid = geteuid(),
	    .gid = getegid() };
	struct pass p;
	int s[2];

	pair(s);
	passcred(s[1]);
	ck_assert_int_eq(pass_cred(s[0], &cred, sizeof(cred)), 2);
	expect_from(s[1], "cr", getpid());
	FAILS(pass_cred(s[0], &cred, sizeof(cred) - 1), EINVAL);
	FAILS(pass_recv(s[1], 20, 0, MSG_DONTWAIT, &p), EAGAIN);
	uds_close_pair(s);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_child_gets_what_it_is_sent_at_once,
		a_child_gets_what_was_sent_before,
		what_a_process_sent_before_its_end_arrives,
		what_a_killed_process_sent_arrives,
		descriptors_go_there_and_back,
		sockets_go_there_and_back,
		the_writer_is_told_who_asks,
		writers_are_told_apart,
		the_option_is_the_listeners,
		a_sender_can_say_who_it_is,
	};
	int status;

	if (argc > 2)
		return play(argv[1], argv[2]);
	self = realpath(argv[0], NULL);
	status = run_cases("rights between processes", tests,
	    sizeof(tests) / sizeof(tests[0]));
	free(self);
	return status;
}
