/*
 * What poll(2), select(2) and epoll(7) tell of a TCP socket with SO_RCVLOWAT:
 * socket(7), and tcp_poll() of Linux.  AF_UNIX: check_lowat.
 */
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define MARK 8
#define BULK (256 * 1024)
#define PATIENCE 20000			/* ms; no test needs it */

static int fds[2];			/* [1] is written to */

static void
begin(void)
{
	net_pair(fds);
	net_mark(fds[0], MARK);
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

static int
readable(void)
{
	int n = -1;

	ck_assert_int_eq(ioctl(fds[0], FIONREAD, &n), 0);
	return n;
}

/* Until so much has come over and was not read. */
static void
await(int n)
{
	net_await(fds[0], n);
}

/* --- the four ways to ask: 1 when there is something to be read --- */

static int epfd = -1;

static int
by_poll(int ms)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };
	int n = poll(&p, 1, ms);

	ck_assert_int_eq(n, (p.revents & POLLIN) != 0);
	return n;
}

static int
by_select(int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };
	fd_set set;
	int n;

	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	n = select(fds[0] + 1, &set, NULL, NULL, &tv);
	ck_assert_int_eq(n, FD_ISSET(fds[0], &set) != 0);
	return n;
}

static int
by_epoll(int ms)
{
	struct epoll_event ev[4];
	int n = epoll_wait(epfd, ev, 4, ms);

	ck_assert_int_ge(n, 0);
	ck_assert_int_le(n, 1);
	if (n == 1)
		ck_assert_int_ne(ev[0].events & EPOLLIN, 0);
	return n;
}

static void
watch(uint32_t events)
{
	struct epoll_event ev = { .events = events };

	ck_assert_int_ge(epfd = epoll_create1(EPOLL_CLOEXEC), 0);
	ck_assert_int_eq(epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0], &ev), 0);
}

static const struct way {
	int (*look)(int ms);
	uint32_t events;
} ways[] = {
	{ by_poll, 0 }, { by_select, 0 }, { by_epoll, EPOLLIN },
	{ by_epoll, EPOLLIN | EPOLLET }, { by_epoll, EPOLLIN | EPOLLRDHUP },
};
#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

static const struct way *
begin_way(int i)
{
	begin();
	if (ways[i].events != 0)
		watch(ways[i].events);
	return &ways[i];
}

static void
end_way(const struct way *w)
{
	if (w->events != 0)
		ck_assert_int_eq(close(epfd), 0);
	end();
}

/* --- */

START_TEST(only_the_mark_is_readable)
{
	const struct way *w;
	int i;

	for (i = 0; i < WAYS; i++) {
		w = begin_way(i);
		put("abc");
		await(3);
		ck_assert_int_eq(w->look(0), 0);
		ck_assert_int_eq(w->look(10), 0);
		put("defg");
		await(7);
		ck_assert_int_eq(w->look(0), 0);
		put("h");
		ck_assert_int_eq(w->look(PATIENCE), 1);
		ck_assert_int_eq(readable(), 8);
		net_expect(fds[0], MSG_DONTWAIT, "abcdefgh");
		ck_assert_int_eq(w->look(0), 0);
		put("0123456789");
		await(10);
		ck_assert_int_eq(w->look(0), 1);
		net_expect(fds[0], MSG_DONTWAIT, "0123456789");
		end_way(w);
	}
}
END_TEST

struct looker {
	const struct way *way;
	int got, there;
	pthread_t thread;
};

static void *
look_long(void *arg)
{
	struct looker *l = arg;

	l->got = l->way->look(PATIENCE);
	l->there = readable();
	return NULL;
}

static void
look_in_thread(struct looker *l, const struct way *w)
{
	l->way = w;
	ck_assert_int_eq(pthread_create(&l->thread, NULL, look_long, l), 0);
}

static void
found(struct looker *l, int there)
{
	ck_assert_int_eq(pthread_join(l->thread, NULL), 0);
	ck_assert_int_eq(l->got, 1);
	ck_assert_int_ge(l->there, there);
}

/* However the bytes come, who sleeps is woken by the one that makes it full. */
START_TEST(who_sleeps_is_woken_at_the_mark)
{
	struct looker l;
	const struct way *w;
	int i, n;

	for (i = 0; i < WAYS; i++) {
		w = begin_way(i);
		look_in_thread(&l, w);
		for (n = 1; n <= MARK; n++) {
			put("x");
			await(n);
		}
		found(&l, MARK);
		net_expect(fds[0], MSG_DONTWAIT, "xxxxxxxx");
		end_way(w);
	}
}
END_TEST

