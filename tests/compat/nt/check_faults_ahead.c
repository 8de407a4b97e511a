/*
 * Reading ahead of a TCP stream when NT refuses, or malloc(): what is there
 * counts as enough then (LIM-SOCK-5), no byte is lost, no handle stays, and the
 * next try works.
 */
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/afunix/pass.h"
#include "compat/afunix/uds.h"
#include "compat/nt/fault_run.h"
#include "compat/socket/net.h"

#define CALLS_MAX 300
#define PART 40000
#define REST (PART + 100)		/* more than twice PART has room for */
#define NO_BUFS 10055u			/* WSAENOBUFS */

/* The linker leads the library's malloc() here. */
static size_t refused_from;		/* bytes; 0: none is refused */

void *__wrap_malloc(size_t);
void *__real_malloc(size_t);

void *
__wrap_malloc(size_t size)
{
	return refused_from != 0 && size >= refused_from ? NULL :
	    __real_malloc(size);
}

static int fds[2];			/* [1] is written to */

static void
put(const char *text, int there)
{
	net_put(fds[1], text);
	net_await(fds[0], there);
}

static void
begin(void)
{
	refused_from = 0;	/* as a test that failed left it */
	net_pair(fds);
	net_mark(fds[0], 8);
	put("abc", 3);
}

static void
end(void)
{
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}

static int
readable(void)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };

	return poll(&p, 1, 0);
}

/* All works again: three bytes are below the mark, and eight are not. */
static void
works(void)
{
	ck_assert_int_eq(readable(), 0);
	put("defgh", 8);
	ck_assert_int_eq(readable(), 1);
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT, "abcdefgh");
	net_expect(fds[0], MSG_DONTWAIT, "abcdefgh");
	ck_assert_int_eq(readable(), 0);
}

/* --- memory --- */

START_TEST(without_memory_what_is_there_is_enough)
{
	begin();
	refused_from = PART;
	ck_assert_int_eq(readable(), 1);
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
	net_expect(fds[0], MSG_PEEK | MSG_DONTWAIT, "abc");
	net_await(fds[0], 3);
	refused_from = 0;
	works();
	end();
}
END_TEST

static void
fill(char *from, size_t n, int there)
{
	ck_assert_int_eq(send(fds[1], from, n, 0), (ssize_t)n);
	net_await(fds[0], there);
}

/* What was read ahead already keeps its place when it cannot have a larger. */
START_TEST(what_cannot_grow_is_kept)
{
	static char sent[PART + REST + 3] = "abc", got[sizeof(sent)];
	int i;

	for (i = 0; i < 2; i++) {
		begin();
		net_mark(fds[0], 4 * PART);
		memset(sent + 3, 'x', PART);
		memset(sent + 3 + PART, 'y', REST);
		fill(sent + 3, PART, 3 + PART);
		ck_assert_int_eq(readable(), 0);
		fill(sent + 3 + PART, REST, 3 + PART + REST);
		refused_from = PART;
		ck_assert_int_eq(readable(), 1);
		if (i == 1) {
			refused_from = 0;
			ck_assert_int_eq(readable(), 0);
		}
		ck_assert_int_eq(recv(fds[0], got, sizeof(got), 0),
		    sizeof(got));
		ck_assert_mem_eq(got, sent, sizeof(sent));
		refused_from = 0;
		net_mark(fds[0], 8);
		put("abc", 3);
		works();
		end();
	}
}
END_TEST

/* --- calls of Winsock's --- */

/* The bytes are still NT's. */
START_TEST(what_cannot_be_read_ahead_is_enough)
{
	begin();
	fault_set("WSARecv", 0, 1, NO_BUFS);
	ck_assert_int_eq(readable(), 1);
	ck_assert_uint_eq(fault_hits(), 1);
	net_await(fds[0], 3);
	works();
	fault_set("WSARecv", 0, 1, NO_BUFS);
	put("abc", 3);
	net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
	net_expect(fds[0], MSG_DONTWAIT, "abc");
	end();
}
END_TEST

/* Urgent data that were read ahead would be lost. */
START_TEST(where_the_mark_is_may_not_be_told)
{
	begin();
	fault_set("ioctlsocket", 1, 1, NO_BUFS);
	ck_assert_int_eq(readable(), 1);
	ck_assert_uint_eq(fault_hits(), 1);
	works();
	end();
}
END_TEST

