#include "signal/preempt.h"

#include <compat.h>

#include "nt/calls_nt.h"
#include "signal/channel.h"
#include "signal/preempt_nt.h"
#include "signal/program_text.h"
#include "signal/stack.h"
#include "signal/state.h"
#include "signal/wait.h"
#include "time/clock.h"

/*
 * A thread gets SOON_NS to come by itself.  One that runs where it must not be
 * interrupted is mostly elsewhere a moment later: it is stopped again and
 * again, in spells.  One that is at the same place STILL times waits, where we
 * have no part in it.  After EAGER_NS all of that happens less often.
 */
#define NS_PER_MS 1000000
#define SOON_NS (1 * NS_PER_MS)
#define LATER_NS (10 * NS_PER_MS)
#define SELDOM_NS (40 * NS_PER_MS)
#define EAGER_NS (500 * NS_PER_MS)
#define SPELL_NS (5 * NS_PER_MS)
#define SHORT_SPELL_NS (4 * NS_PER_MS)
#define STILL 4

/* How a try ended; of several threads, the last of these counts. */
enum outcome { DONE, WAITS, RUNS };

#define TRY_ONLY 2			/* which Wine overlooks: it waits */

NTSTATUS NTAPI LdrLockLoaderLock(ULONG flags, ULONG *result,
    ULONG_PTR *cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR cookie);

static int possible, wanted = 1;
static atomic_int enabled, armed;	/* set with sig_process.lock held */
static int64_t due, eager_until;	/* of the channel's thread alone */

/* COMPAT_INTERRUPTS=off: for a program whose source stays as it is. */
static int
is_unwanted(void)
{
	WCHAR value[4];

	return GetEnvironmentVariableW(L"COMPAT_INTERRUPTS", value, 4) == 3 &&
	    wcscmp(value, L"off") == 0;
}

void
preempt_refresh(void)
{
	enabled = possible && wanted && program_text_is_known();
}

void
preempt_init(void)
{
	possible = trampoline_init();
	wanted = !is_unwanted();
	program_text_enter();
	lock_write(&sig_process.lock);
	preempt_refresh();
	unlock_write(&sig_process.lock);
}

void
preempt_arm(void)
{
	if (armed || !enabled)
		return;
	armed = 1;
	channel_wake();
}

/* When this has returned with 0, nobody is stopped any more. */
int
compat_signal_interrupts(int on)
{
	int before;

	lock_write(&sig_process.lock);
	before = enabled;
	if (on >= 0)
		wanted = on;
	preempt_refresh();
	if (enabled && !before)
		preempt_arm();
	unlock_write(&sig_process.lock);
	sig_poll();
	return before;
}

/*
 * In the program's code; on its own stack, with room; and not where NT is
 * about to tell it of an exception.
 */
static int
is_interruptible(const struct sig_thread *t, const CONTEXT *c)
{
	struct sig_bounds b = sig_stack_of(t);

	return ((c->ContextFlags & CONTEXT_EXCEPTION_REPORTING) == 0 ||
	    (c->ContextFlags & (CONTEXT_SERVICE_ACTIVE |
	    CONTEXT_EXCEPTION_ACTIVE)) == 0) &&
	    program_text_holds(c->Rip) &&
	    c->Rsp <= b.base && c->Rsp >= b.limit + TRAMPOLINE_FRAME &&
	    c->Rsp - b.end >= trampoline_room();
}

/* At the same place as the last time: it waits, or has not run yet. */
static enum outcome
compare(struct sig_thread *t, const CONTEXT *c)
{
	int moved = c->Rip != t->seen_pc || c->Rsp != t->seen_sp;

	t->seen_pc = c->Rip;
	t->seen_sp = c->Rsp;
	return moved ? RUNS : WAITS;
}

/*
 * Between stop and go nothing is called that takes a lock or allocates: the
 * thread may hold any but sig_process.lock, which is ours.
 */
