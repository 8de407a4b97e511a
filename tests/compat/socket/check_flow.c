/*
 * 64 MiB each way over every road, in pieces of odd sizes, each byte checked
 * by where it is in its stream: by threads that block, and by one thread that
 * never does.  Neither end is shut before both streams have come whole: Wine
 * 10 would lose bytes of the other one (LIM-SOCK-50).
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "compat/socket/road.h"
#include "support/main.h"

#define BYTES ((uint64_t)64 << 20)
#define PIECE 100000

/* One direction of one connection. */
struct flow {
	int from, to;
	uint64_t seed, sent, got;
	const char *failed;
};

/* splitmix64: any word of a stream, without those before it. */
static uint64_t
word(uint64_t seed, uint64_t n)
{
	uint64_t z = seed + n * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* The bytes of a stream from at on, which need not begin a word. */
static void
generate(uint64_t seed, uint64_t at, unsigned char *to, size_t len)
{
	size_t n, skip;
	uint64_t w;

	for (; len > 0; to += n, at += n, len -= n) {
		w = word(seed, at / 8);
		skip = at % 8;
		n = 8 - skip < len ? 8 - skip : len;
		memcpy(to, (char *)&w + skip, n);
	}
}

static size_t
piece(uint64_t seed, uint64_t at)
{
	size_t n = 1 + word(~seed, at) % PIECE;

	return n < BYTES - at ? n : (size_t)(BYTES - at);
}

/* One piece: what send() says. */
static ssize_t
put(struct flow *f)
{
	unsigned char buf[PIECE];
	size_t len = piece(f->seed, f->sent);
	ssize_t n;

	generate(f->seed, f->sent, buf, len);
	if ((n = send(f->from, buf, len, MSG_NOSIGNAL)) > 0)
		f->sent += (uint64_t)n;
	return n;
}

/* Whoever reads no more leaves a sender that waits for ever: end it here. */
static void
other_bytes(const struct flow *f)
{
	(void)fprintf(stderr, "flow %u: other bytes from %u on\n",
	    (unsigned int)f->seed, (unsigned int)f->got);
	exit(EXIT_FAILURE);
}

/* What recv() says. */
static ssize_t
take(struct flow *f)
{
	unsigned char buf[PIECE], want[PIECE];
	ssize_t n;

	n = recv(f->to, buf, 1 + word(f->seed, f->got) % PIECE, 0);
	if (n <= 0)
		return n;
	generate(f->seed, f->got, want, (size_t)n);
	if (memcmp(buf, want, (size_t)n) != 0)
		other_bytes(f);
	f->got += (uint64_t)n;
	return n;
}

static void *
sender(void *arg)
{
	struct flow *f = arg;

	while (f->sent < BYTES)
		if (put(f) <= 0) {
			f->failed = "send";
			(void)shutdown(f->from, SHUT_WR);
			break;
		}
	return NULL;
}

static void *
receiver(void *arg)
{
	struct flow *f = arg;

	while (f->got < BYTES)
		if (take(f) <= 0) {
			f->failed = "recv";
			break;
		}
	return NULL;
}

/* All has come, and then the end. */
static void
ck_flows(const struct flow f[2], enum road r)
{
	char c;
	int i;

	for (i = 0; i < 2; i++) {
		ck_assert_msg(f[i].failed == NULL, "%s: %s at byte %u",
		    road_name[r], f[i].failed, (unsigned int)f[i].got);
		ck_assert_uint_eq(f[i].sent, BYTES);
		ck_assert_uint_eq(f[i].got, BYTES);
	}
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(shutdown(f[i].from, SHUT_WR), 0);
		ck_assert_int_eq(net_wait(f[i].to, POLLIN) & POLLIN, POLLIN);
		ck_assert_int_eq(recv(f[i].to, &c, 1, 0), 0);
	}
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(close(f[i].from), 0);
}

static void
flows(struct flow f[2], const int fds[2])
{
	memset(f, 0, 2 * sizeof(*f));
	f[0].from = f[1].to = fds[0];
	f[1].from = f[0].to = fds[1];
	f[0].seed = 1;
	f[1].seed = 2;
}

static void
by_threads(enum road r)
{
	struct flow f[2];
	pthread_t t[4];
	int fds[2], i;

	road_pair(fds);
	flows(f, fds);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL,
		    i % 2 == 0 ? sender : receiver, &f[i / 2]), 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_flows(f, r);
}

static void
turn(struct flow *out, struct flow *in, uint32_t events)
{
	ssize_t n;

	if ((events & EPOLLOUT) != 0 && out->sent < BYTES &&
	    put(out) < 0 && errno != EAGAIN)
		out->failed = "send";
	if ((events & EPOLLIN) == 0 || in->got == BYTES)
		return;
	if ((n = take(in)) == 0 || (n < 0 && errno != EAGAIN))
		in->failed = "recv";
}

/* Ask for what is still to come, from now on; for nothing: not at all. */
static void
watch(int ep, int fd, int which, uint32_t *now, uint32_t events)
{
	struct epoll_event ev = { .events = events };

	if (events == *now)
		return;
	ev.data.u32 = (uint32_t)which;
	ck_assert_int_eq(epoll_ctl(ep, *now == 0 ? EPOLL_CTL_ADD :
	    events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD, fd, &ev), 0);
	*now = events;
}

static void
by_epoll(enum road r)
{
	struct epoll_event ev[2];
	int ep = epoll_create1(0), fds[2], i, n;
	uint32_t now[2] = { 0 };
	struct flow f[2];

	road_pair(fds);
	flows(f, fds);
	for (i = 0; i < 2; i++) {
		net_nonblock(fds[i]);
		watch(ep, fds[i], i, &now[i], EPOLLIN | EPOLLOUT);
	}
	while ((now[0] | now[1]) != 0 && f[0].failed == NULL && f[1].failed == NULL) {
		ck_assert_int_gt(n = epoll_wait(ep, ev, 2, 30000), 0);
		while (n-- > 0) {
			i = (int)ev[n].data.u32;
			turn(&f[i], &f[!i], ev[n].events);
			watch(ep, fds[i], i, &now[i],
			    (f[i].sent < BYTES ? EPOLLOUT : 0u) |
			    (f[!i].got < BYTES ? EPOLLIN : 0u));
		}
	}
	ck_flows(f, r);
	ck_assert_int_eq(close(ep), 0);
}

static void
on_each_road(void (*test)(enum road))
{
	int r;

	for (r = 0; r < ROADS; r++)
		if (road_begin((enum road)r) == 0) {
			test((enum road)r);
			road_end();
		}
}

START_TEST(threads_that_block_get_every_byte)
{
	on_each_road(by_threads);
}
END_TEST

START_TEST(a_thread_that_never_blocks_gets_every_byte)
{
	on_each_road(by_epoll);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		threads_that_block_get_every_byte,
		a_thread_that_never_blocks_gets_every_byte,
	};

	return run_cases("flow", tests, sizeof(tests) / sizeof(tests[0]));
}
