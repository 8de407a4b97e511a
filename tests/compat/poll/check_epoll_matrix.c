/*
 * Every kind of descriptor in each of its states, asked for each event with
 * each flag.  The table says what holds; epoll_ctl(2) and epoll(7) say what of
 * it is reported, and when again.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "support/main.h"

#define ALL (EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLERR | EPOLLHUP)
#define STREAM_END (EPOLLIN | EPOLLRDHUP)

/* fd[0] is looked at; fd[1] and fd[2] are what it takes. */
static int fd[3];

static void
new_tcp(void)
{
	tcp_pair(fd);
}

static void
new_unix(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
}

static void
new_udp(void)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int i;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (i = 0; i < 2; i++)
		ck_assert_int_ge(fd[i] = socket(AF_INET, SOCK_DGRAM, 0), 0);
	ck_assert_int_eq(bind(fd[0], (struct sockaddr *)&sin, len), 0);
	ck_assert_int_eq(getsockname(fd[0], (struct sockaddr *)&sin, &len), 0);
	ck_assert_int_eq(connect(fd[1], (struct sockaddr *)&sin, len), 0);
}

static void
new_fresh(void)
{
	ck_assert_int_ge(fd[0] = socket(AF_INET, SOCK_STREAM, 0), 0);
}

static uint16_t port;

static void
new_listener(void)
{
	fd[0] = tcp_listen(&port);
}

static void
new_reader(void)
{
	ck_assert_int_eq(pipe(fd), 0);
}

static void
new_writer(void)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	fd[0] = p[1];
	fd[1] = p[0];
	set_nonblock(fd[0]);
}

static void
new_eventfd(void)
{
	ck_assert_int_ge(fd[0] = eventfd(0, 0), 0);
}

static void
new_timerfd(void)
{
	ck_assert_int_ge(fd[0] = timerfd_create(CLOCK_MONOTONIC, 0), 0);
}

static void
new_signalfd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_ge(fd[0] = signalfd(-1, &set, 0), 0);
}

static void
new_epoll(void)
{
	ck_assert_int_ge(fd[0] = epoll_create1(0), 0);
	ck_assert_int_ge(fd[1] = eventfd(0, 0), 0);
	ep_add(fd[0], fd[1], EPOLLIN);
}

static void
nothing(void)
{
}

static void
peer_writes(void)
{
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
}

static void
peer_sends_urgent(void)
{
	ck_assert_int_eq(send(fd[1], "u", 1, MSG_OOB), 1);
}

static void
peer_shuts(void)
{
	ck_assert_int_eq(shutdown(fd[1], SHUT_WR), 0);
}

static void
both_shut(void)
{
	ck_assert_int_eq(shutdown(fd[0], SHUT_WR), 0);
	peer_shuts();
}

static void
self_shuts_reading(void)
{
	ck_assert_int_eq(shutdown(fd[0], SHUT_RD), 0);
}

static void
peer_resets(void)
{
	struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };

	ck_assert_int_eq(setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &abort_it,
	    sizeof(abort_it)), 0);
	ck_assert_int_eq(close(fd[1]), 0);
	fd[1] = -1;
}

static void
peer_closes(void)
{
	ck_assert_int_eq(close(fd[1]), 0);
	fd[1] = -1;
}

static void
peer_writes_and_closes(void)
{
	peer_writes();
	peer_closes();
}

static void
somebody_connects(void)
{
	fd[1] = tcp_connect(port);
}

static void
self_fills(void)
{
	static char buf[65536];

	while (write(fd[0], buf, sizeof(buf)) > 0)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
}

static void
counts_one(void)
{
	ck_assert_int_eq(eventfd_write(fd[0], 1), 0);
}

static void
counts_most(void)
{
	ck_assert_int_eq(eventfd_write(fd[0], UINT64_MAX - 1), 0);
}

static void
expires(void)
{
	struct itimerspec soon = { .it_value = { .tv_nsec = 1 } };

	ck_assert_int_eq(timerfd_settime(fd[0], 0, &soon, NULL), 0);
}

static int signalled;

static void
is_raised(void)
{
	signalled = 1;
	ck_assert_int_eq(raise(SIGTERM), 0);
}

static void
inner_is_ready(void)
{
	ck_assert_int_eq(eventfd_write(fd[1], 1), 0);
}