static enum outcome
interrupt(struct sig_thread *t)
{
	HANDLE thread = (HANDLE)t->handle;
	CONTEXT c = { .ContextFlags = CONTEXT_CONTROL |
	    CONTEXT_EXCEPTION_REQUEST };
	enum outcome outcome = WAITS;

	if (!NT_SUCCESS(nt.NtSuspendThread(thread, NULL)))
		return WAITS;
	if (NT_SUCCESS(nt.NtGetContextThread(thread, &c))) {
		outcome = compare(t, &c);
		if (is_interruptible(t, &c)) {
			trampoline_aim(&c);
			c.ContextFlags = CONTEXT_CONTROL;
			if (NT_SUCCESS(nt.NtSetContextThread(thread, &c)))
				outcome = DONE;
		}
	}
	(void)NtResumeThread(thread, NULL);
	return outcome;
}

/* One that waits in a call of ours comes by itself. */
static int
is_due(const struct sig_thread *t, uint64_t set)
{
	return (set & ~t->mask) != 0 && !t->absent && !t->waiting &&
	    t->tib != 0 && t->id != GetCurrentThreadId();
}

/* What the process has goes to one: shared is without it then. */
static enum outcome
try(struct sig_thread *t, uint64_t *shared)
{
	enum outcome outcome;

	if (!is_due(t, t->pending.bits | *shared))
		return DONE;
	if ((outcome = interrupt(t)) == DONE)
		*shared &= t->mask;
	return outcome;
}

/* The main thread first, as on Linux. */
static enum outcome
try_all(void)
{
	uint64_t shared = sig_process.pending.bits;
	enum outcome last, outcome;
	struct sig_thread *t;

	if (sig_main.waiting)
		shared &= sig_main.mask & ~sig_main.taking;
	last = try(&sig_main, &shared);
	for (t = sig_process.threads; t != NULL; t = t->next)
		if (t != &sig_main && (outcome = try(t, &shared)) > last)
			last = outcome;
	return last;
}

/* What was sent before the lock is taken is seen; what comes later arms. */
static enum outcome
try_all_locked(void)
{
	enum outcome outcome;

	lock_write(&sig_process.lock);
	if (!enabled || (outcome = try_all()) == DONE) {
		outcome = DONE;
		armed = 0;
	}
	unlock_write(&sig_process.lock);
	return outcome;
}

/*
 * A thread with the loader's lock is not interrupted: we have it.  And a
 * process ends with it: NT kills this thread first, which must not leave the
 * one that ends the process stopped.
 */
static enum outcome
try_unless_ending(void)
{
	enum outcome outcome;
	ULONG_PTR cookie = 0;
	ULONG result;

	if (!NT_SUCCESS(LdrLockLoaderLock(TRY_ONLY, &result, &cookie)) ||
	    cookie == 0)
		return WAITS;
	outcome = try_all_locked();
	(void)LdrUnlockLoaderLock(0, cookie);
	return outcome;
}

static enum outcome
try_for_a_spell(int64_t end)
{
	enum outcome outcome;
	int still = 0;

	for (;;) {
		outcome = try_unless_ending();
		still = outcome == WAITS ? still + 1 : 0;
		if (outcome == DONE || still == STILL ||
		    clock_monotonic_ns() >= end)
			return outcome;
		(void)SwitchToThread();
	}
}

/* Until the next spell, after one that ended so. */
static int64_t
pause_after(enum outcome outcome, int eager)
{
	if (!eager)
		return SELDOM_NS;
	return outcome == RUNS ? SOON_NS : LATER_NS;
}

static uint32_t
ms_left(int64_t now)
{
	return (uint32_t)((due - now + NS_PER_MS - 1) / NS_PER_MS);
}

uint32_t
preempt_turn(void)
{
	enum outcome outcome;
	int64_t now;
	int eager;

	if (!armed)
		return UINT32_MAX;
	now = clock_monotonic_ns();
	if (due == 0) {
		due = now + SOON_NS;
		eager_until = now + EAGER_NS;
	}
	if (due > now)
		return ms_left(now);
	eager = now < eager_until;
	outcome = try_for_a_spell(now + (eager ? SPELL_NS : SHORT_SPELL_NS));
	if (outcome == DONE) {
		due = 0;
		return UINT32_MAX;
	}
	now = clock_monotonic_ns();
	due = now + pause_after(outcome, eager);
	return ms_left(now);
}
