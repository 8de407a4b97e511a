/*
 * Sockets of AF_UNIX that have a mailbox, and taking sockets over, when NT
 * refuses: an errno, no handle stays, none is closed twice, and the next try
 * works.
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compat/afunix/pass.h"
#include "compat/afunix/uds.h"
#include "compat/nt/fault_run.h"

#define CALLS_MAX 300

static int failures;

/* --- taking over --- */

enum kind { UDP, STREAM, DATAGRAM, PACKETS, KINDS };

static const char *const kind_name[KINDS] = { "udp", "stream", "datagram",
	"packets" };

/* One to be passed, and one that stays. */
static void
make(enum kind kind, int fd[2])
{
	static const int type[KINDS] = { [STREAM] = SOCK_STREAM,
	    [DATAGRAM] = SOCK_DGRAM, [PACKETS] = SOCK_SEQPACKET };

	if (kind != UDP) {
		uds_pair(type[kind], fd);
		return;
	}
	fd[0] = socket(AF_INET, SOCK_DGRAM, 0);
	fd[1] = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_ge(fd[0], 0);
	ck_assert_int_ge(fd[1], 0);
}

/* Return whether it arrived, or -1 when nothing was received. */
static int
receive(int sock)
{
	struct pass p;
	ssize_t n = pass_recv(sock, 1, 1, 0, &p);

	if (n < 0)
		return -1;
	ck_assert_int_eq(n, 1);
	if (p.n == 1)
		ck_assert_int_eq(close(p.fds[0]), 0);
	else
		ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	return p.n;
}

/* The n-th call fails; return whether there were so many. */
static int
pass_one(enum kind kind, int road[2], unsigned int n, int *arrived)
{
	int fd[2], hits;

	make(kind, fd);
	pass_give(road[0], fd[0]);
	ck_assert_int_eq(close(fd[0]), 0);
	fault_reset();
	fault_nth(n);
	*arrived = receive(road[1]);
	hits = (int)fault_hits();
	fault_reset();
	if (*arrived < 0)
		(void)receive(road[1]);
	ck_assert_int_eq(close(fd[1]), 0);
	return hits > 0;
}

START_TEST(what_cannot_be_taken_over_is_closed_once)
{
	unsigned int before, n, bad, lost;
	int road[2], kind, arrived;

	fault_watch_closes();
	uds_pair(SOCK_STREAM, road);
	for (kind = UDP; kind < KINDS; kind++) {
		for (n = 0; n < 3; n++)
			(void)pass_one((enum kind)kind, road, CALLS_MAX,
			    &arrived);
		ck_assert_int_eq(arrived, 1);
		before = fault_handles();
		bad = fault_bad_closes();
		lost = 0;
		for (n = 1; pass_one((enum kind)kind, road, n, &arrived);
		    n++) {
			lost += arrived != 1;
			ck_assert_msg(fault_handles() == before,
			    "%s, call %u: %u handles of %u", kind_name[kind],
			    n, fault_handles(), before);
			ck_assert_msg(fault_bad_closes() == bad,
			    "%s, call %u: closed twice", kind_name[kind], n);
			ck_assert_uint_lt(n, CALLS_MAX);
		}
		printf("%s: %u calls, %u of them lose it\n", kind_name[kind],
		    n - 1, lost);
		ck_assert_uint_ge(lost, 2);
	}
	ck_assert_int_eq(close(road[0]), 0);
	ck_assert_int_eq(close(road[1]), 0);
}
END_TEST

/* --- making and using --- */

/* Did it work?  If not, it must look like it. */
static int
works(const char *what, long got, long want)
{
	if (got == want)
		return 1;
	ck_assert_msg(got == -1 && errno != 0, "%s: %ld, errno %d after %s",
	    what, got, errno, fault_name() != NULL ? fault_name() : "none");
	failures++;
	errno = 0;
	return 0;
}

static void
shut(int fd)
{
	ck_assert_int_eq(close(fd), 0);
}