static const struct state {
	const char *name;
	void (*make)(void);
	uint32_t idle;
	void (*change)(void);
	uint32_t holds;
} states[] = {
	{ "tcp, idle", new_tcp, EPOLLOUT, nothing, EPOLLOUT },
	{ "tcp, data", new_tcp, EPOLLOUT, peer_writes, EPOLLIN | EPOLLOUT },
	{ "tcp, urgent", new_tcp, EPOLLOUT, peer_sends_urgent,
	    EPOLLPRI | EPOLLOUT },
	{ "tcp, end", new_tcp, EPOLLOUT, peer_shuts, STREAM_END | EPOLLOUT },
	{ "tcp, both shut", new_tcp, EPOLLOUT, both_shut,
	    STREAM_END | EPOLLOUT | EPOLLHUP },
	{ "tcp, shut for reading", new_tcp, EPOLLOUT, self_shuts_reading,
	    STREAM_END | EPOLLOUT },
	{ "tcp, closed", new_tcp, EPOLLOUT, peer_closes,
	    STREAM_END | EPOLLOUT },
	{ "tcp, reset", new_tcp, EPOLLOUT, peer_resets,
	    STREAM_END | EPOLLOUT | EPOLLERR | EPOLLHUP },
	{ "tcp, fresh", new_fresh, EPOLLOUT | EPOLLHUP, nothing,
	    EPOLLOUT | EPOLLHUP },
	{ "listener, idle", new_listener, 0, nothing, 0 },
	{ "listener, connection", new_listener, 0, somebody_connects,
	    EPOLLIN },
	{ "udp, idle", new_udp, EPOLLOUT, nothing, EPOLLOUT },
	{ "udp, data", new_udp, EPOLLOUT, peer_writes, EPOLLIN | EPOLLOUT },
	{ "unix, idle", new_unix, EPOLLOUT, nothing, EPOLLOUT },
	{ "unix, data", new_unix, EPOLLOUT, peer_writes, EPOLLIN | EPOLLOUT },
	{ "unix, end", new_unix, EPOLLOUT, peer_shuts,
	    STREAM_END | EPOLLOUT },
	{ "unix, both shut", new_unix, EPOLLOUT, both_shut,
	    STREAM_END | EPOLLOUT | EPOLLHUP },
	{ "reader, idle", new_reader, 0, nothing, 0 },
	{ "reader, data", new_reader, 0, peer_writes, EPOLLIN },
	{ "reader, no writer", new_reader, 0, peer_closes, EPOLLHUP },
	{ "reader, data and no writer", new_reader, 0, peer_writes_and_closes,
	    EPOLLIN | EPOLLHUP },
	{ "writer, idle", new_writer, EPOLLOUT, nothing, EPOLLOUT },
	{ "writer, full", new_writer, EPOLLOUT, self_fills, 0 },
	{ "writer, no reader", new_writer, EPOLLOUT, peer_closes,
	    EPOLLOUT | EPOLLERR },
	{ "eventfd, 0", new_eventfd, EPOLLOUT, nothing, EPOLLOUT },
	{ "eventfd, 1", new_eventfd, EPOLLOUT, counts_one,
	    EPOLLIN | EPOLLOUT },
	{ "eventfd, most", new_eventfd, EPOLLOUT, counts_most, EPOLLIN },
	{ "timerfd, idle", new_timerfd, 0, nothing, 0 },
	{ "timerfd, expired", new_timerfd, 0, expires, EPOLLIN },
	{ "signalfd, idle", new_signalfd, 0, nothing, 0 },
	{ "signalfd, pending", new_signalfd, 0, is_raised, EPOLLIN },
	{ "epoll, idle", new_epoll, 0, nothing, 0 },
	{ "epoll, ready", new_epoll, 0, inner_is_ready, EPOLLIN },
};

static const uint32_t masks[] = { 0, EPOLLIN, EPOLLOUT, EPOLLPRI, EPOLLRDHUP,
    EPOLLIN | EPOLLOUT, EPOLLIN | EPOLLRDHUP,
    EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP };

static const uint32_t flags[] = { 0, EPOLLET, EPOLLONESHOT,
    EPOLLET | EPOLLONESHOT };

static void
drop(void)
{
	struct signalfd_siginfo info;
	int i;

	/* The signal is the process's, and outlives the descriptor. */
	if (signalled)
		ck_assert_int_eq(read(fd[0], &info, sizeof(info)),
		    sizeof(info));
	signalled = 0;
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0)
			ck_assert_int_eq(close(fd[i]), 0);
}

