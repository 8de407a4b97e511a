/*
 * What an interrupted thread runs first: it saves all that the processor
 * holds, since the code that it comes from expects no call; delivers; and goes
 * on there.
 *
 * It is entered as an interrupt's handler is, with rip, cs, flags, rsp and ss
 * on the stack.  That is said by .seh_pushframe, so that an exception in a
 * handler finds its way through, and iretq takes all five back at once.
 */
#include "signal/preempt_nt.h"

#include <stdint.h>

#include "signal/context_nt.h"
#include "signal/preempt.h"
#include "signal/state.h"

#define FXSAVE_SIZE 512
#define XSAVE_HEADER 64
#define HANDLERS_ROOM (24 * 1024)

/* Components that are kept: all but PKRU, and AMX's, which are its user's. */
#define XSAVE_WITHOUT ((UINT64_C(1) << 9) | (UINT64_C(3) << 17))

/* Flags that no function expects: trap, direction, nested, resume, align. */
#define FLAGS_OFF 0x54500

struct machine_frame {
	uint64_t rip, cs, flags, rsp, ss;
};

_Static_assert(RED_ZONE + sizeof(struct machine_frame) + 15 <= TRAMPOLINE_FRAME,
    "it has room");

/* As in gregs, of which the headers have no names here: R8 to RCX, and ... */
#define PUSHED 15
enum { RSP = PUSHED, RIP, EFL, CSGSFS };

struct frame {
	uint64_t reg[PUSHED];
	struct machine_frame at;
};

/* The assembly below knows these names. */
static void enter(struct frame *, void *fpu) __asm__("compat__preempt_enter")
    __attribute__((used));
static uint32_t fpu_size __asm__("compat__preempt_size")
    __attribute__((used));
static uint64_t fpu_mask __asm__("compat__preempt_mask")
    __attribute__((used));

extern const char trampoline[] __asm__("compat__preempt_trampoline");

#define KEPT(reg) "pushq %" #reg "\n\t.seh_pushreg %" #reg "\n\t"
#define LOST(reg) "pushq %" #reg "\n\t.seh_stackalloc 8\n\t"

__asm__(
    ".text\n\t"
    ".p2align 4\n\t"
    ".def compat__preempt_trampoline; .scl 3; .type 32; .endef\n\t"
    ".seh_proc compat__preempt_trampoline\n"
    "compat__preempt_trampoline:\n\t"
    ".seh_pushframe\n\t"
    LOST(rcx) LOST(rax) LOST(rdx)
    KEPT(rbx) KEPT(rbp) KEPT(rsi) KEPT(rdi)
    KEPT(r15) KEPT(r14) KEPT(r13) KEPT(r12)
    LOST(r11) LOST(r10) LOST(r9) LOST(r8)
    "movq %rsp, %rbp\n\t"
    ".seh_setframe %rbp, 0\n\t"
    ".seh_endprologue\n\t"
    "movl compat__preempt_size(%rip), %eax\n\t"
    "call ___chkstk_ms\n\t"
    "subq %rax, %rsp\n\t"
    "andq $-64, %rsp\n\t"
    "xorl %eax, %eax\n\t"
    "movq %rax, 512(%rsp)\n\t"
    "movq %rax, 520(%rsp)\n\t"
    "movq %rax, 528(%rsp)\n\t"
    "movq %rax, 536(%rsp)\n\t"
    "movq %rax, 544(%rsp)\n\t"
    "movq %rax, 552(%rsp)\n\t"
    "movq %rax, 560(%rsp)\n\t"
    "movq %rax, 568(%rsp)\n\t"
    "movl compat__preempt_mask(%rip), %eax\n\t"
    "movl 4+compat__preempt_mask(%rip), %edx\n\t"
    "testl %eax, %eax\n\t"
    "jz 1f\n\t"
    "xsave64 (%rsp)\n\t"
    "jmp 2f\n"
    "1:\n\t"
    "fxsave64 (%rsp)\n"
    "2:\n\t"
    "movq %rbp, %rcx\n\t"
    "movq %rsp, %rdx\n\t"
    "subq $32, %rsp\n\t"		/* the callee's, by NT's convention */
    "call compat__preempt_enter\n\t"
    "addq $32, %rsp\n\t"
    "movl compat__preempt_mask(%rip), %eax\n\t"
    "movl 4+compat__preempt_mask(%rip), %edx\n\t"
    "testl %eax, %eax\n\t"
    "jz 1f\n\t"
    "xrstor64 (%rsp)\n\t"
    "jmp 2f\n"
    "1:\n\t"
    "fxrstor64 (%rsp)\n"
    "2:\n\t"
    "leaq 0(%rbp), %rsp\n\t"
    "popq %r8\n\tpopq %r9\n\tpopq %r10\n\tpopq %r11\n\t"
    "popq %r12\n\tpopq %r13\n\tpopq %r14\n\tpopq %r15\n\t"
    "popq %rdi\n\tpopq %rsi\n\tpopq %rbp\n\tpopq %rbx\n\t"
    "popq %rdx\n\tpopq %rax\n\tpopq %rcx\n\t"
    "iretq\n\t"
    ".seh_endproc\n");

