/*
 * What was read ahead of a TCP stream, in a section that another process has
 * too and may write anything to: nothing outside the section is touched, and
 * what NT still has is read.  Built on NT only: Linux has no such section.
 */
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/names.h"
#include "socket/sock.h"
#include "compat/afunix/pass.h"
#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define MARK 8

/* other: the same socket once more, as another process has it. */
static int fds[2], other, road[2];	/* fds[1] is written to */
static _Atomic uint64_t *span;
static uint64_t room;

static struct ahead *
ahead_of(int fd)
{
	struct socket *s;

	ck_assert_int_eq(sock_get(fd, &s), 0);
	sock_put(s);
	return &s->ahead;
}

static int
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0);
}

static int
count(int fd)
{
	int n = -1;

	ck_assert_int_eq(ioctl(fd, FIONREAD, &n), 0);
	return n;
}

/* The word is the first of the section; see ahead.c. */
static void
begin(void)
{
	struct ahead *a;

	net_pair(fds);
	net_mark(fds[0], MARK);
	net_put(fds[1], "abc");
	net_await(fds[0], 3);
	ck_assert_int_eq(readable(fds[0]), 0);
	uds_pair(SOCK_STREAM, road);
	pass_give(road[0], fds[0]);
	other = pass_get(road[1]);
	ck_assert_int_eq(count(other), 3);
	a = ahead_of(other);
	ck_assert_uint_ne(a->section, 0);
	span = (_Atomic uint64_t *)(void *)atomic_load(&a->bytes);
	room = a->room;
	ck_assert_uint_eq(atomic_load(span), 3);
}

static void
end(void)
{
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(close(other), 0);
	uds_close_pair(road);
}

static void
lie(uint64_t first, uint64_t n)
{
	atomic_store(span, first << 32 | n);
}

static void
expect(int fd, int flags, const char *text)
{
	net_expect(fd, flags | MSG_DONTWAIT, text);
}

/* The i-th thing that is not within the room; 0: there is none. */
static int
lie_number(int i)
{
	const uint64_t lies[][2] = {
		{ 0, room + 1 }, { 1, room }, { room, 1 },
		{ room + 1, 0 }, { room / 2, room - room / 2 + 1 },
		{ 0, UINT32_MAX }, { UINT32_MAX, 0 }, { UINT32_MAX, 1 },
		{ 1, UINT32_MAX }, { UINT32_MAX, UINT32_MAX },
	};

	if (i >= (int)(sizeof(lies) / sizeof(lies[0])))
		return 0;
	lie(lies[i][0], lies[i][1]);
	return 1;
}

START_TEST(nothing_beyond_the_room_is_read)
{
	char buf[8];
	int i;

	begin();
	for (i = 0; lie_number(i); i++) {
		ck_assert_int_eq(count(fds[0]), 0);
		ck_assert_int_eq(readable(fds[0]), 0);
		FAILS(recv(fds[0], buf, 8, MSG_DONTWAIT), EAGAIN);
		FAILS(recv(fds[0], buf, 1, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
		FAILS(recv(fds[0], buf, 8, MSG_PEEK | MSG_WAITALL |
		    MSG_DONTWAIT), EAGAIN);
	}
	ck_assert_int_eq(i, 10);
	end();
}
END_TEST

/* What comes afterwards is read, straight from NT or ahead. */
START_TEST(what_comes_behind_a_lie_is_received)
{
	int i;

	begin();
	for (i = 0; lie_number(i); i++) {
		net_put(fds[1], "de");
		net_await(fds[0], 2);
		if (i % 2 == 0)
			expect(fds[0], MSG_PEEK, "de");
		expect(fds[0], 0, "de");
		(void)lie_number(i);
		net_put(fds[1], "fgh");
		net_await(fds[0], 3);
		ck_assert_int_eq(readable(fds[0]), 0);
		ck_assert_uint_eq(atomic_load(span), 3);
		expect(other, MSG_PEEK, "fgh");
		(void)lie_number(i);
		net_put(fds[1], "ij");
		net_await(fds[0], 2);
		expect(fds[0], MSG_PEEK | MSG_WAITALL, "ij");
		expect(fds[0], 0, "ij");
		ck_assert_int_eq(count(other), 0);
	}
	end();
}
END_TEST

/* The last that is within it is. */
START_TEST(all_of_the_room_is_used)
{
	static char all[1 << 20];

	begin();
	ck_assert_uint_le(room, sizeof(all));
	lie(0, room);
	ck_assert_int_eq(count(fds[0]), (int)room);
	ck_assert_int_eq(readable(fds[0]), 1);
	ck_assert_int_eq(recv(fds[0], all, sizeof(all), MSG_DONTWAIT),
	    (ssize_t)room);
	ck_assert_mem_eq(all, "abc", 3);
	ck_assert_uint_eq(atomic_load(span), room << 32);
	FAILS(recv(fds[0], all, 1, MSG_DONTWAIT), EAGAIN);
	lie(room - 1, 1);
	ck_assert_int_eq(count(fds[0]), 1);
	ck_assert_int_eq(recv(fds[0], all, 8, MSG_DONTWAIT), 1);
	/* There is no room behind it: it begins at the front again. */
	lie(room, 0);
	net_put(fds[1], "xyz");
	net_await(fds[0], 3);
	ck_assert_int_eq(readable(fds[0]), 0);
	ck_assert_uint_eq(atomic_load(span), 3);
	expect(other, 0, "xyz");
	end();
}
END_TEST

/* LIM-SOCK-5.  A section does not grow: the first byte makes it readable. */
START_TEST(what_does_not_fit_stays_in_nt)
{
	static char sent[100], got[100], all[1 << 20];
	ssize_t n;

	memset(sent, 's', sizeof(sent));
	begin();
	net_mark(fds[0], 2 * (int)room);
	lie(1, room - 10);
	ck_assert_int_eq(send(fds[1], sent, sizeof(sent), 0), sizeof(sent));
	net_await(fds[0], (int)room - 10 + (int)sizeof(sent));
	ck_assert_int_eq(readable(fds[0]), 1);
	ck_assert_uint_eq(atomic_load(span), (uint64_t)1 << 32 | (room - 10));
	n = (ssize_t)room - 10 + (ssize_t)sizeof(sent);
	ck_assert_int_eq(recv(fds[0], all, sizeof(all), MSG_PEEK |
	    MSG_WAITALL), n);
	ck_assert_mem_eq(all + room - 10, sent, sizeof(sent));
	lie(0, 0);
	ck_assert_int_eq(recv(fds[0], got, sizeof(got), MSG_DONTWAIT),
	    sizeof(got));
	ck_assert_mem_eq(got, sent, sizeof(sent));
	end();
}
END_TEST

/* It is handed on, and closed, as it is. */
START_TEST(a_lie_is_handed_on_and_closed)
{
	int third, i;

	for (i = 0;; i++) {
		begin();
		if (!lie_number(i))
			break;
		pass_give(road[0], other);
		third = pass_get(road[1]);
		ck_assert_int_eq(count(third), 0);
		net_put(fds[1], "d");
		net_await(third, 1);
		expect(third, 0, "d");
		ck_assert_int_eq(close(third), 0);
		end();
	}
	end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		nothing_beyond_the_room_is_read,
		what_comes_behind_a_lie_is_received,
		all_of_the_room_is_used,
		what_does_not_fit_stays_in_nt,
		a_lie_is_handed_on_and_closed,
	};

	return run_cases("hostile read ahead", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
