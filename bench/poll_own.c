/* The POSIX ways to wait, libcompat's or the system's. */
#include <sys/select.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/poll.h"

static const int *fd;
static int active, count;

int
none_begin(const int *f, int a, int n)
{
	(void)f;
	active = a;
	count = n;
	return 0;
}

int
none_wait(int *ready)
{
	static int next;

	next = (next + 1) % active;
	ready[0] = next;
	return 1;
}

static void
none_end(void)
{
}

/* --- epoll --- */

static struct epoll_event events[BATCH];
static int epfd = -1;

static int
epoll_begin(const int *f, int a, int n)
{
	struct epoll_event e = { .events = EPOLLIN };
	int i;

	(void)a;
	if ((epfd = epoll_create1(0)) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		e.data.u32 = (uint32_t)i;
		if (epoll_ctl(epfd, EPOLL_CTL_ADD, f[i], &e) != 0)
			return -1;
	}
	/* The requests are made by the first wait. */
	return epoll_wait(epfd, &e, 1, 0);
}

static int
epoll_wait_some(int *ready)
{
	int n, i;

	n = epoll_wait(epfd, events, BATCH, -1);
	for (i = 0; i < n; i++)
		ready[i] = (int)events[i].data.u32;
	return n;
}

static int
epoll_calls(struct calls *c)
{
	return raw_calls(epfd, c);
}

static void
epoll_end(void)
{
	(void)close(epfd);
}

/* --- poll --- */

static struct pollfd *polled;

static int
poll_begin(const int *f, int a, int n)
{
	int i;

	(void)a;
	if ((polled = calloc((size_t)n, sizeof(*polled))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		polled[i].fd = f[i];
		polled[i].events = POLLIN;
	}
	count = n;
	return poll(polled, (nfds_t)n, 0);
}

static int
poll_wait(int *ready)
{
	int i, n = 0;

	if (poll(polled, (nfds_t)count, -1) <= 0)
		return -1;
	for (i = 0; i < count; i++)
		if (polled[i].revents != 0)
			ready[n++] = i;
	return n;
}

static void
poll_end(void)
{
	free(polled);
}

/* --- select --- */

static fd_set all;
static int top;

static int
select_begin(const int *f, int a, int n)
{
	struct timeval none = { 0, 0 };
	fd_set set;
	int i;

	(void)a;
	FD_ZERO(&all);
	for (i = 0, top = 0; i < n; i++) {
		if (f[i] >= FD_SETSIZE)
			return -1;
		FD_SET(f[i], &all);
		top = f[i] > top ? f[i] : top;
	}
	fd = f;
	count = n;
	set = all;
	return select(top + 1, &set, NULL, NULL, &none);
}

static int
select_wait(int *ready)
{
	fd_set set = all;
	int i, n = 0;

	if (select(top + 1, &set, NULL, NULL, NULL) <= 0)
		return -1;
	for (i = 0; i < count; i++)
		if (FD_ISSET(fd[i], &set))
			ready[n++] = i;
	return n;
}

const struct engine own_engines[] = {
	{ "(send and recv alone)", 0, none_begin, none_wait, NULL, NULL,
	    none_end },
	{ "epoll", 0, epoll_begin, epoll_wait_some, NULL, epoll_calls,
	    epoll_end },
	{ "poll", 1, poll_begin, poll_wait, NULL, NULL, poll_end },
	{ "select", 1, select_begin, select_wait, NULL, NULL, none_end },
	{ 0 }
};
