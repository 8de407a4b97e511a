#include "compat/poll/random.h"

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#define LONG_MS 5000

struct thing things[THINGS];
int slot[SLOTS];

int
fd_of(int s)
{
	return SLOT_FD + s;
}

int
slot_of(int thing)
{
	int s;

	for (s = 0; s < SLOTS; s++)
		if (slot[s] == thing)
			return s;
	return -1;
}

void
things_begin(void)
{
	int s;

	memset(things, 0, sizeof(things));
	for (s = 0; s < SLOTS; s++)
		slot[s] = -1;
}

void
things_end(void)
{
	int s;

	for (s = 0; s < SLOTS; s++)
		if (slot[s] >= 0)
			(void)close(fd_of(s));
}

/*
 * What was sent or shut has to arrive before anybody looks: wait for that on
 * the descriptor itself, by the calls that tell most directly.
 */
static void
settle_events(int fd, short wanted)
{
	struct pollfd p = { .fd = fd, .events = wanted };
	int i;

	for (i = 0; i < 100000; i++) {
		if (poll(&p, 1, LONG_MS) != 1)
			break;
		if ((p.revents & wanted) == wanted)
			return;
		(void)sched_yield();
	}
	note("! %s never comes\n", events_name((uint32_t)wanted));
}

static void
settle_bytes(int fd, int wanted)
{
	int i, n = -1;

	settle_events(fd, POLLIN);
	for (i = 0; i < 100000; i++) {
		if (ioctl(fd, FIONREAD, &n) != 0 || n == wanted)
			return;
		(void)sched_yield();
	}
	note("! %d bytes of %d\n", n, wanted);
}

/* Both directions shut is a hang-up; else the peer's end is to be seen. */
static void
settle_end(int thing)
{
	struct thing *t = &things[thing];
	int fd = fd_of(slot_of(thing));

	if (t->kind == READER)
		settle_events(fd, POLLHUP);
	else if (t->kind == WRITER)
		settle_events(fd, POLLERR);
	else if ((t->shut & SHUT_W) != 0 && (t->fin || (t->shut & SHUT_R)))
		settle_events(fd, POLLHUP);
	else if (t->fin)
		settle_events(fd, POLLRDHUP);
}

/* To the number of the slot, which is the same everywhere. */
static void
place(int fd, int s, enum kind kind, int peer)
{
	int i;

	if (fd < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0 ||
	    dup2(fd, fd_of(s)) != fd_of(s) || close(fd) != 0)
		note("! no descriptor: %s\n", error_name(errno));
	for (i = 0; things[i].kind != NONE; i++)
		continue;
	memset(&things[i], 0, sizeof(things[i]));
	things[i].kind = kind;
	things[i].refs = 1;
	things[i].peer = peer;
	if (peer >= 0)
		things[peer].peer = i;
	slot[s] = i;
}

/* These run outside of Check's tests, too, so no ck_assert. */
static int
inet_socket(int type, struct sockaddr_in *sin)
{
	socklen_t len = sizeof(*sin);
	int fd = socket(AF_INET, type, 0);

	memset(sin, 0, len);
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)sin, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)sin, &len) != 0)
		note("! bind: %s\n", error_name(errno));
	return fd;
}

static void
udp_pair(int fd[2])
{
	struct sockaddr_in sin[2];
	int i;

	for (i = 0; i < 2; i++)
		fd[i] = inet_socket(SOCK_DGRAM, &sin[i]);
	for (i = 0; i < 2; i++)
		if (connect(fd[i], (struct sockaddr *)&sin[1 - i],
		    sizeof(sin[0])) != 0)
			note("! connect: %s\n", error_name(errno));
}

static void
stream_pair(int fd[2])
{
	struct sockaddr_in sin;
	int l = inet_socket(SOCK_STREAM, &sin);

	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (listen(l, 1) != 0 ||
	    connect(fd[0], (struct sockaddr *)&sin, sizeof(sin)) != 0)
		note("! connect: %s\n", error_name(errno));
	fd[1] = accept(l, NULL, NULL);
	(void)close(l);
}

/* Two ends, or one and an empty second slot. */
void
thing_new(enum kind kind, int a, int b)
{
	int fd[2] = { -1, -1 };

	switch (kind) {
	case TCP:
		stream_pair(fd);
		break;
	case UDP:
		udp_pair(fd);
		break;
	case UNIX:
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0)
			note("! socketpair: %s\n", error_name(errno));
		break;
	case READER:
		if (pipe(fd) != 0)
			note("! pipe: %s\n", error_name(errno));
		break;
	case EVENT:
		fd[0] = eventfd(0, 0);
		break;
	case TIMER:
		fd[0] = timerfd_create(CLOCK_MONOTONIC, 0);
		break;
	default:
		fd[0] = epoll_create1(0);
		break;
	}
	place(fd[0], a, kind, -1);
	if (kind < EVENT)
		place(fd[1], b, kind == READER ? WRITER : kind, slot[a]);
}

/* n is 0: as much as an empty counter takes, or the timer is disarmed. */
static void
counter_add(int s, int n)
{
	struct thing *t = &things[slot[s]];
	struct itimerspec soon = { .it_value = { .tv_nsec = n > 0 } };
	uint64_t add = n > 0 ? (uint64_t)n : UINT64_MAX - 1;

	if (t->kind == TIMER) {
		if (timerfd_settime(fd_of(s), 0, &soon, NULL) != 0)
			note("! settime: %s\n", error_name(errno));
		t->queued = n > 0;
		if (t->queued)
			settle_events(fd_of(s), POLLIN);
	} else if (eventfd_write(fd_of(s), add) == 0) {
		t->queued++;
	} else {
		note("%s ", error_name(errno));
	}
}

