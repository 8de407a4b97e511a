/*
 * Many connections made, used and closed at random by several threads, while
 * others wait for them by epoll.  Every byte is accounted for: what a
 * connection carried is compared when its end is seen, so a wake-up that was
 * lost leaves one without its end, which the watchdog finds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/poll/inside.h"
#include "compat/poll/util.h"
#include "support/host.h"
#include "support/main.h"

/* Half of them at each end. */
#ifndef SOCKETS
#define SOCKETS 600
#define SECONDS 5
#endif
#define CLIENTS 3
#define WAITERS 2
#define EACH (SOCKETS / 2 / CLIENTS)
#define IDS (1 << 20)
#define FDS 65536
#define STUCK_S 10		/* without any progress */

static _Atomic uint32_t sent_by[IDS];	/* before it was closed */
static struct server {
	uint32_t id, got;		/* got: the four bytes of id included */
} server[FDS];

static int ep, stop, listener;
static uint16_t port;
static atomic_uint next_id, ended, strangers, faults_on;
static atomic_ullong sent, received;
static atomic_int stopping;
static atomic_uint wrong_sum, wrong_byte, failed;

static unsigned char
byte_of(uint32_t id, uint32_t at)
{
	return (unsigned char)(at < 4 ? id >> 8 * at : id * 7 + at);
}

/* An error that only an injected fault explains. */
static void
trouble(const char *what)
{
	if (atomic_load(&faults_on))
		return;
	if (atomic_fetch_add(&failed, 1) < 5)
		(void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
}

static uint32_t
mask_of(int fd)
{
	return EPOLLIN | EPOLLONESHOT | (fd & 1 ? (uint32_t)EPOLLET : 0) |
	    (fd & 2 ? EPOLLRDHUP : 0);
}

/* With a fault the next try, or the one after, succeeds. */
static void
rearm(int op, int fd)
{
	struct epoll_event e;

	memset(&e, 0, sizeof(e));
	e.events = mask_of(fd);
	e.data.fd = fd;
	while (epoll_ctl(ep, op, fd, &e) != 0) {
		trouble("epoll_ctl");
		if (!atomic_load(&faults_on))
			return;
	}
}

static void
take_all(void)
{
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		server[fd] = (struct server){ 0, 0 };
		set_nonblock(fd);
		rearm(EPOLL_CTL_ADD, fd);
	}
	if (errno != EAGAIN)
		trouble("accept");
}

static void
check_bytes(struct server *s, const unsigned char *buf, ssize_t n)
{
	ssize_t i;

	for (i = 0; i < n; i++, s->got++) {
		if (s->got < 4)
			s->id |= (uint32_t)buf[i] << 8 * s->got;
		else if (buf[i] != byte_of(s->id, s->got))
			atomic_fetch_add(&wrong_byte, 1);
	}
	atomic_fetch_add(&received, (unsigned long long)n);
}

static void
finish_server(int fd)
{
	struct server *s = &server[fd];

	if (s->got == 0) {	/* its connect() failed for a fault */
		atomic_fetch_add(&strangers, 1);
	} else {
		if (s->got < 4 || s->id >= IDS ||
		    s->got != atomic_load(&sent_by[s->id]))
			atomic_fetch_add(&wrong_sum, 1);
		atomic_fetch_add(&ended, 1);
	}
	if (close(fd) != 0)
		trouble("close");
}

static void
serve(int fd)
{
	unsigned char buf[4096];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		check_bytes(&server[fd], buf, n);
	if (n == 0) {
		finish_server(fd);
		return;
	}
	if (errno != EAGAIN)
		trouble("recv");
	rearm(EPOLL_CTL_MOD, fd);
}

/* Without faults there is no limit: a wake-up that is lost is lost. */
static void *
waiter(void *arg)
{
	struct epoll_event e[16];
	int i, n;

	(void)arg;
	for (;;) {
		n = epoll_wait(ep, e, 16, atomic_load(&faults_on) ? 200 : -1);
		if (n < 0)
			trouble("epoll_wait");
		for (i = 0; i < n; i++) {
			if (e[i].data.fd == stop)
				return NULL;
			if (e[i].data.fd == listener)
				take_all();
			else
				serve(e[i].data.fd);
		}
	}
}

