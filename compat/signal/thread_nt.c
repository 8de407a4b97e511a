/*
 * Threads.  One that blocks in the library, or changes its mask, is entered in
 * a list, so that a signal can choose it and wake it; its end takes it out
 * again (the callback of an FLS slot, which NT runs on the thread that ends).
 */
#include "nt/nt.h"

#include <stdlib.h>

#include "signal/state.h"
#include "signal/wait.h"

struct sig_process sig_process;
struct sig_thread sig_main;

/*
 * A thread for which there is no memory: it blocks everything, and signals go
 * to others.
 */
static struct sig_thread nobody = { .mask = UINT64_MAX };

BOOLEAN NTAPI RtlDllShutdownInProgress(void);

static DWORD slot = FLS_OUT_OF_INDEXES;

static void
link_thread(struct sig_thread *t)
{
	lock_write(&sig_process.lock);
	t->next = sig_process.threads;
	sig_process.threads = t;
	unlock_write(&sig_process.lock);
}

static void
unlink_thread(struct sig_thread *t)
{
	struct sig_thread **link;

	lock_write(&sig_process.lock);
	for (link = &sig_process.threads; *link != NULL; link = &(*link)->next)
		if (*link == t) {
			*link = t->next;
			break;
		}
	sig_drop(&t->pending, UINT64_MAX);
	unlock_write(&sig_process.lock);
}

/*
 * In a process that ends, NT has killed the other threads already, one of them
 * perhaps with the lock held: then touch nothing.
 */
static void NTAPI
thread_ended(void *arg)
{
	struct sig_thread *t = arg;

	if (t == NULL || t == &nobody || RtlDllShutdownInProgress())
		return;
	unlink_thread(t);
	sig_retarget(t);
	(void)CloseHandle((HANDLE)t->handle);
	t->handle = 0;
	if (t != &sig_main)
		free(t);
}

/* Fill t in for the calling thread. */
static int
thread_register(struct sig_thread *t, uint64_t mask)
{
	HANDLE self = GetCurrentProcess(), thread;

	if (!DuplicateHandle(self, GetCurrentThread(), self, &thread, 0,
	    FALSE, DUPLICATE_SAME_ACCESS))
		return EAGAIN;
	t->handle = (uintptr_t)thread;
	t->id = GetCurrentThreadId();
	t->mask = mask;
	if (!FlsSetValue(slot, t)) {
		(void)CloseHandle(thread);
		return EAGAIN;
	}
	link_thread(t);
	return 0;
}

struct sig_thread *
sig_self_masked(uint64_t mask)
{
	struct sig_thread *t = FlsGetValue(slot);

	if (t != NULL)
		return t;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return &nobody;
	if (thread_register(t, mask) != 0) {
		free(t);
		return &nobody;
	}
	return t;
}

/*
 * A thread that nobody told us about: its creator's mask is not known, so the
 * main thread's stands in for it.  LIM-SIG-6.
 */
struct sig_thread *
sig_self(void)
{
	return sig_self_masked(sig_main.mask);
}

struct sig_thread *
sig_self_known(void)
{
	return FlsGetValue(slot);
}

struct sig_thread *
sig_find(uint32_t id)
{
	struct sig_thread *t;

	for (t = sig_process.threads; t != NULL; t = t->next)
		if (t->id == id)
			return t;
	return NULL;
}

/* Its only effect is that the wait it interrupts ends. */
static void NTAPI
wake_apc(ULONG_PTR arg)
{
	struct sig_thread *t = FlsGetValue(slot);

	(void)arg;
	if (t != NULL)
		t->waking = 0;
}

/*
 * The signal's bit is set before waking is read here, and waking is cleared
 * before the thread reads the bits: either the thread sees the bit, or a new
 * APC is queued.
 */
void
sig_wake(struct sig_thread *t)
{
	if (t->handle == 0 || atomic_exchange(&t->waking, 1) != 0)
		return;
	if (!QueueUserAPC(wake_apc, (HANDLE)t->handle, 0))
		t->waking = 0;
}

/* Before main(), on the main thread. */
__attribute__((constructor)) static void
signal_init(void)
{
	if ((slot = FlsAlloc(thread_ended)) == FLS_OUT_OF_INDEXES)
		return;
	(void)thread_register(&sig_main, 0);
	sig_abort_init();
	sig_console_init();
}
