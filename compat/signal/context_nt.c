#include "signal/context_nt.h"

#include <stddef.h>

_Static_assert(sizeof(CONTEXT) <= sizeof(((struct sig_context *)0)->nt),
    "a context of NT fits");
_Static_assert(sizeof(XMM_SAVE_AREA32) == sizeof(struct _libc_fpstate),
    "both are what fxsave writes");

/* The index is REG_R8 and so on, of which the headers have no names here. */
static const size_t place[] = {
	offsetof(CONTEXT, R8), offsetof(CONTEXT, R9), offsetof(CONTEXT, R10),
	offsetof(CONTEXT, R11), offsetof(CONTEXT, R12), offsetof(CONTEXT, R13),
	offsetof(CONTEXT, R14), offsetof(CONTEXT, R15), offsetof(CONTEXT, Rdi),
	offsetof(CONTEXT, Rsi), offsetof(CONTEXT, Rbp), offsetof(CONTEXT, Rbx),
	offsetof(CONTEXT, Rdx), offsetof(CONTEXT, Rax), offsetof(CONTEXT, Rcx),
	offsetof(CONTEXT, Rsp), offsetof(CONTEXT, Rip),
};

#define PLACES (sizeof(place) / sizeof(place[0]))
#define FLAGS PLACES			/* REG_EFL */
#define SEGMENTS (FLAGS + 1)		/* REG_CSGSFS */

static DWORD64 *
at(const CONTEXT *c, size_t i)
{
	return (DWORD64 *)((char *)(uintptr_t)c + place[i]);
}

void
sig_context_get(CONTEXT *c, ucontext_t *uc)
{
	static const ucontext_t empty;
	greg_t *r = uc->uc_mcontext.gregs;
	size_t i;

	*uc = empty;
	for (i = 0; i < PLACES; i++)
		r[i] = (greg_t)*at(c, i);
	r[FLAGS] = c->EFlags;
	r[SEGMENTS] = (greg_t)(c->SegCs | (DWORD64)c->SegGs << 16 |
	    (DWORD64)c->SegFs << 32);
	uc->uc_mcontext.fpregs = (fpregset_t)&c->FltSave;
}

/* NT keeps mxcsr twice and takes the one outside. */
void
sig_context_put(const ucontext_t *uc, CONTEXT *c)
{
	const greg_t *r = uc->uc_mcontext.gregs;
	size_t i;

	for (i = 0; i < PLACES; i++)
		*at(c, i) = (DWORD64)r[i];
	c->EFlags = (DWORD)r[FLAGS];
	c->MxCsr = c->FltSave.MxCsr;
}

void
sig_context_here(struct sig_context *here)
{
	CONTEXT *c = (CONTEXT *)here->nt;

	RtlCaptureContext(c);
	sig_context_get(c, &here->uc);
}

void
sig_float_afresh(void)
{
	static const DWORD mxcsr = 0x1F80;

	__asm__ volatile("fninit\n\tldmxcsr %0" : : "m"(mxcsr));
}