struct client {
	pthread_t thread;
	uint64_t seed;
	struct {
		int fd;
		uint32_t id, sent;
	} conn[EACH];
};

static uint32_t
roll(struct client *c, uint32_t n)
{
	c->seed ^= c->seed << 13;
	c->seed ^= c->seed >> 7;
	c->seed ^= c->seed << 17;
	return (uint32_t)(c->seed >> 20) % n;
}

/* send() of a blocking socket takes all, but for faults. */
static void
push(struct client *c, int i, uint32_t n)
{
	unsigned char buf[2048];
	uint32_t at, id = c->conn[i].id;
	ssize_t done;

	for (at = 0; at < n; at++)
		buf[at] = byte_of(id, c->conn[i].sent + at);
	for (at = 0; at < n; at += done > 0 ? (uint32_t)done : 0) {
		done = send(c->conn[i].fd, buf + at, n - at, MSG_NOSIGNAL);
		if (done <= 0) {
			trouble("send");
			if (!atomic_load(&faults_on))
				return;
		}
	}
	c->conn[i].sent += n;
	atomic_fetch_add(&sent, n);
}

static void
open_conn(struct client *c, int i)
{
	struct sockaddr_in sin;
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(port);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		trouble("socket");
		return;
	}
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0) {
		trouble("connect");
		(void)close(fd);
		return;
	}
	c->conn[i].id = atomic_fetch_add(&next_id, 1);
	c->conn[i].fd = fd;
	c->conn[i].sent = 0;
	push(c, i, 4);
}

static void
close_conn(struct client *c, int i)
{
	atomic_store(&sent_by[c->conn[i].id], c->conn[i].sent);
	if (roll(c, 2) == 0 && shutdown(c->conn[i].fd, SHUT_WR) != 0)
		trouble("shutdown");
	if (close(c->conn[i].fd) != 0)
		trouble("close");
	c->conn[i].fd = -1;
}

static void *
client(void *arg)
{
	struct client *c = arg;
	int i;

	for (i = 0; i < EACH; i++)
		open_conn(c, i);
	while (!atomic_load(&stopping)) {
		i = (int)roll(c, EACH);
		if (c->conn[i].fd < 0)
			open_conn(c, i);
		else if (roll(c, 8) == 0)
			close_conn(c, i);
		else
			push(c, i, 1 + roll(c, 2000));
		if (atomic_load(&next_id) > IDS - SOCKETS)
			break;
	}
	for (i = 0; i < EACH; i++)
		if (c->conn[i].fd >= 0)
			close_conn(c, i);
	return NULL;
}

/* 0: something has happened within the last seconds. */
static int
is_stuck(void)
{
	static unsigned long long last;
	static int64_t since;
	unsigned long long now = atomic_load(&received) +
	    atomic_load(&ended) + atomic_load(&sent);

	if (now != last || since == 0) {
		last = now;
		since = now_ns();
	}
	return now_ns() - since > STUCK_S * INT64_C(1000000000);
}

static void
begin(void)
{
	stopping = 0;
	next_id = ended = strangers = wrong_sum = wrong_byte = failed = 0;
	sent = received = 0;
	ck_assert_int_ge(ep = epoll_create1(0), 0);
	ck_assert_int_ge(stop = eventfd(0, 0), 0);
	listener = tcp_listen(&port);
	set_nonblock(listener);
	ep_add(ep, stop, EPOLLIN);
	ep_add(ep, listener, EPOLLIN);
}

static void
settle(void)
{
	while (atomic_load(&ended) < atomic_load(&next_id) && !is_stuck())
		(void)poll(NULL, 0, 10);
	ck_assert_msg(atomic_load(&ended) == atomic_load(&next_id),
	    "%u of %u ends were seen, %llu of %llu bytes", (unsigned int)ended,
	    (unsigned int)next_id, (unsigned long long)received,
	    (unsigned long long)sent);
	ck_assert_uint_eq(wrong_sum, 0);
	ck_assert_uint_eq(wrong_byte, 0);
	ck_assert_uint_eq(failed, 0);
	ck_assert(atomic_load(&received) == atomic_load(&sent));
}

