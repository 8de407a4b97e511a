/*
 * MSG_PEEK with MSG_WAITALL, recv(2), and what becomes of that which was read
 * ahead for it, or for SO_RCVLOWAT and poll(2).
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/afunix/pass.h"
#include "compat/afunix/uds.h"
#include "compat/process/kid.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define LARGE 100000

static int fds[2];			/* [1] is written to */

static void
end(void)
{
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}

static void
put(const char *text)
{
	net_put(fds[1], text);
}

static void
await(int n)
{
	net_await(fds[0], n);
}

static void
set(int option, const void *val, socklen_t len)
{
	ck_assert_int_eq(setsockopt(fds[0], SOL_SOCKET, option, val, len), 0);
}

struct call {
	size_t len;
	ssize_t got;
	int err;
	pthread_t thread;
	char buf[LARGE];
};

static struct call call;

static void *
peek(void *arg)
{
	struct call *c = arg;

	c->got = recv(fds[0], c->buf, c->len, MSG_PEEK | MSG_WAITALL);
	c->err = errno;
	return NULL;
}

static void
start(size_t len)
{
	call.len = len;
	ck_assert_int_eq(pthread_create(&call.thread, NULL, peek, &call), 0);
}

static void
finish(const char *text)
{
	ck_assert_int_eq(pthread_join(call.thread, NULL), 0);
	ck_assert_int_eq(call.got, (ssize_t)strlen(text));
	ck_assert_mem_eq(call.buf, text, strlen(text));
}

START_TEST(a_peek_waits_for_all)
{
	net_pair(fds);
	start(8);
	put("abc");
	await(3);
	put("defgh");
	finish("abcdefgh");
	await(8);
	start(8);
	finish("abcdefgh");
	net_expect(fds[0], 0, "abcdefgh");
	FAILS(recv(fds[0], call.buf, 1, MSG_DONTWAIT), EAGAIN);
	end();
}
END_TEST

START_TEST(a_large_peek_waits_for_all)
{
	static char sent[LARGE];
	size_t i;

	for (i = 0; i < LARGE; i++)
		sent[i] = (char)(i * 7 % 251);
	net_pair(fds);
	start(LARGE);
	for (i = 0; i < LARGE; i += LARGE / 10)
		ck_assert_int_eq(send(fds[1], sent + i, LARGE / 10, 0),
		    LARGE / 10);
	ck_assert_int_eq(pthread_join(call.thread, NULL), 0);
	ck_assert_int_eq(call.got, LARGE);
	ck_assert_mem_eq(call.buf, sent, LARGE);
	memset(call.buf, 0, LARGE);
	ck_assert_int_eq(recv(fds[0], call.buf, LARGE, MSG_WAITALL), LARGE);
	ck_assert_mem_eq(call.buf, sent, LARGE);
	end();
}
END_TEST

START_TEST(the_end_ends_a_peek)
{
	net_pair(fds);
	put("abc");
	await(3);
	start(8);
	ck_assert_int_eq(shutdown(fds[1], SHUT_WR), 0);
	finish("abc");
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
	net_expect(fds[0], 0, "abc");
	ck_assert_int_eq(recv(fds[0], call.buf, 8, MSG_PEEK | MSG_WAITALL), 0);
	end();
	net_pair(fds);
	put("abc");
	await(3);
	start(8);
	ck_assert_int_eq(shutdown(fds[0], SHUT_RD), 0);
	finish("abc");
	net_expect(fds[0], MSG_DONTWAIT, "abc");
	end();
}
END_TEST

START_TEST(who_does_not_wait_peeks_at_what_is_there)
{
	const struct timeval tv = { 0, 50000 };

	net_pair(fds);
	FAILS(recv(fds[0], call.buf, 8, MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT),
	    EAGAIN);
	put("abc");
	await(3);
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT, "abc");
	set(SO_RCVTIMEO, &tv, sizeof(tv));
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
	net_expect(fds[0], 0, "abc");
	FAILS(recv(fds[0], call.buf, 8, MSG_PEEK | MSG_WAITALL), EAGAIN);
	end();
}
END_TEST

/* tcp_recvmsg() of Linux: a peek waits for the mark, too. */
START_TEST(a_peek_waits_for_the_mark)
{
	net_pair(fds);
	net_mark(fds[0], 4);
	call.len = 8;
	put("abc");
	await(3);
	ck_assert_int_eq(pthread_create(&call.thread, NULL, peek, &call), 0);
	put("defgh");
	finish("abcdefgh");
	net_expect(fds[0], MSG_PEEK, "abcdefgh");
	net_expect(fds[0], 0, "abcdefgh");
	end();
}
END_TEST

