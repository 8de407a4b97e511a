/*
 * LockFileEx and UnlockFileEx as NT has them.
 */
#include "support/strict_nt.h"

#include <stdlib.h>

/* One that waits, oldest first. */
struct waiter {
	HANDLE h;
	OVERLAPPED *ov;
	uint64_t off, len;
	int exclusive;
	struct waiter *next;
};

static struct waiter *waiters;
static HANDLE work;

static uint64_t
offset(const OVERLAPPED *ov)
{
	return (uint64_t)ov->OffsetHigh << 32 | ov->Offset;
}

/* On the real event: a private one would be seen in a port. */
static void
complete(OVERLAPPED *ov, NTSTATUS status)
{
	HANDLE event = (HANDLE)((uintptr_t)ov->hEvent & ~(uintptr_t)1);

	ov->InternalHigh = 0;
	__atomic_store_n(&ov->Internal, (ULONG_PTR)status, __ATOMIC_RELEASE);
	if (event != NULL)
		(void)SetEvent(event);
}

static DWORD
take(HANDLE h, uint64_t off, uint64_t len, int exclusive)
{
	struct object *o = object_of(h);
	DWORD code;

	hull_add(o->hull, off, len);
	code = probe_lock(h, off, len, exclusive);
	if (code == 0)
		(void)held_add(o, off, len, exclusive);
	else
		hull_remove(o->hull);
	return code;
}

/* NT grants what waits at the unlock; here it takes a millisecond. */
static DWORD WINAPI
grant(void *arg)
{
	struct waiter **p, *w;

	(void)arg;
	for (;;) {
		(void)WaitForSingleObject(work, INFINITE);
		strict_lock();
		for (p = &waiters; (w = *p) != NULL; ) {
			if (take(w->h, w->off, w->len, w->exclusive) != 0) {
				p = &w->next;
				continue;
			}
			*p = w->next;
			complete(w->ov, 0);
			free(w);
		}
		if (waiters == NULL)
			(void)ResetEvent(work);
		strict_unlock();
		Sleep(1);
	}
	return 0;
}

static void
wait_for(HANDLE h, uint64_t off, uint64_t len, int exclusive, OVERLAPPED *ov)
{
	struct waiter **p = &waiters, *w = malloc(sizeof(*w));
	HANDLE event = (HANDLE)((uintptr_t)ov->hEvent & ~(uintptr_t)1), thread;

	if (w == NULL)
		abort();
	if (work == NULL) {
		work = CreateEventW(NULL, TRUE, FALSE, NULL);
		thread = CreateThread(NULL, 0, grant, NULL, 0, NULL);
		if (work == NULL || thread == NULL)
			abort();
		(void)CloseHandle(thread);
	}
	*w = (struct waiter){ h, ov, off, len, exclusive, NULL };
	ov->Internal = (ULONG_PTR)STATUS_PENDING;
	if (event != NULL)
		(void)ResetEvent(event);
	while (*p != NULL)
		p = &(*p)->next;
	*p = w;
	(void)SetEvent(work);
}

static DWORD
lock(HANDLE h, uint64_t off, uint64_t len, DWORD flags, OVERLAPPED *ov)
{
	static unsigned int calls;
	int exclusive = (flags & LOCKFILE_EXCLUSIVE_LOCK) != 0;
	struct object *o = object_of(h);
	DWORD code;

	if (!o->can_lock)
		return ERROR_ACCESS_DENIED;
	code = take(h, off, len, exclusive);
	if (code == ERROR_LOCK_VIOLATION && o->is_overlapped &&
	    !(flags & LOCKFILE_FAIL_IMMEDIATELY)) {
		wait_for(h, off, len, exclusive, ov);
		return ERROR_IO_PENDING;
	}
	if (code != 0)
		return code;
	complete(ov, 0);
	return o->is_overlapped && ++calls % 2 != 0 ? ERROR_IO_PENDING : 0;
}

static WINBOOL WINAPI
strict_LockFileEx(HANDLE h, DWORD flags, DWORD zero, DWORD lo, DWORD hi,
    OVERLAPPED *ov)
{
	DWORD code;

	strict_lock();
	if (!(flags & LOCKFILE_FAIL_IMMEDIATELY) &&
	    !object_of(h)->is_overlapped) {
		strict_unlock();
		return strict_real.LockFileEx(h, flags, zero, lo, hi, ov);
	}
	code = lock(h, offset(ov), (uint64_t)hi << 32 | lo, flags, ov);
	strict_unlock();
	SetLastError(code);
	return code == 0;
}

static WINBOOL WINAPI
strict_UnlockFileEx(HANDLE h, DWORD zero, DWORD lo, DWORD hi, OVERLAPPED *ov)
{
	WINBOOL ok = FALSE;
	DWORD code = ERROR_NOT_LOCKED;

	strict_lock();
	if (held_remove(object_of(h), offset(ov),
	    (uint64_t)hi << 32 | lo) == 0) {
		ok = strict_real.UnlockFileEx(h, zero, lo, hi, ov);
		code = GetLastError();
	}
	strict_unlock();
	SetLastError(code);
	return ok;
}

static WINBOOL WINAPI
strict_CancelIoEx(HANDLE h, OVERLAPPED *ov)
{
	struct waiter **p, *w;

	strict_lock();
	for (p = &waiters; (w = *p) != NULL; p = &w->next)
		if (w->ov == ov)
			break;
	if (w != NULL) {
		*p = w->next;
		complete(ov, STATUS_CANCELLED);
		free(w);
	}
	strict_unlock();
	return w != NULL ? TRUE : strict_real.CancelIoEx(h, ov);
}

void
strict_hook_locks(void)
{
	nt.CancelIoEx = strict_CancelIoEx;
	nt.LockFileEx = strict_LockFileEx;
	nt.UnlockFileEx = strict_UnlockFileEx;
}
