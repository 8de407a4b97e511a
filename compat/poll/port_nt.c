#include "poll/port.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

#include "time/clock.h"
#include "time/until_nt.h"

#define THREADS_MAX 0x7fffffff

int
port_open(uintptr_t *port)
{
	HANDLE h;

	/*
	 * However many of the threads that took a packet are computing, a
	 * waiting one may have the next; NT would hold it back.
	 */
	h = nt.CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0,
	    THREADS_MAX);
	if (h == NULL)
		return nt_errno(GetLastError());
	*port = (uintptr_t)h;
	return 0;
}

void
port_close(uintptr_t port)
{
	(void)CloseHandle((HANDLE)port);
}

int
port_post(uintptr_t port, uintptr_t key, void *context)
{
	NTSTATUS status;

	status = nt.NtSetIoCompletion((HANDLE)port, (PVOID)key, context,
	    STATUS_SUCCESS, 0);
	return status == STATUS_SUCCESS ? 0 : nt_status_errno(status);
}

/* The count that NT returns means something only with STATUS_SUCCESS. */
int
port_wait(uintptr_t port, struct packet *p, unsigned int max,
    int64_t deadline, int alertable, unsigned int *n)
{
	struct port_entry entry[PORT_BATCH];
	LARGE_INTEGER timeout;
	ULONG i, count = 0;
	NTSTATUS status;

	if (max > PORT_BATCH)
		max = PORT_BATCH;
	do {
		/* NT's clock and ours can differ by a tick: ask again. */
		status = nt.NtRemoveIoCompletionEx((HANDLE)port, entry, max,
		    &count, nt_until(deadline, &timeout), alertable != 0);
	} while (status == STATUS_TIMEOUT && deadline > 0 &&
	    clock_monotonic_ns() < deadline);

	switch (status) {
	case STATUS_SUCCESS:
		break;
	case STATUS_TIMEOUT:
		return ETIMEDOUT;
	case STATUS_USER_APC:
	case STATUS_ALERTED:
		return EINTR;
	default:
		return nt_status_errno(status);
	}
	for (i = 0; i < count; i++) {
		p[i].key = (uintptr_t)entry[i].key;
		p[i].context = entry[i].context;
	}
	*n = count;
	return 0;
}
