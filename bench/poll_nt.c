#include "bench/poll.h"

#include "nt/nt.h"

#include <stdint.h>
#include <stdlib.h>

#include "fd/names.h"
#include "fd/fdtable.h"
#include "poll/interest.h"
#include "support/host.h"

static SOCKET *sock;
static int count, actives, users;

static SOCKET
socket_of(int fd)
{
	struct file *f;
	SOCKET s;

	if (fd_get(fd, &f) != 0)
		return INVALID_SOCKET;
	s = (SOCKET)f->handle;
	file_put(f);
	return s;
}

static int
take_sockets(const int *fd, int active, int n)
{
	int i;

	if (users++ > 0)
		return 0;
	if ((sock = calloc((size_t)n, sizeof(*sock))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		sock[i] = socket_of(fd[i]);
	actives = active;
	count = n;
	return 0;
}

static void
drop_sockets(void)
{
	if (--users == 0)
		free(sock);
}

static int
nothing(void)
{
	return 0;
}

static void
no_more(void)
{
}

/* --- WSAPoll --- */

static WSAPOLLFD *polled;

static int
wsapoll_begin(const int *fd, int active, int n)
{
	int i;

	if (take_sockets(fd, active, n) != 0 ||
	    (polled = calloc((size_t)n, sizeof(*polled))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		polled[i].fd = sock[i];
		polled[i].events = POLLRDNORM;
	}
	return 0;
}

static int
wsapoll_wait(int *ready, int max)
{
	int i, n = 0;

	if (WSAPoll(polled, (ULONG)count, -1) <= 0)
		return -1;
	for (i = 0; i < count && n < max; i++)
		if (polled[i].revents != 0)
			ready[n++] = i;
	return n;
}

static void
wsapoll_end(void)
{
	free(polled);
	drop_sockets();
}

/* --- Winsock's select; its sets are arrays of any length --- */

struct set {
	u_int count;
	SOCKET sock[];
};

static struct set *set;

static int
select_begin(const int *fd, int active, int n)
{
	if (take_sockets(fd, active, n) != 0)
		return -1;
	set = calloc(1, sizeof(*set) + (size_t)n * sizeof(SOCKET));
	return set != NULL ? 0 : -1;
}

static int
select_wait(int *ready, int max)
{
	u_int i;
	int k, n = 0;

	for (k = 0; k < count; k++)
		set->sock[k] = sock[k];
	set->count = (u_int)count;
	if (select(0, (fd_set *)(void *)set, NULL, NULL, NULL) <= 0)
		return -1;
	/* What is left comes in the order in which it was given. */
	for (i = 0, k = 0; i < set->count && n < max; i++) {
		while (sock[k] != set->sock[i])
			k++;
		ready[n++] = k;
	}
	return n;
}

static void
select_end(void)
{
	free(set);
	drop_sockets();
}

/* --- a completion port, and a read of no bytes on each socket --- */

static HANDLE port;
static OVERLAPPED *reads;

static int
post(int i)
{
	WSABUF none = { 0, NULL };
	DWORD n, flags = 0;

	if (WSARecv(sock[i], &none, 1, &n, &flags, &reads[i], NULL) == 0 ||
	    WSAGetLastError() == WSA_IO_PENDING)
		return 0;
	return -1;
}

static int
post_range(int from, int to)
{
	int i;

	for (i = from; i < to; i++)
		if (post(i) != 0)
			return -1;
	return 0;
}

/* A socket has one port for good, so this one is kept. */
static int
iocp_begin(const int *fd, int active, int n)
{
	int i;

	if (port == NULL)
		port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
	if (port == NULL || take_sockets(fd, active, n) != 0 ||
	    (reads = calloc((size_t)n, sizeof(*reads))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		(void)CreateIoCompletionPort((HANDLE)sock[i], port, 0, 0);
	return post_range(active, n);
}

static int
iocp_on(void)
{
	return post_range(0, actives);
}

static int
iocp_wait(int *ready, int max)
{
	OVERLAPPED_ENTRY e[64];
	ULONG got, i;

	if (!GetQueuedCompletionStatusEx(port, e, max < 64 ? (ULONG)max : 64,
	    &got, INFINITE, FALSE))
		return -1;
	for (i = 0; i < got; i++)
		ready[i] = (int)(e[i].lpOverlapped - reads);
	return (int)got;
}

/* Every read that was cancelled still has to come back. */
static void
take_back(int from, int to)
{
	OVERLAPPED_ENTRY e[64];
	ULONG got;
	int i;

	for (i = from; i < to; i++)
		(void)CancelIoEx((HANDLE)sock[i], &reads[i]);
	for (i = from; i < to; i += (int)got)
		if (!GetQueuedCompletionStatusEx(port, e, 64, &got, 5000,
		    FALSE))
			return;
}

static void
iocp_off(void)
{
	take_back(0, actives);
}

static void
iocp_end(void)
{
	take_back(actives, count);
	free(reads);
	drop_sockets();
}

const struct engine raw_engines[] = {
	{ "WSAPoll", 0, 0, wsapoll_begin, nothing, wsapoll_wait, NULL, no_more,
	    wsapoll_end },
	{ "Winsock select", 0, 0, select_begin, nothing, select_wait, NULL,
	    no_more, select_end },
	{ "bare IOCP", 0, 1, iocp_begin, iocp_on, iocp_wait, post, iocp_off,
	    iocp_end },
	{ 0 }
};

int
raw_calls(int epfd, struct calls *c)
{
	struct poll_counters n;

	if (poll_counters(epfd, &n) != 0)
		return -1;
	c->events = (double)n.events;
	c->polls = (double)n.polls;
	c->cancels = (double)n.cancels;
	c->waits = (double)n.waits;
	return 0;
}

int
raw_most(void)
{
	return host_is_wine() ? 2000 : 0;
}

void
raw_room(void)
{
}