/* Level-triggered, so that looking changes nothing. */
static void
settle(const struct state *s)
{
	int probe = epoll_create1(0), i;

	ep_add(probe, fd[0], ALL);
	for (i = 0; i < 10000; i++)
		if (ep_wait_for(probe, fd[0], s->holds != 0 ? LONG_MS : 0) ==
		    s->holds)
			break;
	ck_assert_msg(i < 10000, "%s never holds", s->name);
	ck_assert_int_eq(close(probe), 0);
}

#define ck_reports(ep, want, s, mask, flag, when) do {			\
	uint32_t want_ = (want), got_ = ep_wait_for((ep), fd[0], 0);	\
	ck_assert_msg(got_ == want_, "%s, asked %#x with %#x, %s: "	\
	    "%#x, not %#x", (s)->name, (unsigned int)(mask),		\
	    (unsigned int)(flag), (when), (unsigned int)got_,		\
	    (unsigned int)want_);					\
} while (0)

/* One cell: what is told when it holds already, when again, and after MOD. */
static void
holds_before(const struct state *s, uint32_t mask, uint32_t flag)
{
	uint32_t want = s->holds & (mask | EPOLLERR | EPOLLHUP);
	int ep = epoll_create1(0);

	ep_add(ep, fd[0], mask | flag);
	ck_reports(ep, want, s, mask, flag, "first");
	ck_reports(ep, flag != 0 ? 0 : want, s, mask, flag, "again");
	ep_mod(ep, fd[0], mask | flag);
	ck_reports(ep, want, s, mask, flag, "after MOD");
	ep_mod(ep, fd[0], mask);
	ck_reports(ep, want, s, mask, flag, "without flags");
	ep_del(ep, fd[0]);
	ck_reports(ep, 0, s, mask, flag, "after DEL");
	ck_assert_int_eq(close(ep), 0);
}

/* epoll_ctl(2), epoll(7): what holds already is the first event. */
START_TEST(what_holds_is_reported)
{
	const struct state *s = &states[_i];
	size_t m, f;

	fd[0] = fd[1] = fd[2] = -1;
	s->make();
	s->change();
	settle(s);
	for (m = 0; m < sizeof(masks) / sizeof(masks[0]); m++)
		for (f = 0; f < sizeof(flags) / sizeof(flags[0]); f++)
			holds_before(s, masks[m], flags[f]);
	drop();
}
END_TEST

/*
 * Until all of it was told.  A change of two steps may be told in two; with
 * EPOLLONESHOT the first of them is the last.
 */
static void
await(int ep, const struct state *s, uint32_t want, uint32_t flag)
{
	uint32_t got = 0;
	int i;

	for (i = 0; i < 10000 && got != want; i++) {
		got = ep_wait_for(ep, fd[0], LONG_MS);
		ck_assert_msg(got != 0 && (got & ~(want | s->idle)) == 0,
		    "%s: %#x, not %#x", s->name, (unsigned int)got,
		    (unsigned int)want);
		if ((flag & EPOLLONESHOT) != 0)
			return;
	}
}

/* epoll(7): what begins to hold ends a wait, and is told with all that holds. */
static void
begins(const struct state *s, uint32_t mask, uint32_t flag)
{
	uint32_t more = mask | EPOLLERR | EPOLLHUP, old = s->idle & more;
	uint32_t want = s->holds & more;
	int ep = epoll_create1(0);

	fd[0] = fd[1] = fd[2] = -1;
	s->make();
	ep_add(ep, fd[0], mask | flag);
	ck_reports(ep, old, s, mask, flag, "idle");
	if ((flag & EPOLLONESHOT) == 0 || old == 0) {
		s->change();
		if ((want & ~old) != 0)
			await(ep, s, want, flag);
		settle(s);
		if (flag == 0)
			ck_reports(ep, want, s, mask, flag, "begun");
	}
	drop();
	ck_assert_idle(ep);
	ck_assert_int_eq(close(ep), 0);
}

START_TEST(what_begins_to_hold_is_reported)
{
	size_t m, f;

	for (m = 0; m < sizeof(masks) / sizeof(masks[0]); m++)
		for (f = 0; f < sizeof(flags) / sizeof(flags[0]); f++)
			begins(&states[_i], masks[m], flags[f]);
}
END_TEST

int
main(void)
{
	int n = sizeof(states) / sizeof(states[0]), failed;
	Suite *suite = suite_create("epoll_matrix");
	TCase *tc = tcase_create("matrix");
	SRunner *runner;

	(void)signal(SIGPIPE, SIG_IGN);
	tcase_set_timeout(tc, 0);
	tcase_add_loop_test(tc, what_holds_is_reported, 0, n);
	tcase_add_loop_test(tc, what_begins_to_hold_is_reported, 0, n);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
