#include "bench/poll.h"

#include "nt/nt.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <sys/epoll.h>

#include "fd/names.h"
#include "fd/fdtable.h"
#include "poll/afd.h"
#include "poll/interest.h"

static SOCKET *sock;
static int count;

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
take_sockets(const int *fd, int n)
{
	int i;

	if ((sock = calloc((size_t)n, sizeof(*sock))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		sock[i] = socket_of(fd[i]);
	count = n;
	return 0;
}

/* --- WSAPoll --- */

static WSAPOLLFD *polled;

static int
wsapoll_begin(const int *fd, int active, int n)
{
	int i;

	(void)active;
	if (take_sockets(fd, n) != 0 ||
	    (polled = calloc((size_t)n, sizeof(*polled))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		polled[i].fd = sock[i];
		polled[i].events = POLLRDNORM;
	}
	return 0;
}

static int
wsapoll_wait(int *ready)
{
	int i, n = 0;

	if (WSAPoll(polled, (ULONG)count, -1) <= 0)
		return -1;
	for (i = 0; i < count; i++)
		if (polled[i].revents != 0)
			ready[n++] = i;
	return n;
}

static void
wsapoll_end(void)
{
	free(polled);
	free(sock);
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
	(void)active;
	if (take_sockets(fd, n) != 0)
		return -1;
	set = calloc(1, sizeof(*set) + (size_t)n * sizeof(SOCKET));
	return set != NULL ? 0 : -1;
}

static int
select_wait(int *ready)
{
	u_int i;
	int k, n = 0;

	for (k = 0; k < count; k++)
		set->sock[k] = sock[k];
	set->count = (u_int)count;
	if (select(0, (fd_set *)(void *)set, NULL, NULL, NULL) <= 0)
		return -1;
	/* What is left comes in the order in which it was given. */
	for (i = 0, k = 0; i < set->count; i++) {
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
	free(sock);
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

/* A socket has one port for good, so this one is kept. */
static int
iocp_begin(const int *fd, int active, int n)
{
	int i;

	(void)active;
	if (port == NULL)
		port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
	if (port == NULL || take_sockets(fd, n) != 0 ||
	    (reads = calloc((size_t)n, sizeof(*reads))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		(void)CreateIoCompletionPort((HANDLE)sock[i], port, 0, 0);
		if (post(i) != 0)
			return -1;
	}
	return 0;
}

static int
iocp_wait(int *ready)
{
	OVERLAPPED_ENTRY e[BATCH];
	ULONG got, i;

	if (!GetQueuedCompletionStatusEx(port, e, BATCH, &got, INFINITE,
	    FALSE))
		return -1;
	for (i = 0; i < got; i++)
		ready[i] = (int)(e[i].lpOverlapped - reads);
	return (int)got;
}

/* Every read that was cancelled still has to come back. */
static void
iocp_end(void)
{
	OVERLAPPED_ENTRY e[BATCH];
	ULONG got;
	int i;

	for (i = 0; i < count; i++)
		(void)CancelIoEx((HANDLE)sock[i], &reads[i]);
	for (i = 0; i < count; i += (int)got)
		if (!GetQueuedCompletionStatusEx(port, e, BATCH, &got,
		    5000, FALSE))
			return;
	free(reads);
	free(sock);
}

/* --- AFD asked directly, as little as can be --- */

#define VIAS ((count + 31) / 32)

static struct afd_op *ops;
static uintptr_t *vias;
static HANDLE afd_port;

static int
ask(int i)
{
	int err;

	err = afd_start(&ops[i], vias[i / 32], sock[i], afd_from_epoll(EPOLLIN),
	    0, &ops[i]);
	return err == EINPROGRESS ? 0 : -1;
}

static int
afd_begin(const int *fd, int active, int n)
{
	int i, skips;

	(void)active;
	afd_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
	if (afd_port == NULL || take_sockets(fd, n) != 0 ||
	    (ops = calloc((size_t)n, sizeof(*ops))) == NULL ||
	    (vias = calloc((size_t)VIAS, sizeof(*vias))) == NULL)
		return -1;
	for (i = 0; i < VIAS; i++)
		if (afd_open((uintptr_t)afd_port, &vias[i], &skips) != 0)
			return -1;
	for (i = 0; i < n; i++)
		if (ask(i) != 0)
			return -1;
	return 0;
}

static int
afd_wait(int *ready)
{
	OVERLAPPED_ENTRY e[BATCH];
	ULONG got, i;

	if (!GetQueuedCompletionStatusEx(afd_port, e, BATCH, &got, INFINITE,
	    FALSE))
		return -1;
	for (i = 0; i < got; i++)
		ready[i] = (int)((struct afd_op *)e[i].lpOverlapped - ops);
	return (int)got;
}

/* Every request that was cancelled still has to come back. */
static void
afd_end(void)
{
	OVERLAPPED_ENTRY e[BATCH];
	ULONG got;
	int i;

	for (i = 0; i < count; i++)
		afd_cancel(&ops[i]);
	for (i = 0; i < count; i += (int)got)
		if (!GetQueuedCompletionStatusEx(afd_port, e, BATCH, &got,
		    5000, FALSE))
			return;
	for (i = 0; i < VIAS; i++)
		afd_close(vias[i]);
	(void)CloseHandle(afd_port);
	free(vias);
	free(ops);
	free(sock);
}

/*
 * Nobody asks about the sockets that are used, but AFD has a request for each
 * of the others: what those cost a call that has nothing to do with them.
 */
static int
beside_begin(const int *fd, int active, int n)
{
	if (none_begin(fd, active, n) != 0)
		return -1;
	return afd_begin(fd + active, 0, n - active);
}

const struct engine raw_engines[] = {
	{ "WSAPoll", 0, wsapoll_begin, wsapoll_wait, NULL, NULL, wsapoll_end },
	{ "Winsock select", 0, select_begin, select_wait, NULL, NULL,
	    select_end },
	{ "bare AFD", 0, afd_begin, afd_wait, ask, NULL, afd_end },
	{ "bare IOCP", 0, iocp_begin, iocp_wait, post, NULL, iocp_end },
	{ "(alone beside AFD requests)", 0, beside_begin, none_wait, NULL,
	    NULL, afd_end },
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

void
raw_room(void)
{
}
