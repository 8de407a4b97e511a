#include "nt/nt.h"

#include <malloc.h>

#include "signal/retire.h"
#include "signal/state.h"

NTSTATUS NTAPI LdrLockLoaderLock(ULONG flags, ULONG *result,
    ULONG_PTR *cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR cookie);

static atomic_int retired;

int
sig_is_retired(void)
{
	return retired;
}

/* NT stops it some time later: when it can be looked at, it has stopped. */
static void
stop(const struct sig_thread *t)
{
	CONTEXT context = { .ContextFlags = CONTEXT_CONTROL };

	if (t->handle != 0 &&
	    SuspendThread((HANDLE)t->handle) != (DWORD)-1)
		(void)GetThreadContext((HANDLE)t->handle, &context);
}

/*
 * What this process still needs is held while the others are stopped, so that
 * none of them keeps it: the loader's lock, ours, and the heaps'.
 */
void
sig_retire(void)
{
	HANDLE heap[2] = { GetProcessHeap(), (HANDLE)_get_heap_handle() };
	struct sig_thread *self = sig_self(), *t;
	ULONG_PTR cookie;
	int signo;

	(void)LdrLockLoaderLock(0, NULL, &cookie);
	lock_write(&sig_process.lock);
	(void)HeapLock(heap[0]);
	(void)HeapLock(heap[1]);
	for (t = sig_process.threads; t != NULL; t = t->next) {
		t->mask = ~SIG_NEVER_BLOCKED;
		t->taking = 0;
		if (t != self)
			stop(t);
	}
	(void)HeapUnlock(heap[1]);
	(void)HeapUnlock(heap[0]);
	for (signo = 1; signo < NSIG; signo++)
		if (sig_process.action[signo].sa_handler != SIG_IGN)
			sig_process.action[signo].sa_handler = SIG_DFL;
	self->taking = ~UINT64_C(0);
	retired = 1;
	unlock_write(&sig_process.lock);
	(void)LdrUnlockLoaderLock(0, cookie);
}
