#include "compat/nt/packets.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "fd/names.h"
#include "nt/calls_nt.h"

struct packet {
	PTP_WAIT wait;
	HANDLE port, event;	/* event: what NT's handle of it would be */
	PVOID key, context;
	struct packet *next;
};

static struct nt_late real;
static __typeof__(&NtRemoveIoCompletionEx) real_remove;
static int saved;
static struct packet *all;
static unsigned int late;
static atomic_uint posted;
static atomic_int refused;

static void CALLBACK
signalled(PTP_CALLBACK_INSTANCE instance, void *arg, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct packet *p = arg;

	(void)instance;
	(void)wait;
	(void)result;
	atomic_fetch_add(&posted, 1);
	(void)NtSetIoCompletion(p->port, p->key, p->context, STATUS_SUCCESS,
	    0);
}

/* Its handle is that of an event, so that CloseHandle() takes it. */
static NTSTATUS NTAPI
create(PHANDLE h, ACCESS_MASK access, POBJECT_ATTRIBUTES attr)
{
	struct packet *p = calloc(1, sizeof(*p));

	(void)access;
	(void)attr;
	if (p == NULL)
		return STATUS_NO_MEMORY;
	p->wait = CreateThreadpoolWait(signalled, p, NULL);
	p->event = CreateEventW(NULL, TRUE, FALSE, NULL);
	p->next = all;
	all = p;
	*h = p->event;
	return STATUS_SUCCESS;
}

static struct packet *
find(HANDLE h)
{
	struct packet *p;

	for (p = all; p != NULL && p->event != h; p = p->next)
		continue;
	return p;
}

static NTSTATUS NTAPI
associate(HANDLE h, HANDLE port, HANDLE target, PVOID key, PVOID context,
    NTSTATUS status, ULONG_PTR n, BOOLEAN *already)
{
	struct packet *p = find(h);

	(void)status;
	(void)n;
	if (atomic_load(&refused))
		return STATUS_INSUFFICIENT_RESOURCES;
	p->port = port;
	p->key = key;
	p->context = context;
	*already = FALSE;
	SetThreadpoolWait(p->wait, target, NULL);
	return STATUS_SUCCESS;
}

static NTSTATUS NTAPI
cancel(HANDLE h, BOOLEAN remove)
{
	struct packet *p = find(h);

	(void)remove;
	SetThreadpoolWait(p->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(p->wait, TRUE);
	return STATUS_SUCCESS;
}

static NTSTATUS NTAPI
remove_late(HANDLE port, struct port_entry *entry, ULONG max, PULONG n,
    PLARGE_INTEGER timeout, BOOLEAN alertable)
{
	LARGE_INTEGER t;

	if (timeout != NULL && timeout->QuadPart != 0) {
		t.QuadPart = timeout->QuadPart - (LONGLONG)late * 10000;
		timeout = &t;
	}
	return real_remove(port, entry, max, n, timeout, alertable);
}

static void
save(void)
{
	if (saved)
		return;
	saved = 1;
	real = nt_late;
	real_remove = nt.NtRemoveIoCompletionEx;
}

void
packets_begin(unsigned int late_ms)
{
	save();
	late = late_ms;
	atomic_store(&refused, 0);
	nt_late.NtCreateWaitCompletionPacket = create;
	nt_late.NtAssociateWaitCompletionPacket = associate;
	nt_late.NtCancelWaitCompletionPacket = cancel;
	nt.NtRemoveIoCompletionEx = remove_late;
}

void
packets_refuse(int yes)
{
	atomic_store(&refused, yes);
}

void
packets_none(void)
{
	save();
	nt_late.NtCreateWaitCompletionPacket = NULL;
}

void
packets_end(void)
{
	nt_late = real;
	nt.NtRemoveIoCompletionEx = real_remove;
}

unsigned int
packets_posted(void)
{
	return atomic_load(&posted);
}