/* A receive has what is ahead, though NT does not give what is behind it. */
START_TEST(what_is_ahead_needs_nothing_of_nt)
{
	int i;

	for (i = 0; i < 2; i++) {
		begin();
		ck_assert_int_eq(readable(), 0);
		put("de", 5);
		fault_set(i == 0 ? "WSARecv" : "ioctlsocket", 0, FOR_EVER,
		    NO_BUFS);
		net_expect(fds[0], MSG_PEEK | MSG_WAITALL, "abc");
		net_expect(fds[0], MSG_PEEK | MSG_DONTWAIT, "abc");
		/* It tries once more, below the mark. */
		net_expect(fds[0], MSG_DONTWAIT, i == 0 ? "abc" : "abcde");
		ck_assert_uint_ge(fault_hits(), 3);
		fault_reset();
		if (i == 0)
			net_expect(fds[0], MSG_DONTWAIT, "de");
		put("abc", 3);
		works();
		end();
	}
}
END_TEST

START_TEST(how_many_there_are_may_not_be_told)
{
	int n = -1, i;

	for (i = 0; i < 2; i++) {
		begin();
		if (i == 1)
			ck_assert_int_eq(readable(), 0);
		fault_set("ioctlsocket", 0, 1, NO_BUFS);
		FAILS(ioctl(fds[0], FIONREAD, &n), ENOBUFS);
		ck_assert_int_eq(n, -1);
		works();
		end();
	}
}
END_TEST

/* --- other processes --- */

/*
 * Pass the socket and close the copy while the n-th call of one side fails, and
 * close all; return whether there were so many.
 */
static int
hand_one(int road[2], unsigned int n, int sends, int *done)
{
	int hits, fd;
	struct pass p = { .n = 0 };

	begin();
	ck_assert_int_eq(readable(), 0);
	if (!sends)
		pass_give(road[0], fds[0]);
	fault_reset();
	fault_nth(n);
	*done = sends ? pass_send(road[0], "x", 1, fds, 1) == 1 :
	    pass_recv(road[1], 1, 1, 0, &p) == 1;
	hits = fault_hits() > 0;
	fault_reset();
	if (!*done && sends)
		FAILS(pass_recv(road[1], 1, 1, MSG_DONTWAIT, &p), EAGAIN);
	else if (sends || !*done)
		ck_assert_int_eq(pass_recv(road[1], 1, 1, 0, &p), 1);
	*done &= p.n == 1;
	if (p.n == 1) {
		net_expect(p.fds[0], MSG_PEEK | MSG_DONTWAIT, "abc");
		ck_assert_int_eq(close(p.fds[0]), 0);
	}
	net_expect(fds[0], MSG_PEEK | MSG_DONTWAIT, "abc");
	ck_assert_int_eq(readable(), 0);
	/* And once more, when all works. */
	pass_give(road[0], fds[0]);
	fd = pass_get(road[1]);
	net_expect(fd, MSG_PEEK | MSG_DONTWAIT, "abc");
	works();
	ck_assert_int_eq(close(fd), 0);
	end();
	return hits;
}

/*
 * The same call fails again when a handle has stayed: another thread of Wine's
 * may have taken one meanwhile, which does not come twice.  0: there are not so
 * many calls.
 */
static int
hand_failing(int road[2], unsigned int n, int sends, int *done)
{
	unsigned int before;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		before = fault_handles();
		if (!hand_one(road, n, sends, done))
			return 0;
		if (fault_settles_at(before))
			return 1;
	}
	ck_abort_msg("call %u: handles stay", n);
	return 0;
}

static void
hand_each(int sends)
{
	unsigned int n, lost = 0;
	int road[2], done;

	fault_watch_closes();
	uds_pair(SOCK_STREAM, road);
	for (n = 0; n < 3; n++)
		ck_assert_int_eq(hand_one(road, CALLS_MAX, sends, &done), 0);
	ck_assert_int_eq(done, 1);
	for (n = 1; hand_failing(road, n, sends, &done); n++) {
		lost += !done;
		ck_assert_msg(fault_bad_closes() == 0,
		    "call %u: closed twice", n);
		ck_assert_uint_lt(n, CALLS_MAX);
	}
	printf("%u calls, %u of them refuse it\n", n - 1, lost);
	/* The section, its mutex, and the view. */
	ck_assert_uint_ge(lost, sends ? 3 : 1);
	uds_close_pair(road);
}

START_TEST(what_cannot_be_handed_over_is_kept)
{
	hand_each(1);
}
END_TEST

START_TEST(what_cannot_be_taken_over_is_kept)
{
	hand_each(0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		without_memory_what_is_there_is_enough,
		what_cannot_grow_is_kept,
		what_cannot_be_read_ahead_is_enough,
		where_the_mark_is_may_not_be_told,
		what_is_ahead_needs_nothing_of_nt,
		how_many_there_are_may_not_be_told,
		what_cannot_be_handed_over_is_kept,
		what_cannot_be_taken_over_is_kept,
	};

	return fault_run("faults of reading ahead", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
