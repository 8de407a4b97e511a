/* How much recv(2) waits for: SO_RCVLOWAT of socket(7). */
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define MARK 8

static int fds[2];			/* [1] is written to */

static int
mark_of(int fd)
{
	socklen_t len = sizeof(int);
	int val = -1;

	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &val, &len),
	    0);
	return val;
}

static void
limit(int fd, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv,
	    sizeof(tv)), 0);
}

static void
begin(int mark)
{
	net_pair(fds);
	if (mark > 0)
		net_mark(fds[0], mark);
}

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

/* Until so much has come over and was not read, as FIONREAD has it. */
static void
await(int n)
{
	net_await(fds[0], n);
}

static int
look(int ms)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, ms), 0);
	return p.revents;
}

struct call {
	int fd, flags;
	size_t len;
	ssize_t got;
	char buf[64];
	pthread_t thread;
};

static void *
call_recv(void *arg)
{
	struct call *c = arg;

	c->got = recv(c->fd, c->buf, c->len, c->flags);
	return NULL;
}

static void
start(struct call *c, size_t len, int flags)
{
	memset(c, 0, sizeof(*c));
	c->fd = fds[0];
	c->len = len;
	c->flags = flags;
	ck_assert_int_eq(pthread_create(&c->thread, NULL, call_recv, c), 0);
}

static void
finish(struct call *c, const char *text)
{
	ck_assert_int_eq(pthread_join(c->thread, NULL), 0);
	ck_assert_int_eq(c->got, (ssize_t)strlen(text));
	ck_assert_mem_eq(c->buf, text, strlen(text));
}

START_TEST(a_mark_is_kept)
{
	uint16_t port;
	int l = net_listen(&port), c, a, p[2];

	ck_assert_int_eq(mark_of(l), 1);
	net_mark(l, 0);
	ck_assert_int_eq(mark_of(l), 1);
	net_mark(l, MARK);
	ck_assert_int_eq(mark_of(l), MARK);
	c = net_connect(port);
	ck_assert_int_ge(a = accept(l, NULL, NULL), 0);
	ck_assert_int_eq(mark_of(a), MARK);
	net_mark(a, -1);
	ck_assert_int_gt(mark_of(a), 65536);
	ck_assert_int_lt(mark_of(a), 1 << 30);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	uds_pair(SOCK_STREAM, p);
	net_mark(p[0], -1);
	ck_assert_int_eq(mark_of(p[0]), INT32_MAX);
	FAILS(setsockopt(p[0], SOL_SOCKET, SO_RCVLOWAT, &a, 2), EINVAL);
	FAILS(setsockopt(p[0], SOL_SOCKET, SO_SNDLOWAT, &a, sizeof(a)),
	    ENOPROTOOPT);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

static void
recv_waits(void)
{
	struct call c;

	put("abc");
	start(&c, sizeof(c.buf), 0);
	await(0);
	/* Linux wakes who has read a part when another whole mark is there. */
	put("defghijk");
	finish(&c, "abcdefghijk");
	/* No more than is asked for. */
	put("lm");
	start(&c, 2, 0);
	finish(&c, "lm");
	put("nop");
	await(3);
	limit(fds[0], 50);
	net_expect(fds[0], 0, "nop");
	FAILS(recv(fds[0], c.buf, 1, 0), EAGAIN);
	limit(fds[0], 0);
	put("q");
	ck_assert_int_eq(shutdown(fds[1], SHUT_WR), 0);
	net_expect(fds[0], 0, "q");
	ck_assert_int_eq(recv(fds[0], c.buf, 1, 0), 0);
	end();
}

START_TEST(recv_waits_for_the_mark)
{
	begin(MARK);
	recv_waits();
	uds_pair(SOCK_STREAM, fds);
	net_mark(fds[0], MARK);
	recv_waits();
}
END_TEST

START_TEST(who_does_not_wait_gets_what_is_there)
{
	char buf[8];

	begin(MARK);
	put("abc");
	await(3);
	net_expect(fds[0], MSG_DONTWAIT | MSG_PEEK, "abc");
	net_expect(fds[0], MSG_DONTWAIT, "abc");
	FAILS(recv(fds[0], buf, 1, MSG_DONTWAIT), EAGAIN);
	end();
}
END_TEST

/* Linux: recv(2) minds the mark, poll(2) does not; a peek minds neither. */
START_TEST(a_unix_stream_is_readable_before)
{
	uds_pair(SOCK_STREAM, fds);
	net_mark(fds[0], MARK);
	put("abc");
	ck_assert_int_eq(look(5000), POLLIN);
	net_expect(fds[0], MSG_PEEK, "abc");
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
	net_expect(fds[0], MSG_DONTWAIT, "abc");
	end();
}
END_TEST

START_TEST(datagrams_have_no_mark)
{
	struct sockaddr_in in;

	fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
	fds[1] = socket(AF_INET, SOCK_DGRAM, 0);
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(fds[0], (struct sockaddr *)&in, sizeof(in)), 0);
	net_loopback(&in, net_port(fds[0]));
	ck_assert_int_eq(connect(fds[1], (struct sockaddr *)&in, sizeof(in)),
	    0);
	net_mark(fds[0], MARK);
	put("abc");
	ck_assert_int_eq(look(5000), POLLIN);
	net_expect(fds[0], 0, "abc");
	end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_mark_is_kept,
		recv_waits_for_the_mark,
		who_does_not_wait_gets_what_is_there,
		a_unix_stream_is_readable_before,
		datagrams_have_no_mark,
	};

	return run_cases("low-water mark", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