/* Linux has two edges for the end of TCP, told as one or one by one. */
static void
expect_level_or_edge(const struct way *w)
{
	int more = 0;

	if ((w->events & EPOLLET) == 0)
		ck_assert_int_eq(w->look(0), 1);
	else
		while (w->look(10) != 0)
			ck_assert_int_le(++more, 1);
}

/* What is below the mark is there all the same when no more comes. */
START_TEST(the_end_is_readable_below_the_mark)
{
	struct looker l;
	const struct way *w;
	char c;
	int i;

	for (i = 0; i < 2 * WAYS; i++) {
		w = begin_way(i / 2);
		put("abc");
		await(3);
		ck_assert_int_eq(w->look(0), 0);
		look_in_thread(&l, w);
		ck_assert_int_eq(i % 2 == 0 ? shutdown(fds[1], SHUT_WR) :
		    shutdown(fds[0], SHUT_RD), 0);
		found(&l, 3);
		expect_level_or_edge(w);
		net_expect(fds[0], MSG_DONTWAIT, "abc");
		ck_assert_int_eq(recv(fds[0], &c, 1, 0), 0);
		end_way(w);
	}
}
END_TEST

/* tcp_set_rcvlowat() of Linux: who waits is told that it is enough now. */
START_TEST(a_lower_mark_is_reached_at_once)
{
	struct looker l;
	const struct way *w;
	int i;

	for (i = 0; i < WAYS; i++) {
		w = begin_way(i);
		put("abc");
		await(3);
		ck_assert_int_eq(w->look(0), 0);
		look_in_thread(&l, w);
		net_mark(fds[0], 3);
		found(&l, 3);
		net_expect(fds[0], MSG_DONTWAIT, "abc");
		net_mark(fds[0], 1);
		put("d");
		ck_assert_int_eq(w->look(PATIENCE), 1);
		net_expect(fds[0], MSG_DONTWAIT, "d");
		end_way(w);
	}
}
END_TEST

static int
events_of(int events)
{
	struct pollfd p = { .fd = fds[0], .events = (short)events };

	ck_assert_int_ge(poll(&p, 1, 0), 0);
	return p.revents;
}

START_TEST(room_to_send_is_told_beside_it)
{
	begin();
	put("abc");
	await(3);
	ck_assert_int_eq(events_of(POLLIN | POLLOUT), POLLOUT);
	ck_assert_int_eq(events_of(POLLIN | POLLOUT), POLLOUT);
	put("defgh");
	await(8);
	ck_assert_int_eq(events_of(POLLIN | POLLOUT), POLLIN | POLLOUT);
	net_expect(fds[0], MSG_DONTWAIT, "abcdefgh");
	end();
}
END_TEST

