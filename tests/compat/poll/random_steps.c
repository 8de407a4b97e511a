#include "compat/poll/random.h"

#include <sys/select.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* What is reported: the slot that was registered, and what it meant. */
#define DATA(s) ((uint64_t)slot[s] << 32 | (uint64_t)(s))
#define DATA_SLOT(data) ((int)((data) & 0xffffffffu))
#define DATA_THING(data) ((int)((data) >> 32))

static int
is_stream(const struct thing *t)
{
	return t->kind == TCP || t->kind == UNIX;
}

static int
is_socket(const struct thing *t)
{
	return is_stream(t) || t->kind == UDP;
}

/* A slot, first to last exclusive, that is open (or not); -1: none. */
static int
pick(int first, int last, int open)
{
	int s, i, n = last - first;

	s = roll(n);
	for (i = 0; i < n; i++, s = (s + 1) % n)
		if ((slot[first + s] >= 0) == open)
			return first + s;
	return -1;
}

static void
step_new(void)
{
	static const enum kind kinds[] = { TCP, TCP, UDP, UNIX, UNIX, READER,
	    READER, EVENT, TIMER };
	enum kind kind = kinds[roll(sizeof(kinds) / sizeof(kinds[0]))];
	int a = pick(0, SLOTS - EPOLLS, 0), b;

	if (a < 0)
		return;
	for (b = a + 1; b < SLOTS - EPOLLS && slot[b] >= 0; b++)
		continue;
	if (b == SLOTS - EPOLLS)
		b = -1;
	if (kind < EVENT && b < 0)
		kind = EVENT;
	note("new %d %d %d\n", (int)kind, a, kind < EVENT ? b : -1);
	thing_new(kind, a, b);
}

static void
step_new_epoll(void)
{
	int s = pick(SLOTS - EPOLLS, SLOTS, 0);

	if (s < 0)
		return;
	note("new epoll %d\n", s);
	thing_new(EPOLL, s, -1);
}

/*
 * EPOLLET on sockets is kept to what they are read for, because everything
 * that arrives is an edge for Linux (LIM-POLL-1); not used after one's own
 * shutdown(), where one sequence in thousands differed between two runs on
 * Linux (not looked into); and not used on instances, where Linux's edges
 * depend on the order of its wake-ups.
 */
static uint32_t
roll_events(const struct thing *t)
{
	static const uint32_t some[] = { EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT,
	    EPOLLIN | EPOLLRDHUP, EPOLLIN, 0, EPOLLRDHUP };
	uint32_t events = some[roll(sizeof(some) / sizeof(some[0]))];

	if (roll(4) == 0)
		events |= EPOLLONESHOT;
	if (roll(3) == 0 && t != NULL && t->kind != EPOLL && t->shut == 0) {
		events |= EPOLLET;
		if (is_socket(t))
			events = (events & ~(uint32_t)EPOLLOUT) | EPOLLIN;
	}
	return events;
}

/*
 * What arrives at a socket is seen by a watched instance a moment later: its
 * thread has to take it.  So only instances without sockets are watched; those
 * with some are in check_epoll_soft, which waits for that.
 */
static int
is_outer(int s)
{
	return s >= SLOTS - EPOLLS + INNER;
}

static void
step_ctl(void)
{
	static const int ops[] = { EPOLL_CTL_ADD, EPOLL_CTL_ADD,
	    EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_MOD, EPOLL_CTL_DEL };
	int op = ops[roll(6)], ep = pick(SLOTS - EPOLLS, SLOTS, 1), s, err;
	struct epoll_event ev;
	struct thing *t;

	if (ep < 0)
		return;
	s = roll(8) == 0 ? roll(SLOTS) : pick(0, SLOTS - EPOLLS, 1);
	if (s < 0)
		return;
	if (is_outer(s))
		s -= INNER;
	t = slot[s] >= 0 ? &things[slot[s]] : NULL;
	if (t != NULL && is_socket(t) && !is_outer(ep))
		ep += INNER;
	memset(&ev, 0, sizeof(ev));
	ev.events = roll_events(t);
	ev.data.u64 = t != NULL ? DATA(s) : 0;
	err = epoll_ctl(fd_of(ep), op, fd_of(s), &ev) == 0 ? 0 : errno;
	note("ctl %d %d %d %s: %s\n", ep, op, s, events_name(ev.events),
	    error_name(err));
	if (err == 0 && op != EPOLL_CTL_DEL && (ev.events & EPOLLET) != 0)
		t->edge = 1;
}