/* To a full pipe, however much that takes: n is then 0. */
static void
fill(int s, struct thing *to)
{
	static char buf[4096];

	while (write(fd_of(s), buf, sizeof(buf)) > 0)
		continue;
	note("%s ", error_name(errno));
	if (errno == EAGAIN)
		to->full = 1;
}

void
thing_send(int s, int n)
{
	static const char buf[64];
	struct thing *t = &things[slot[s]], nobody = { 0 };
	struct thing *to = t->peer < 0 ? &nobody : &things[t->peer];
	ssize_t done;

	note("send %d %d ", s, n);
	if (t->kind >= EVENT) {
		counter_add(s, n);
	} else if (n == 0) {
		fill(s, to);
	} else if ((done = write(fd_of(s), buf, (size_t)n)) < 0) {
		note("%s ", error_name(errno));
	} else {
		note("%d ", (int)done);
		to->queued += t->kind == UDP ? 1 : (int)done;
		if (t->kind == UDP)
			settle_events(fd_of(slot_of(t->peer)), POLLIN);
		else if (!to->full)
			settle_bytes(fd_of(slot_of(t->peer)), to->queued);
	}
	note("\n");
}

static void
recv_all(int s, struct thing *t)
{
	static char buf[4096];
	ssize_t n;
	int sum = 0;

	while ((n = read(fd_of(s), buf, sizeof(buf))) > 0)
		sum += (int)n;
	/* How much is in a full pipe is not specified. */
	note("%d %s ", t->full ? -1 : sum, n < 0 ? error_name(errno) : "end");
	t->queued = t->full = 0;
}

static void
counter_get(int s)
{
	uint64_t value;

	if (read(fd_of(s), &value, sizeof(value)) != sizeof(value))
		note("%s ", error_name(errno));
	else
		note("%llu ", (unsigned long long)value);
	things[slot[s]].queued = 0;
}

void
thing_recv(int s, int n)
{
	struct thing *t = &things[slot[s]];
	char buf[64];
	ssize_t done;

	note("recv %d %d ", s, n);
	if (t->kind >= EVENT) {
		counter_get(s);
	} else if (n == 0 || t->full) {
		recv_all(s, t);
	} else if ((done = read(fd_of(s), buf, (size_t)n)) < 0) {
		note("%s ", error_name(errno));
	} else {
		note("%d ", (int)done);
		if (done > 0)
			t->queued -= t->kind == UDP ? 1 : (int)done;
	}
	note("\n");
}

void
thing_shut(int s, int how)
{
	struct thing *t = &things[slot[s]];
	int thing = slot[s], ways[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };

	/* A FIN behind data is seen late under Wine: LIM-POLL-3. */
	if ((how & SHUT_W) != 0 && t->peer >= 0 && things[t->peer].queued > 0)
		thing_recv(slot_of(t->peer), 0);
	note("shut %d %d ", s, how);
	if (shutdown(fd_of(s), ways[how - 1]) != 0) {
		note("%s\n", error_name(errno));
		return;
	}
	note("\n");
	t->shut |= how;
	if ((how & SHUT_W) != 0 && t->peer >= 0) {
		things[t->peer].fin = 1;
		settle_end(t->peer);
	}
	settle_end(thing);
}

/* The last descriptor of t is about to go. */
static void
before_last(int s, struct thing *t)
{
	int peer = t->peer;

	/* Unread data would reset the connection: LIM-SOCK-1. */
	if (t->kind < READER && t->queued > 0)
		thing_recv(s, 0);
	if (peer < 0)
		return;
	if (things[peer].queued > 0 && t->kind < READER)
		thing_recv(slot_of(peer), 0);
	/* Then the end is a hang-up, however it comes: LIM-POLL-4. */
	if (t->kind == UNIX && (things[peer].shut & SHUT_W) == 0)
		thing_shut(slot_of(peer), SHUT_W);
	if (t->queued > 0 && t->kind < READER)
		thing_recv(s, 0);
}

static void
forget(int s, int last)
{
	struct thing *t = &things[slot[s]];
	int peer = t->peer;

	slot[s] = -1;
	t->refs--;
	if (!last)
		return;
	t->kind = NONE;
	if (peer < 0)
		return;
	things[peer].peer = -1;
	things[peer].fin = 1;
	if (things[peer].kind != UDP)
		settle_end(peer);
}

void
slot_close(int s)
{
	struct thing *t = &things[slot[s]];
	int last = t->refs == 1;

	if (last)
		before_last(s, t);
	note("close %d ", s);
	if (close(fd_of(s)) != 0)
		note("%s ", error_name(errno));
	note("\n");
	forget(s, last);
}

void
slot_dup(int from, int to)
{
	int last = slot[to] >= 0 && things[slot[to]].refs == 1;

	if (last)
		before_last(to, &things[slot[to]]);
	note("dup %d %d ", from, to);
	if (dup2(fd_of(from), fd_of(to)) != fd_of(to))
		note("%s ", error_name(errno));
	note("\n");
	/* dup2() of a descriptor to itself changes nothing. */
	if (from == to)
		return;
	things[slot[from]].refs++;
	if (slot[to] >= 0)
		forget(to, last && slot[to] != slot[from]);
	slot[to] = slot[from];
}