/* Each way to read begins where the last one ended, poll(2) or no poll(2). */
START_TEST(all_calls_see_what_poll_saw)
{
	char a[2], b[4], buf[16];
	struct iovec iov[] = { { a, 2 }, { b, 4 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };

	begin();
	put("abcde");
	await(5);
	ck_assert_int_eq(by_poll(0), 0);
	ck_assert_int_eq(recv(fds[0], buf, 16, MSG_PEEK | MSG_DONTWAIT), 5);
	ck_assert_mem_eq(buf, "abcde", 5);
	ck_assert_int_eq(recv(fds[0], buf, 1, 0), 1);
	ck_assert_int_eq(buf[0], 'a');
	ck_assert_int_eq(by_poll(0), 0);
	put("fghij");
	await(9);
	ck_assert_int_eq(by_poll(0), 1);
	ck_assert_int_eq(read(fds[0], buf, 3), 3);
	ck_assert_mem_eq(buf, "bcd", 3);
	ck_assert_int_eq(by_poll(0), 0);
	ck_assert_int_eq(readv(fds[0], iov, 2), 6);
	ck_assert_mem_eq(a, "ef", 2);
	ck_assert_mem_eq(b, "ghij", 4);
	put("klmn");
	await(4);
	ck_assert_int_eq(by_poll(0), 0);
	ck_assert_int_eq(recvmsg(fds[0], &m, MSG_DONTWAIT), 4);
	ck_assert_mem_eq(a, "kl", 2);
	ck_assert_mem_eq(b, "mn", 2);
	put("opq");
	await(3);
	ck_assert_int_eq(by_poll(0), 0);
	memset(buf, '-', sizeof(buf));
	ck_assert_int_eq(recv(fds[0], buf, 2, MSG_TRUNC | MSG_DONTWAIT), 2);
	ck_assert_int_eq(buf[0], '-');
	net_expect(fds[0], MSG_DONTWAIT, "q");
	FAILS(recv(fds[0], buf, 1, MSG_DONTWAIT), EAGAIN);
	end();
}
END_TEST

/* A receive that waits has it too, whoever looked first. */
START_TEST(a_receive_that_waits_is_not_passed_over)
{
	struct looker l;
	char buf[64];
	int round, n;

	for (round = 0; round < 50; round++) {
		begin();
		look_in_thread(&l, &ways[0]);
		put("abc");
		if (round % 2 == 0)
			await(3);
		put("defgh");
		n = (int)recv(fds[0], buf, MARK, MSG_WAITALL);
		ck_assert_int_eq(n, MARK);
		ck_assert_mem_eq(buf, "abcdefgh", MARK);
		put("12345678");
		found(&l, 0);
		net_expect(fds[0], MSG_DONTWAIT, "12345678");
		end();
	}
}
END_TEST

static void *
pour(void *arg)
{
	static unsigned char block[977];
	unsigned int x = 1, total, n, i;

	(void)arg;
	for (total = 0; total < BULK; total += n) {
		n = 1 + total * 7 % sizeof(block);
		if (n > BULK - total)
			n = BULK - total;
		for (i = 0; i < n; i++)
			block[i] = (unsigned char)((x = x * 69069 + 1) >> 24);
		if (send(fds[1], block, n, 0) != (ssize_t)n)
			return &fds[1];
	}
	return shutdown(fds[1], SHUT_WR) == 0 ? NULL : &fds[1];
}

/* Marks that change, two who look: every byte once, and in order. */
static void
drain(const struct way *w)
{
	static unsigned char block[5000];
	unsigned int x = 1, total = 0;
	ssize_t n, i;
	int mark;

	for (;;) {
		mark = 1 + (int)(total * 31 % 4096);
		net_mark(fds[0], mark);
		(void)by_poll(0);
		ck_assert_int_eq(w->look(PATIENCE), 1);
		n = recv(fds[0], block, 1 + total % sizeof(block), 0);
		if (n == 0)
			break;
		for (i = 0; i < n; i++)
			if (block[i] !=
			    (unsigned char)((x = x * 69069 + 1) >> 24))
				ck_abort_msg("byte %u is wrong",
				    total + (unsigned int)i);
		total += (unsigned int)n;
	}
	ck_assert_uint_eq(total, BULK);
}

START_TEST(every_byte_comes_once)
{
	const struct way *w;
	pthread_t t;
	void *failed;
	int i;

	for (i = 0; i < 3; i++) {
		w = begin_way(i);
		ck_assert_int_eq(pthread_create(&t, NULL, pour, NULL), 0);
		drain(w);
		ck_assert_int_eq(pthread_join(t, &failed), 0);
		ck_assert_ptr_null(failed);
		end_way(w);
	}
}
END_TEST

static long
used_ms(void)
{
	struct rusage r;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &r), 0);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000L +
	    (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

/* Who waits for the rest sleeps. */
START_TEST(waiting_below_the_mark_takes_no_time)
{
	const struct way *w;
	long before;
	int i;

	for (i = 0; i < WAYS; i++) {
		w = begin_way(i);
		put("abc");
		await(3);
		before = used_ms();
		ck_assert_int_eq(w->look(500), 0);
		ck_assert_int_lt(used_ms() - before, 200);
		end_way(w);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		only_the_mark_is_readable,
		who_sleeps_is_woken_at_the_mark,
		the_end_is_readable_below_the_mark,
		a_lower_mark_is_reached_at_once,
		room_to_send_is_told_beside_it,
		all_calls_see_what_poll_saw,
		a_receive_that_waits_is_not_passed_over,
		every_byte_comes_once,
		waiting_below_the_mark_takes_no_time,
	};

	return run_cases("readable at the mark", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