/* --- another process --- */

static void
hold_three(void)
{
	struct pollfd p;

	net_pair(fds);
	net_mark(fds[0], 8);
	put("abc");
	await(3);
	p.fd = fds[0];
	p.events = POLLIN;
	ck_assert_int_eq(poll(&p, 1, 0), 0);
}

static int
play_read(char *argv[])
{
	char buf[16] = "";
	ssize_t n = recv(atoi(argv[2]), buf, (size_t)atoi(argv[3]), 0);

	kid_say(n > 0 ? buf : "nothing");
	return 0;
}

static int
play_poll(char *argv[])
{
	struct pollfd p = { .fd = atoi(argv[2]), .events = POLLIN };

	kid_say(poll(&p, 1, 0) == 0 ? "no" : "yes");
	return poll(&p, 1, 20000) == 1 ? play_read(argv) : 1;
}

/* fork(2), execve(2): the stream is one, and nothing of it is lost. */
START_TEST(a_child_reads_what_its_parent_looked_at)
{
	char text[32], fd[16];

	hold_three();
	(void)snprintf(fd, sizeof(fd), "%d", fds[0]);
	ck_assert_int_eq(kid_output(text, sizeof(text), "ahead", fd, "2",
	    NULL), 0);
	ck_assert_str_eq(text, "ab");
	await(1);
	net_expect(fds[0], MSG_DONTWAIT, "c");
	end();
}
END_TEST

START_TEST(parent_and_child_wait_for_one_mark)
{
	char text[32], fd[16];
	struct pollfd p;
	int out;
	pid_t pid;

	hold_three();
	(void)snprintf(fd, sizeof(fd), "%d", fds[0]);
	pid = kid_talk(&out, "look", fd, "8", NULL);
	ck_assert_int_eq(read(out, text, 2), 2);
	ck_assert_mem_eq(text, "no", 2);
	p.fd = fds[0];
	p.events = POLLIN;
	put("d");
	await(4);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	put("efgh");
	(void)kid_read(out, text, sizeof(text));
	ck_assert_str_eq(text, "abcdefgh");
	ck_assert_int_eq(kid_status(pid), 0);
	await(0);
	ck_assert_int_eq(close(out), 0);
	end();
}
END_TEST

START_TEST(a_socket_is_passed_with_what_was_looked_at)
{
	int sv[2], fd;

	hold_three();
	uds_pair(SOCK_STREAM, sv);
	pass_give(sv[0], fds[0]);
	fd = pass_get(sv[1]);
	net_expect(fd, MSG_DONTWAIT | MSG_PEEK, "abc");
	net_expect(fds[0], MSG_DONTWAIT | MSG_PEEK, "abc");
	net_expect(fd, MSG_DONTWAIT, "abc");
	FAILS(recv(fds[0], call.buf, 1, MSG_DONTWAIT), EAGAIN);
	put("d");
	await(1);
	net_expect(fds[0], MSG_DONTWAIT, "d");
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(sv[0]), 0);
	ck_assert_int_eq(close(sv[1]), 0);
	end();
}
END_TEST

/* tcp_close() of Linux: a peer learns that it was not read to the end. */
START_TEST(a_close_with_bytes_unread_resets)
{
	struct pollfd p = { .events = POLLIN };
	char c;

	hold_three();
	ck_assert_int_eq(close(fds[0]), 0);
	p.fd = fds[1];
	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	if (recv(fds[1], &c, 1, 0) == 0)
		puts("no reset is told here: LIM-SOCK-4");
	/* Told or not: after a close in order the first one would succeed. */
	ck_assert_int_eq(send(fds[1], "x", 1, MSG_NOSIGNAL), -1);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const struct kid_role roles[] = {
		{ "ahead", play_read }, { "look", play_poll }, { NULL, NULL }
	};
	const TTest *const tests[] = {
		a_peek_waits_for_all,
		a_large_peek_waits_for_all,
		the_end_ends_a_peek,
		who_does_not_wait_peeks_at_what_is_there,
		a_peek_waits_for_the_mark,
		a_child_reads_what_its_parent_looked_at,
		parent_and_child_wait_for_one_mark,
		a_socket_is_passed_with_what_was_looked_at,
		a_close_with_bytes_unread_resets,
	};

	kid_main_with(argc, argv, roles);
	return run_cases("read ahead", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
