/*
 * Threads.  One that blocks in the library, or changes its mask, is entered in
 * a list, so that a signal can choose it and wake it; its end takes it out
 * again (the callback of an FLS slot, which NT runs on the thread that ends).
 */
#include "nt/nt.h"

#include <stdlib.h>

#include "process/group.h"
#include "process/handoff.h"
#include "signal/channel.h"
#include "signal/preempt.h"
#include "signal/stack.h"
#include "signal/state.h"
#include "signal/wait.h"

struct sig_process sig_process;
struct sig_thread sig_main;

/*
 * A thread for which there is no memory: it blocks everything, and signals go
 * to others.
 */
static struct sig_thread nobody = {
	.mask = ~SIG_NEVER_BLOCKED,
	.id = UINT32_MAX,
};

BOOLEAN NTAPI RtlDllShutdownInProgress(void);

static DWORD slot = FLS_OUT_OF_INDEXES;

static struct sig_thread *
thread_new(HANDLE thread, uint32_t id)
{
	HANDLE self = GetCurrentProcess(), copy;
	struct sig_thread *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return NULL;
	if (!DuplicateHandle(self, thread, self, &copy, 0, FALSE,
	    DUPLICATE_SAME_ACCESS)) {
		free(t);
		return NULL;
	}
	t->handle = (uintptr_t)copy;
	t->id = id;
	return t;
}

static void
thread_free(struct sig_thread *t)
{
	if (t == NULL)
		return;
	(void)CloseHandle((HANDLE)t->handle);
	t->handle = 0;
	if (t != &sig_main)
		free(t);
}

/* Lock held. */
static void
link_thread(struct sig_thread *t)
{
	t->next = sig_process.threads;
	sig_process.threads = t;
}

/* Lock held. */
static void
unlink_thread(struct sig_thread *t)
{
	struct sig_thread **link;

	for (link = &sig_process.threads; *link != NULL; link = &(*link)->next)
		if (*link == t) {
			*link = t->next;
			break;
		}
	t->tib = 0;
	sig_drop(&t->pending, UINT64_MAX);
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
	lock_write(&sig_process.lock);
	unlink_thread(t);
	unlock_write(&sig_process.lock);
	sig_retarget(t);
	thread_free(t);
}

/*
 * Enter the calling thread.  It may have been entered already, by a
 * pthread_kill() that came before its first call of the library.
 */
static struct sig_thread *
thread_enter(struct sig_thread *new, uint64_t mask)
{
	uintptr_t tib = sig_stack_reserve();
	struct sig_thread *t;

	lock_write(&sig_process.lock);
	if ((t = sig_find(new->id)) == NULL) {
		t = new;
		link_thread(t);
	}
	t->mask = mask;
	t->tib = tib;
	t->absent = 0;
	unlock_write(&sig_process.lock);
	if (t != new)
		thread_free(new);
	if (FlsSetValue(slot, t))
		return t;
	t->absent = 1;			/* forget() finds it when it ends */
	return &nobody;
}

struct sig_thread *
sig_self_masked(uint64_t mask)
{
	struct sig_thread *t = FlsGetValue(slot);

	if (t != NULL)
		return t;
	t = thread_new(GetCurrentThread(), GetCurrentThreadId());
	return t != NULL ? thread_enter(t, mask) : &nobody;
}

/* Remove threads that ended without having come by.  Lock held. */
static void
forget_ended(void)
{
	struct sig_thread *t, *next;

	for (t = sig_process.threads; t != NULL; t = next) {
		next = t->next;
		if (t->absent && WaitForSingleObject((HANDLE)t->handle, 0) ==
		    WAIT_OBJECT_0) {
			unlink_thread(t);
			thread_free(t);
		}
	}
}

int
sig_enter(uintptr_t handle, uint32_t id)
{
	struct sig_thread *t;

	lock_read(&sig_process.lock);
	t = sig_find(id);
	unlock_read(&sig_process.lock);
	if (t != NULL)
		return 0;
	if ((t = thread_new((HANDLE)handle, id)) == NULL)
		return EAGAIN;
	t->mask = ~SIG_NEVER_BLOCKED;
	t->absent = 1;
	lock_write(&sig_process.lock);
	if (sig_find(id) == NULL) {
		forget_ended();
		link_thread(t);
		t = NULL;
	}
	unlock_write(&sig_process.lock);
	thread_free(t);
	return 0;
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
	if (t->handle == 0 || t->absent || atomic_exchange(&t->waking, 1) != 0)
		return;
	if (!QueueUserAPC(wake_apc, (HANDLE)t->handle, 0))
		t->waking = 0;
}

/* What is blocked and what is ignored, a child has from its parent. */
static uint64_t
inherit_signals(void)
{
	const struct handoff *h = startup_handoff();
	int signo;

	if (h == NULL)
		return 0;
	for (signo = 1; signo < NSIG; signo++)
		if ((h->ignored & SIG_BIT(signo) & ~SIG_NEVER_BLOCKED) != 0)
			sig_process.action[signo].sa_handler = SIG_IGN;
	return h->mask & ~SIG_NEVER_BLOCKED;
}

/* Before main(), on the main thread, and before the channel lets signals in. */
__attribute__((constructor(HAND_PRIORITY))) static void
signal_init(void)
{
	HANDLE self = GetCurrentProcess(), thread;

	if ((slot = FlsAlloc(thread_ended)) == FLS_OUT_OF_INDEXES)
		return;
	if (!DuplicateHandle(self, GetCurrentThread(), self, &thread, 0,
	    FALSE, DUPLICATE_SAME_ACCESS))
		return;
	sig_main.handle = (uintptr_t)thread;
	sig_main.id = GetCurrentThreadId();
	(void)thread_enter(&sig_main, inherit_signals());
	sig_abort_init();
	sig_fault_init();
	sig_console_init();
	group_init();
	preempt_init();
	channel_init();
}
