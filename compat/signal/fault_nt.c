/*
 * Faults of the processor: NT's exceptions as signals.
 *
 * The vectored handler sees an exception before anybody else.  In the
 * program's code it belongs to the program; in a DLL the DLL may have a
 * handler of its own, and is asked first: when nobody wanted it, the
 * unhandled filter marks it and lets the instruction fault once more, and this
 * time the vectored handler takes it.
 *
 * A program that has no handler, or blocks the signal, ends as NT sees to it:
 * with a crash report, and an exit code that exit.c knows.
 */
#include "nt/nt.h"

#include "fd/result.h"
#include "signal/context_nt.h"
#include "signal/stack.h"
#include "signal/state.h"
#include "signal/wait.h"

static const struct {
	DWORD code;
	int signo, si_code;
} faults[] = {
	{ 0x80000002, SIGBUS, BUS_ADRALN },
	{ 0x80000003, SIGTRAP, TRAP_BRKPT },
	{ 0x80000004, SIGTRAP, TRAP_TRACE },
	{ 0xC0000005, SIGSEGV, SEGV_MAPERR },	/* or SEGV_ACCERR: address() */
	{ 0xC0000006, SIGBUS, BUS_ADRERR },
	{ 0xC000001D, SIGILL, ILL_ILLOPN },
	{ 0xC000008D, SIGFPE, FPE_FLTUND },
	{ 0xC000008E, SIGFPE, FPE_FLTDIV },
	{ 0xC000008F, SIGFPE, FPE_FLTRES },
	{ 0xC0000090, SIGFPE, FPE_FLTINV },
	{ 0xC0000091, SIGFPE, FPE_FLTOVF },
	{ 0xC0000092, SIGFPE, FPE_FLTINV },
	{ 0xC0000093, SIGFPE, FPE_FLTUND },
	{ 0xC0000094, SIGFPE, FPE_INTDIV },
	{ 0xC0000095, SIGFPE, FPE_INTOVF },
	{ 0xC0000096, SIGILL, ILL_PRVOPC },
	{ 0xC00000FD, SIGSEGV, SEGV_MAPERR },
	{ 0xC00002B4, SIGFPE, FPE_FLTINV },	/* or others: vector_fault() */
	{ 0xC00002B5, SIGFPE, FPE_FLTINV },
};

#define STACK_FULL 0xC00000FD
#define VECTOR_FAULTS 0xC00002B4
#define VECTOR_TRAPS 0xC00002B5
#define BREAKPOINT 0x80000003
#define BREAK_SIZE 1		/* int3 */

static LPTOP_LEVEL_EXCEPTION_FILTER next_filter;
static const void *program, *library, *runtime[2];

/* Where the fault is, and for SIGSEGV what is there. */
static void
address(const EXCEPTION_RECORD *r, siginfo_t *info)
{
	MEMORY_BASIC_INFORMATION memory;

	info->si_addr = r->ExceptionAddress;
	if ((info->si_signo != SIGSEGV && r->ExceptionCode != 0xC0000006) ||
	    r->NumberParameters < 2)
		return;
	info->si_addr = (void *)r->ExceptionInformation[1];
	if (r->ExceptionCode != 0xC0000005)
		return;
	/* An address that cannot be is not told by the processor. */
	if (r->ExceptionInformation[1] == UINTPTR_MAX) {
		info->si_addr = NULL;
		info->si_code = SI_KERNEL;
	} else if (VirtualQuery(info->si_addr, &memory, sizeof(memory)) != 0 &&
	    memory.State == MEM_COMMIT) {
		info->si_code = SEGV_ACCERR;
	}
}

/*
 * NT does not always say which fault of the vector unit it was.  The register
 * does: six flags, and their six masks 7 bits higher.
 */
static int
vector_fault(const CONTEXT *c, int otherwise)
{
	static const struct {
		DWORD flag;
		int si_code;
	} order[] = {
		{ 0x01, FPE_FLTINV }, { 0x04, FPE_FLTDIV }, { 0x08, FPE_FLTOVF },
		{ 0x12, FPE_FLTUND }, { 0x20, FPE_FLTRES },
	};
	DWORD hit = c->MxCsr & ~(c->MxCsr >> 7);
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if ((hit & order[i].flag) != 0)
			return order[i].si_code;
	return otherwise;
}

static int
describe(const EXCEPTION_RECORD *r, siginfo_t *info)
{
	static const siginfo_t empty;
	size_t i;

	if ((r->ExceptionFlags & EXCEPTION_NONCONTINUABLE) != 0)
		return 0;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].code == r->ExceptionCode) {
			*info = empty;
			info->si_signo = faults[i].signo;
			info->si_code = faults[i].si_code;
			return 1;
		}
	return 0;
}

