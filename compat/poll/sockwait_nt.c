#include "poll/sockwait.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/epoll.h>

#include "fd/lock.h"
#include "poll/afd.h"
#include "signal/wait.h"

#ifndef SIO_BSP_HANDLE_POLL
#define SIO_BSP_HANDLE_POLL 0x4800001D
#endif

/*
 * One blocked call.  They are kept for the next one: there are never more than
 * there were threads blocked at once, and an event costs a call into NT.
 */
struct waiter {
	struct afd_op op;
	HANDLE event;
	struct waiter *next;
};

static struct {
	struct lock lock;
	struct waiter *free;
} waiters;

static int
waiter_get(struct waiter **wp)
{
	struct waiter *w;
	int err;

	lock_write(&waiters.lock);
	if ((w = waiters.free) != NULL)
		waiters.free = w->next;
	unlock_write(&waiters.lock);
	if (w != NULL) {
		*wp = w;
		return 0;
	}
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return ENOMEM;
	if ((w->event = nt.CreateEventW(NULL, TRUE, FALSE, NULL)) == NULL) {
		err = nt_errno(GetLastError());
		goto free_waiter;
	}
	*wp = w;
	return 0;

free_waiter:
	free(w);
	return err;
}

static void
waiter_put(struct waiter *w)
{
	lock_write(&waiters.lock);
	w->next = waiters.free;
	waiters.free = w;
	unlock_write(&waiters.lock);
}

/*
 * The request has to be over before the waiter is used again, and a result
 * that came in the meantime wins over the signal or the timeout.
 */
static void
waiter_collect(struct waiter *w)
{
	afd_cancel(&w->op);
	(void)WaitForSingleObject(w->event, INFINITE);
}

int
sock_wait(uintptr_t base, uint32_t events, int64_t deadline,
    uint32_t *revents)
{
	struct waiter *w = NULL;
	uint32_t afd;
	int err;

	if ((err = waiter_get(&w)) != 0)
		return err;
	err = afd_start(&w->op, 0, base, afd_from_epoll(events),
	    (uintptr_t)w->event, NULL);
	if (err == EINPROGRESS) {
		err = sig_wait((uintptr_t)w->event, deadline);
		if (err != 0)
			waiter_collect(w);
	}
	if ((afd = afd_result(&w->op)) & AFD_CLOSED) {
		err = EBADF;
	} else if (afd != 0) {
		*revents = afd_to_epoll(afd) & (events | EPOLLERR | EPOLLHUP);
		err = 0;
	} else if (err == 0 && (err = afd_error(&w->op)) == 0) {
		err = EINTR;	/* cancelled by somebody: ask again */
	}
	waiter_put(w);
	return err;
}

/*
 * Somebody has to be told what to remove, and an errno cannot say it: once, to
 * the standard error.
 */
static void
name_provider(SOCKET s)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	WSAPROTOCOL_INFOW info;
	int size = sizeof(info);
	char name[WSAPROTOCOL_LEN * 3 + 1] = "(unknown)";

	if (atomic_flag_test_and_set(&told))
		return;
	if (winsock.getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info,
	    &size) == 0)
		(void)WideCharToMultiByte(CP_UTF8, 0, info.szProtocol, -1, name,
		    sizeof(name), NULL, NULL);
	(void)fprintf(stderr, "libcompat: the network provider \"%s\" "
	    "keeps its sockets' base handles to itself "
	    "(SIO_BASE_HANDLE, SIO_BSP_HANDLE_POLL): no sockets with it\n",
	    name);
}

/*
 * Below layered providers.  Some of these fail SIO_BASE_HANDLE on purpose,
 * but pass SIO_BSP_HANDLE_POLL down by one layer.
 */
int
sock_base_handle(uintptr_t sock, uintptr_t *base)
{
	SOCKET s = (SOCKET)sock, next;
	DWORD n;
	int err;

	for (;;) {
		if (winsock.WSAIoctl(s, SIO_BASE_HANDLE, NULL, 0, &next,
		    sizeof(next), &n, NULL, NULL) == 0) {
			*base = (uintptr_t)next;
			return 0;
		}
		if (winsock.WSAIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &next,
		    sizeof(next), &n, NULL, NULL) != 0)
			break;
		if (next == s) {
			WSASetLastError(WSAEOPNOTSUPP);
			break;
		}
		s = next;
	}
	err = nt_errno((uint32_t)WSAGetLastError());
	name_provider(s);
	return err;
}