static void
step_send(void)
{
	int s = pick(0, SLOTS - EPOLLS, 1);
	struct thing *t;

	if (s < 0)
		return;
	t = &things[slot[s]];
	if (t->kind == READER || (t->kind < EVENT && t->peer < 0))
		return;
	/* Linux resets a connection on which data comes after that. */
	if (t->kind == TCP && (things[t->peer].shut & SHUT_R) != 0)
		return;
	if (roll(6) == 0 && t->kind >= WRITER)
		thing_send(s, 0);
	else if (t->kind != WRITER || !things[t->peer].full)
		thing_send(s, 1 + roll(64));
}

static void
step_recv(void)
{
	int s = pick(0, SLOTS - EPOLLS, 1);

	if (s >= 0 && things[slot[s]].kind != WRITER)
		thing_recv(s, roll(3) == 0 ? 0 : 1 + roll(64));
}

/* shutdown() of what is shut on both sides can be ENOTCONN or nothing. */
static void
step_shut(void)
{
	int s = pick(0, SLOTS - EPOLLS, 1);
	struct thing *t;

	if (s < 0)
		return;
	t = &things[slot[s]];
	/* One's own shutdown() is an edge for Linux, as everything is, and
	 * so is another of the peer's. */
	if (!is_stream(t) || t->peer < 0 || t->edge ||
	    ((t->shut & SHUT_W) != 0 && things[t->peer].edge) ||
	    ((t->shut & SHUT_W) != 0 && t->fin))
		return;
	thing_shut(s, t->kind == UNIX ? SHUT_W : 1 + roll(3));
}

/* What slot_close() may have to do before would be an edge. */
static int
can_close(int s)
{
	struct thing *t = &things[slot[s]];

	return t->kind != UNIX || t->refs > 1 || t->peer < 0 ||
	    !things[t->peer].edge || (things[t->peer].shut & SHUT_W) != 0;
}

static void
step_close(void)
{
	int s = roll(6) == 0 ? pick(SLOTS - EPOLLS, SLOTS, 1) :
	    pick(0, SLOTS - EPOLLS, 1);

	if (s >= 0 && can_close(s))
		slot_close(s);
}

static void
step_dup(void)
{
	int from = pick(0, SLOTS - EPOLLS, 1), to = roll(SLOTS - EPOLLS);

	/* Not over the other end of the same: that would be all of it. */
	if (from >= 0 && (slot[to] < 0 || (can_close(to) &&
	    things[slot[from]].peer != slot[to])))
		slot_dup(from, to);
}

static int
compare(const void *a, const void *b)
{
	const struct epoll_event *x = a, *y = b;

	return (x->data.u64 > y->data.u64) - (x->data.u64 < y->data.u64);
}

/*
 * A socket that was reported under EPOLLET has to be read until EAGAIN before
 * anything else arrives: see LIM-POLL-1.
 */
static void
report(struct epoll_event *ev, int n)
{
	struct thing *t;
	int i, s;

	qsort(ev, (size_t)n, sizeof(*ev), compare);
	for (i = 0; i < n; i++)
		note(" %d/%d:%s", DATA_SLOT(ev[i].data.u64),
		    DATA_THING(ev[i].data.u64), events_name(ev[i].events));
	note("\n");
	for (i = 0; i < n; i++) {
		t = &things[DATA_THING(ev[i].data.u64)];
		s = slot_of(DATA_THING(ev[i].data.u64));
		if (s >= 0 && is_socket(t) && t->edge)
			thing_recv(s, 0);
	}
}