/*
 * The program, this library and the C runtime, for which the program answers;
 * and what is in no file, as a jump to nowhere or code made at run time.
 */
static int
is_program(const void *pc)
{
	MEMORY_BASIC_INFORMATION memory;
	const void *base;

	if (VirtualQuery(pc, &memory, sizeof(memory)) == 0 ||
	    memory.Type != MEM_IMAGE)
		return 1;
	base = memory.AllocationBase;
	return base == program || base == library || base == runtime[0] ||
	    base == runtime[1];
}

/* Is there a handler that can run?  A full stack needs another one. */
static int
is_handled(struct sig_thread *t, DWORD code, int signo)
{
	struct sigaction act;

	if ((t->mask & SIG_BIT(signo)) != 0)
		return 0;
	lock_read(&sig_process.lock);
	act = sig_process.action[signo];
	unlock_read(&sig_process.lock);
	if (act.sa_handler == SIG_DFL || act.sa_handler == SIG_IGN)
		return 0;
	return code != STACK_FULL || ((act.sa_flags & SA_ONSTACK) != 0 &&
	    t->alt_size != 0 && !sig_stack_is_on(t));
}

/*
 * On a full stack nothing more is asked for: what NT does to report a crash
 * needs room, and under Wine the thread would end, or hang, and the process
 * stay.
 */
static void
end_full(void)
{
	(void)TerminateProcess(GetCurrentProcess(), STACK_FULL);
}

static void
handle(struct sig_thread *t, EXCEPTION_POINTERS *e, siginfo_t *info)
{
	DWORD code = e->ExceptionRecord->ExceptionCode;
	ucontext_t uc;

	if (code == STACK_FULL)
		t->own_full = 1;
	if (code == VECTOR_FAULTS || code == VECTOR_TRAPS)
		info->si_code = vector_fault(e->ContextRecord, info->si_code);
	/* The processor goes on behind a breakpoint; NT does not. */
	if (code == BREAKPOINT)
		e->ContextRecord->Rip += BREAK_SIZE;
	address(e->ExceptionRecord, info);
	sig_context_get(e->ContextRecord, &uc);
	sig_float_afresh();
	sig_fault(t, info, &uc);
	sig_context_put(&uc, e->ContextRecord);
}

static LONG CALLBACK
on_exception(EXCEPTION_POINTERS *e)
{
	const EXCEPTION_RECORD *r = e->ExceptionRecord;
	int is_full = r->ExceptionCode == STACK_FULL;
	DWORD last = GetLastError();
	struct sig_thread *t;
	siginfo_t info;

	if (!describe(r, &info))
		return EXCEPTION_CONTINUE_SEARCH;
	t = sig_self();
	if (is_handled(t, r->ExceptionCode, info.si_signo) && (is_full ||
	    t->unwanted == (uintptr_t)r->ExceptionAddress ||
	    is_program(r->ExceptionAddress))) {
		t->unwanted = 0;
		handle(t, e, &info);
		SetLastError(last);
		return EXCEPTION_CONTINUE_EXECUTION;
	}
	if (is_full && is_program(r->ExceptionAddress))
		end_full();
	return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK
on_unhandled(EXCEPTION_POINTERS *e)
{
	const EXCEPTION_RECORD *r = e->ExceptionRecord;
	struct sig_thread *t = sig_self();
	siginfo_t info;

	if (r->ExceptionCode == STACK_FULL)
		end_full();
	if (describe(r, &info) &&
	    t->unwanted != (uintptr_t)r->ExceptionAddress &&
	    is_handled(t, r->ExceptionCode, info.si_signo)) {
		t->unwanted = (uintptr_t)r->ExceptionAddress;
		return EXCEPTION_CONTINUE_EXECUTION;
	}
	return next_filter != NULL ? next_filter(e) : EXCEPTION_CONTINUE_SEARCH;
}

static const void *
module_of(const void *pc)
{
	MEMORY_BASIC_INFORMATION memory;

	return VirtualQuery(pc, &memory, sizeof(memory)) != 0 ?
	    memory.AllocationBase : NULL;
}

void
sig_fault_init(void)
{
	program = GetModuleHandleW(NULL);
	library = module_of(&next_filter);
	runtime[0] = GetModuleHandleW(L"msvcrt.dll");
	runtime[1] = GetModuleHandleW(L"ucrtbase.dll");
	(void)AddVectoredExceptionHandler(0, on_exception);
	next_filter = SetUnhandledExceptionFilter(on_unhandled);
}