/* For so many seconds; everything that was begun comes to its end. */
static void
run(int seconds)
{
	static struct client c[CLIENTS];
	int64_t end = now_ns() + seconds * INT64_C(1000000000);
	pthread_t w[WAITERS];
	int i;

	begin();
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(pthread_create(&w[i], NULL, waiter, NULL), 0);
	for (i = 0; i < CLIENTS; i++) {
		memset(c[i].conn, -1, sizeof(c[i].conn));
		c[i].seed = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(i + 1);
		ck_assert_int_eq(pthread_create(&c[i].thread, NULL, client,
		    &c[i]), 0);
	}
	while (now_ns() < end && !is_stuck())
		(void)poll(NULL, 0, 10);
	atomic_store(&stopping, 1);
	ck_assert_msg(!is_stuck(), "nothing happens: %llu of %llu bytes",
	    (unsigned long long)received, (unsigned long long)sent);
	for (i = 0; i < CLIENTS; i++)
		ck_assert_int_eq(pthread_join(c[i].thread, NULL), 0);
	settle();
	ck_assert_int_eq(eventfd_write(stop, 1), 0);
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(pthread_join(w[i], NULL), 0);
}

/* Two requests are left: for the listener, and none for the eventfd. */
static void
finish(void)
{
	struct epoll_event e[4];
	int i;

	for (i = 0; i < 1000 && inside_pending(ep) > 1; i++)
		ck_assert_int_ge(epoll_wait(ep, e, 4, 1), 0);
	ck_assert_uint_le(inside_pending(ep), 1);
	ck_assert_int_eq(close(listener), 0);
	ck_assert_int_eq(close(stop), 0);
	ck_assert_int_eq(close(ep), 0);
}

static void
ck_flat(int handles, unsigned long long memory)
{
	unsigned long long now = inside_memory();

	(void)printf("%u connections, %llu bytes, %u without a byte; memory "
	    "%llu then %llu, handles %d then %d\n", (unsigned int)next_id,
	    (unsigned long long)sent, (unsigned int)strangers, memory, now,
	    handles, host_handles());
	/* Each thread that ever blocked may keep an event. */
	ck_assert_int_le(host_handles(), handles + CLIENTS + WAITERS);
#ifndef __SANITIZE_ADDRESS__	/* which keeps what was freed */
	/* 16 bytes lost for each connection would be seen. */
	ck_assert(now < memory + (1 << 20) + next_id * 16ull);
#endif
}

/* libcompat keeps a handle for each number that was ever used. */
static void
use_numbers(void)
{
	static int fd[2 * SOCKETS];
	int i;

	for (i = 0; i < 2 * SOCKETS; i++)
		ck_assert_int_ge(fd[i] = dup(0), 0);
	for (i = 0; i < 2 * SOCKETS; i++)
		ck_assert_int_eq(close(fd[i]), 0);
}

static void
stress(int seconds)
{
	unsigned long long memory;
	int handles;

	use_numbers();
	/* As long: heaps grow to what the busiest moment needs, and stay. */
	run(seconds);
	finish();
	handles = host_handles();
	memory = inside_memory();
	run(seconds);
	finish();
	ck_flat(handles, memory);
}

START_TEST(every_byte_is_accounted_for)
{
	stress(SECONDS);
}
END_TEST

/* The same with calls into NT that fail for lack of resources. */
START_TEST(every_byte_is_accounted_for_when_calls_fail)
{
	int n;

	if (!inside_faults(-1)) {
		host_skip("every_byte_is_accounted_for_when_calls_fail",
		    "this system's calls cannot be made to fail");
		return;
	}
	atomic_store(&faults_on, 1);
	(void)inside_faults(20);
	run(SECONDS);
	n = inside_faults(0);
	atomic_store(&faults_on, 0);
	finish();
	(void)printf("%u connections, %llu bytes, %d calls failed\n",
	    (unsigned int)next_id, (unsigned long long)sent, n);
	ck_assert_int_gt(n, 100);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		every_byte_is_accounted_for,
		every_byte_is_accounted_for_when_calls_fail,
	};

	inside_begin();
	return run_cases("poll_stress", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