static void
step_wait(void)
{
	int ep = pick(SLOTS - EPOLLS, SLOTS, 1), n;
	struct epoll_event ev[64];

	if (ep < 0)
		return;
	n = epoll_wait(fd_of(ep), ev, 64, 0);
	note("wait %d: %d", ep, n);
	report(ev, n > 0 ? n : 0);
}

/* One at a time: in as many calls as there can be everyone has his turn. */
static void
step_rotate(void)
{
	int ep = pick(SLOTS - EPOLLS, SLOTS, 1), i, j, n = 0;
	struct epoll_event ev[64], one;

	if (ep < 0)
		return;
	for (i = 0; i < 64; i++) {
		if (epoll_wait(fd_of(ep), &one, 1, 0) != 1)
			break;
		for (j = 0; j < n; j++)
			if (ev[j].data.u64 == one.data.u64)
				break;
		if (j == n)
			ev[n++] = one;
	}
	note("rotate %d: %d", ep, n);
	report(ev, n);
}

static void
step_poll(void)
{
	static const short some[] = { POLLIN, POLLOUT, POLLIN | POLLOUT,
	    POLLIN | POLLRDHUP, 0 };
	struct pollfd p[SLOTS];
	int s, n;

	for (s = 0; s < SLOTS; s++) {
		p[s].fd = roll(8) == 0 || is_outer(s) ? -1 : fd_of(s);
		p[s].events = some[roll(sizeof(some) / sizeof(some[0]))];
		p[s].revents = -1;
	}
	n = poll(p, SLOTS, 0);
	note("poll: %d", n);
	for (s = 0; s < SLOTS; s++)
		if (p[s].revents != 0)
			note(" %d:%x", s, (unsigned int)p[s].revents);
	note("\n");
}

static void
step_select(void)
{
	struct timeval none = { 0, 0 };
	fd_set r, w, x;
	int s, n;

	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&x);
	for (s = 0; s < SLOTS; s++) {
		if (slot[s] < 0 || is_outer(s))
			continue;
		if (roll(3) != 0)
			FD_SET(fd_of(s), &r);
		if (roll(3) != 0)
			FD_SET(fd_of(s), &w);
		if (roll(3) != 0)
			FD_SET(fd_of(s), &x);
	}
	n = select(fd_of(SLOTS), &r, &w, &x, &none);
	note("select: %d", n);
	for (s = 0; s < SLOTS; s++)
		if (FD_ISSET(fd_of(s), &r) || FD_ISSET(fd_of(s), &w) ||
		    FD_ISSET(fd_of(s), &x))
			note(" %d:%s%s%s", s, FD_ISSET(fd_of(s), &r) ? "r" : "",
			    FD_ISSET(fd_of(s), &w) ? "w" : "",
			    FD_ISSET(fd_of(s), &x) ? "x" : "");
	note("\n");
}

void
step(void)
{
	static const struct {
		void (*fn)(void);
		int weight;
	} steps[] = {
		{ step_new, 9 }, { step_new_epoll, 3 }, { step_ctl, 26 },
		{ step_send, 18 }, { step_recv, 10 }, { step_shut, 3 },
		{ step_close, 4 }, { step_dup, 4 }, { step_wait, 26 },
		{ step_rotate, 3 }, { step_poll, 3 }, { step_select, 2 },
	};
	int sum = 0, i, n = sizeof(steps) / sizeof(steps[0]), at;

	for (i = 0; i < n; i++)
		sum += steps[i].weight;
	at = roll(sum);
	for (i = 0; at >= steps[i].weight; i++)
		at -= steps[i].weight;
	steps[i].fn();
}
