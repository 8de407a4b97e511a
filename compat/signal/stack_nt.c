#include "signal/stack.h"

#include "nt/nt.h"
#include "signal/state.h"

#define PAGE 4096
#define RESERVE (32 * 1024)

/* Behind NT_TIB, in no header: where the stack's memory begins. */
#define TEB_DEALLOCATION_STACK 0x1478

static uintptr_t *
allocation(NT_TIB *tib)
{
	return (uintptr_t *)((char *)tib + TEB_DEALLOCATION_STACK);
}

static NT_TIB *
tib_self(void)
{
	NT_TIB *tib;

	/* NtCurrentTeb() is this, and GCC warns of it. */
	__asm__ volatile("movq %%gs:0x30, %0" : "=r"(tib));
	return tib;
}

static struct sig_bounds
bounds_in(NT_TIB *tib)
{
	return (struct sig_bounds){ .base = (uintptr_t)tib->StackBase,
	    .limit = (uintptr_t)tib->StackLimit, .end = *allocation(tib) };
}

static struct sig_bounds
bounds_get(void)
{
	return bounds_in(tib_self());
}

struct sig_bounds
sig_stack_of(const struct sig_thread *t)
{
	return bounds_in((NT_TIB *)t->tib);
}

static void
bounds_set(const struct sig_bounds *b)
{
	NT_TIB *tib = tib_self();

	tib->StackBase = (void *)b->base;
	tib->StackLimit = (void *)b->limit;
	*allocation(tib) = b->end;
}

static int
is_inside(const struct sig_thread *t, uintptr_t sp)
{
	return sp - t->alt_base < t->alt_size;
}

int
sig_stack_is_on(const struct sig_thread *t)
{
	return is_inside(t, (uintptr_t)__builtin_frame_address(0));
}

/* The frame pointer holds the old stack: a called function keeps it. */
static void
switch_and_call(uintptr_t top, void (*fn)(void *), void *arg)
{
	__asm__ volatile(
	    "movq %%rsp, %%rbx\n\t"
	    "movq %[top], %%rsp\n\t"
	    "subq $32, %%rsp\n\t"	/* the callee's, by NT's convention */
	    "callq *%[fn]\n\t"
	    "movq %%rbx, %%rsp"
	    : "+c"(arg)
	    : [top] "r"(top), [fn] "r"(fn)
	    : "rax", "rbx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc",
	    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5");
}

void
sig_stack_call(struct sig_thread *t, void (*fn)(void *), void *arg)
{
	struct sig_bounds alt;

	if (t->alt_size == 0 || sig_stack_is_on(t)) {
		fn(arg);
		return;
	}
	alt.end = alt.limit = t->alt_base;
	alt.base = (t->alt_base + t->alt_size) & ~(uintptr_t)15;
	t->own = bounds_get();
	bounds_set(&alt);
	switch_and_call(alt.base, fn, arg);
	bounds_set(&t->own);
}

/*
 * NT tells of a full stack once, and takes the guard away: everything is
 * committed then.  Without a new one the next time would end the process.
 * Wine commits all of a stack from the beginning, with a guard too near to the
 * end for a handler.
 */
static void
guard(const struct sig_bounds *own)
{
	uintptr_t page = own->end + PAGE + RESERVE;
	MEMORY_BASIC_INFORMATION info;
	NT_TIB *tib = tib_self();
	DWORD old;

	if (VirtualQuery((void *)page, &info, sizeof(info)) == 0 ||
	    info.State != MEM_COMMIT ||
	    !VirtualProtect((void *)page, PAGE, PAGE_READWRITE | PAGE_GUARD,
	    &old))
		return;
	tib->StackLimit = (void *)(page + PAGE);
}

void
sig_stack_leave(struct sig_thread *t, uintptr_t sp)
{
	if (!sig_stack_is_on(t) || is_inside(t, sp))
		return;
	bounds_set(&t->own);
	if (t->own_full)
		guard(&t->own);
	t->own_full = 0;
}

uintptr_t
sig_stack_reserve(void)
{
	struct sig_bounds own = bounds_get();
	ULONG size = RESERVE;

	(void)SetThreadStackGuarantee(&size);
	if ((uintptr_t)&size > own.end + 2 * RESERVE)
		guard(&own);
	return (uintptr_t)tib_self();
}
