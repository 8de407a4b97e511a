#include "refuse.h"

#include <stdatomic.h>
#include <string.h>

#include "nt/calls_nt.h"

NTSTATUS NTAPI LdrLockLoaderLock(ULONG flags, ULONG *result,
    ULONG_PTR *cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR cookie);

static atomic_int count;

static NTSTATUS
fail(void)
{
	atomic_fetch_add(&count, 1);
	return STATUS_ACCESS_DENIED;
}

static NTSTATUS NTAPI
fail_suspend(HANDLE thread, PULONG before)
{
	(void)thread;
	(void)before;
	return fail();
}

static NTSTATUS NTAPI
fail_get(HANDLE thread, PCONTEXT context)
{
	(void)thread;
	(void)context;
	return fail();
}

static NTSTATUS NTAPI
fail_set(HANDLE thread, const CONTEXT *context)
{
	(void)thread;
	(void)context;
	return fail();
}

void
refuse(const char *call)
{
	nt.NtSuspendThread = NtSuspendThread;
	nt.NtGetContextThread = NtGetContextThread;
	nt.NtSetContextThread = NtSetContextThread;
	atomic_store(&count, 0);
	if (call == NULL)
		return;
	if (strcmp(call, "NtSuspendThread") == 0)
		nt.NtSuspendThread = fail_suspend;
	if (strcmp(call, "NtGetContextThread") == 0)
		nt.NtGetContextThread = fail_get;
	if (strcmp(call, "NtSetContextThread") == 0)
		nt.NtSetContextThread = fail_set;
}

uintptr_t
refuse_in_loader(void)
{
	ULONG_PTR cookie = 0;

	(void)LdrLockLoaderLock(0, NULL, &cookie);
	return cookie;
}

void
refuse_loaded(uintptr_t cookie)
{
	(void)LdrUnlockLoaderLock(0, cookie);
}

void
refuse_set_error(uint32_t error)
{
	SetLastError(error);
}

uint32_t
refuse_error(void)
{
	return GetLastError();
}

int
refused(void)
{
	return atomic_load(&count);
}