static void
cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	__asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]),
	    "=d"(r[3]) : "a"(leaf), "c"(sub));
}

/*
 * With shadow stacks NT takes no context that they do not know, and iretq
 * faults.  The instruction does nothing where they are off.
 */
static int
has_shadow_stack(void)
{
	uint64_t top = 0;

	__asm__ volatile(".byte 0xf3, 0x48, 0x0f, 0x1e, 0xc8" /* rdsspq */
	    : "+a"(top));
	return top != 0;
}

/* On ARM64 NT's documents do not say what a stopped thread's context is. */
static int
is_emulated(void)
{
	USHORT process, native;

	return IsWow64Process2(GetCurrentProcess(), &process, &native) &&
	    native != IMAGE_FILE_MACHINE_AMD64;
}

/* Which components NT has switched on, and how large they are together. */
static void
measure(void)
{
	uint32_t r[4], low, high;

	fpu_size = FXSAVE_SIZE + XSAVE_HEADER;
	cpuid(1, 0, r);
	if ((r[2] & (1U << 27)) != 0) {		/* OSXSAVE */
		__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
		fpu_mask = ((uint64_t)high << 32 | low) & ~XSAVE_WITHOUT;
		cpuid(0xD, 0, r);
		fpu_size = r[1];
	}
	fpu_size += XSAVE_HEADER;		/* it begins at a multiple */
}

int
trampoline_init(void)
{
	measure();
	return !has_shadow_stack() && !is_emulated();
}

uint32_t
trampoline_room(void)
{
	return fpu_size + HANDLERS_ROOM;
}

void
trampoline_aim(CONTEXT *c)
{
	uintptr_t top = (c->Rsp - RED_ZONE) & ~(uintptr_t)15;
	struct machine_frame *at = (struct machine_frame *)top - 1;

	at->rip = c->Rip;
	at->cs = c->SegCs;
	at->flags = c->EFlags;
	at->rsp = c->Rsp;
	at->ss = c->SegSs;
	c->Rip = (uintptr_t)trampoline;
	c->Rsp = (uintptr_t)at;
	c->EFlags &= ~(DWORD)FLAGS_OFF;
}

/* Registers that a handler changes are changed; rip, rsp and flags too. */
static void
enter(struct frame *f, void *fpu)
{
	static const ucontext_t empty;
	DWORD last = GetLastError();
	ucontext_t uc = empty;
	greg_t *r = uc.uc_mcontext.gregs;
	size_t i;

	for (i = 0; i < PUSHED; i++)
		r[i] = (greg_t)f->reg[i];
	r[RSP] = (greg_t)f->at.rsp;
	r[RIP] = (greg_t)f->at.rip;
	r[EFL] = (greg_t)f->at.flags;
	r[CSGSFS] = (greg_t)f->at.cs;
	uc.uc_mcontext.fpregs = fpu;
	sig_float_afresh();
	sig_interrupted(&uc);
	for (i = 0; i < PUSHED; i++)
		f->reg[i] = (uint64_t)r[i];
	f->at.rsp = (uint64_t)r[RSP];
	f->at.rip = (uint64_t)r[RIP];
	f->at.flags = (uint64_t)r[EFL];
	SetLastError(last);
}