static void
talk(int a, int b)
{
	char buf[8];

	if (works("send", send(a, "abc", 3, MSG_DONTWAIT), 3) &&
	    works("peek", recv(b, buf, 8, MSG_PEEK | MSG_DONTWAIT), 3))
		(void)works("recv", recv(b, buf, 8, MSG_DONTWAIT), 3);
}

static void
use_pair(int type)
{
	int fd[2];

	if (!works("socketpair", socketpair(AF_UNIX, type, 0, fd), 0))
		return;
	talk(fd[0], fd[1]);
	talk(fd[1], fd[0]);
	(void)works("shutdown", shutdown(fd[0], SHUT_WR), 0);
	shut(fd[0]);
	shut(fd[1]);
}

static int
new_socket(int type, const char *path, int (*call)(int,
    const struct sockaddr *, socklen_t), const char *what)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, path);
	int fd = socket(AF_UNIX, type, 0);

	if (!works("socket", fd < 0 ? -1 : 0, 0))
		return -1;
	if (!works(what, call(fd, (struct sockaddr *)&un, len), 0)) {
		shut(fd);
		return -1;
	}
	return fd;
}

static void
use_packets(void)
{
	int l, c, a;

	l = new_socket(SOCK_SEQPACKET, "s", bind, "bind");
	if (l < 0)
		return;
	if (works("listen", listen(l, 5), 0)) {
		c = new_socket(SOCK_SEQPACKET, "s", connect, "connect");
		if (c >= 0) {
			a = accept(l, NULL, NULL);
			if (works("accept", a < 0 ? -1 : 0, 0)) {
				talk(c, a);
				talk(a, c);
				shut(a);
			}
			shut(c);
		}
	}
	shut(l);
}

static void
use_datagrams(void)
{
	int l, c;

	l = new_socket(SOCK_DGRAM, "s", bind, "bind");
	if (l < 0)
		return;
	c = new_socket(SOCK_DGRAM, "s", connect, "connect");
	if (c >= 0) {
		talk(c, l);
		shut(c);
	}
	shut(l);
}

static void
use_pairs(void)
{
	use_pair(SOCK_SEQPACKET);
	use_pair(SOCK_DGRAM);
}

static void
round_of(void (*scenario)(void))
{
	failures = 0;
	errno = 0;
	scenario();
	(void)unlink("s");
	errno = 0;
}

static void
fail_each(void (*scenario)(void), unsigned int at_least)
{
	unsigned int handles, n, told = 0;
	int i;

	fault_watch_closes();
	for (i = 0; i < 3; i++) {
		round_of(scenario);
		ck_assert_int_eq(failures, 0);
	}
	handles = fault_handles();
	for (n = 1;; n++) {
		fault_reset();
		fault_nth(n);
		round_of(scenario);
		if (fault_hits() == 0)
			break;
		told += failures > 0;
		fault_reset();
		(void)unlink("s");
		ck_assert_msg(fault_settles_at(handles),
		    "call %u: %u handles of %u", n, fault_handles(), handles);
		ck_assert_msg(fault_bad_closes() == 0,
		    "call %u: closed twice", n);
		round_of(scenario);
		ck_assert_msg(failures == 0, "after call %u", n);
	}
	ck_assert_int_eq(failures, 0);
	printf("%u calls of NT, %u of them told of\n", n - 1, told);
	ck_assert_uint_ge(told, at_least);
}

START_TEST(every_call_of_pairs_may_fail)
{
	fail_each(use_pairs, 20);
}
END_TEST

START_TEST(every_call_of_packets_may_fail)
{
	fail_each(use_packets, 20);
}
END_TEST

START_TEST(every_call_of_datagrams_may_fail)
{
	fail_each(use_datagrams, 10);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_cannot_be_taken_over_is_closed_once,
		every_call_of_pairs_may_fail,
		every_call_of_packets_may_fail,
		every_call_of_datagrams_may_fail,
	};

	return fault_run("faults of packets", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
