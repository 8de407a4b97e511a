/*
 * Faults of the processor as signals, jumps out of handlers: POSIX.1-2024, XSH
 * 2.4, siglongjmp().
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "compat/signal/fault.h"
#include "support/handle.h"
#include "support/main.h"

#define PAGE 4096		/* and more, where pages are larger */

static volatile sig_atomic_t registers_right;
static double vector_seen;
static char *volatile page;

/* XBD <signal.h>: SIGSEGV, SEGV_MAPERR, the address. */
START_TEST(an_address_without_memory_is_sigsegv)
{
	handle(SIGSEGV, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		touch(nowhere + 16);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGSEGV);
	ck_assert_int_eq(seen.si_code, SEGV_MAPERR);
	ck_assert_ptr_eq(seen.si_addr, (void *)16);
	ck_assert_int_eq(is_blocked(SIGSEGV), 0);
}
END_TEST

static void
unprotect(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	note(info);
	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE) != 0)
		_exit(98);
}

/* SEGV_ACCERR; a handler that returns lets the program go on. */
START_TEST(a_handler_can_repair_the_fault)
{
	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(page, MAP_FAILED);
	handle(SIGSEGV, unprotect, 0);
	touch(page + 5);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_code, SEGV_ACCERR);
	ck_assert_ptr_eq(seen.si_addr, page + 5);
	ck_assert_int_eq(page[5], 1);
	ck_assert_int_eq(is_blocked(SIGSEGV), 0);
	ck_assert_int_eq(munmap(page, PAGE), 0);
}
END_TEST

START_TEST(a_division_by_zero_is_sigfpe)
{
	handle(SIGFPE, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		divide();
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGFPE);
	ck_assert_int_eq(seen.si_code, FPE_INTDIV);
	ck_assert_ptr_nonnull(seen.si_addr);
}
END_TEST

START_TEST(an_illegal_instruction_is_sigill)
{
	handle(SIGILL, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		illegal();
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGILL);
	ck_assert_int_eq(seen.si_code, ILL_ILLOPN);
	ck_assert_ptr_nonnull(seen.si_addr);
}
END_TEST

/* A trap, not a fault: the program goes on behind it. */
START_TEST(a_breakpoint_is_sigtrap)
{
	handle(SIGTRAP, come_back, 0);
	__asm__ volatile("int3");
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGTRAP);
	__asm__ volatile("int3");
	ck_assert_int_eq(handled, 2);
}
END_TEST

#define UD2_SIZE 2

static void
step_over(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	greg_t *r = uc->uc_mcontext.gregs;

	(void)signo;
	note(info);
	registers_right = (uintptr_t)r[REG_RIP] == (uintptr_t)info->si_addr &&
	    r[REG_RBX] == 0x1234567890;
	memcpy(&vector_seen, &uc->uc_mcontext.fpregs->_xmm[7],
	    sizeof(vector_seen));
	r[REG_RIP] += UD2_SIZE;
	r[REG_RAX] = 77;
	sigaddset(&uc->uc_sigmask, SIGUSR2);
}

/* sigaction(), SA_SIGINFO: the context, which a handler may change. */
START_TEST(a_handler_gets_the_registers)
{
	double vector = 2.5;
	long long rax = 1;
	sigset_t set;

	handle(SIGILL, step_over, 0);
	__asm__ volatile("movabsq $0x1234567890, %%rbx\n\t"
	    "movsd %1, %%xmm7\n\t"
	    "ud2"
	    : "+a"(rax) : "m"(vector) : "rbx", "xmm7", "memory");
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(registers_right, 1);
	ck_assert(vector_seen == 2.5);
	ck_assert_int_eq(rax, 77);
	ck_assert_int_eq(is_blocked(SIGUSR2), 1);
	sigemptyset(&set);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &set, NULL), 0);
}
END_TEST

static void
change_mask(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	note(info);
	registers_right = uc->uc_mcontext.gregs[REG_RSP] != 0 &&
	    uc->uc_mcontext.gregs[REG_RIP] != 0 &&
	    !sigismember(&uc->uc_sigmask, SIGUSR1) &&
	    uc->uc_stack.ss_flags == SS_DISABLE;
	sigaddset(&uc->uc_sigmask, SIGUSR2);
}

/* The same for a signal that was sent: the mask that comes back is in it. */
START_TEST(a_handler_gets_the_mask)
{
	stack_t off;
	sigset_t set;

	memset(&off, 0, sizeof(off));
	off.ss_flags = SS_DISABLE;
	ck_assert_int_eq(sigaltstack(&off, NULL), 0);
	handle(SIGUSR1, change_mask, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(registers_right, 1);
	ck_assert_int_eq(is_blocked(SIGUSR2), 1);
	ck_assert_int_eq(is_blocked(SIGUSR1), 0);
	sigemptyset(&set);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &set, NULL), 0);
}
END_TEST

/* mxcsr: exceptions are masked there, 7 bits above their flags. */
#define FLOAT_MASK(flag) ((unsigned int)(flag) << 7)
#define FLOAT_DEFAULT 0x1F80u

static void
set_float(unsigned int mxcsr)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static int
float_code(unsigned int flag, double a, double b)
{
	volatile double x = a, y = b;

	handle(SIGFPE, jump_out, 0);
	if (sigsetjmp(out, 1) == 0) {
		set_float(FLOAT_DEFAULT & ~FLOAT_MASK(flag));
		x = x / y;
	}
	set_float(FLOAT_DEFAULT);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGFPE);
	ck_assert_ptr_nonnull(seen.si_addr);
	return seen.si_code;
}

/* SIGFPE: FPE_FLTDIV, FPE_FLTINV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES. */
START_TEST(floating_point_can_be_made_to_trap)
{
	ck_assert_int_eq(float_code(0x04, 1, 0), FPE_FLTDIV);
	ck_assert_int_eq(float_code(0x01, 0, 0), FPE_FLTINV);
	ck_assert_int_eq(float_code(0x08, 1e300, 1e-300), FPE_FLTOVF);
	ck_assert_int_eq(float_code(0x10, 1e-300, 1e300), FPE_FLTUND);
	ck_assert_int_eq(float_code(0x20, 1, 3), FPE_FLTRES);
}
END_TEST

/* More than one at once: the graver is told.  An odd operand is a FPE_FLTUND. */
START_TEST(the_first_of_two_float_traps_is_told)
{
	ck_assert_int_eq(float_code(0x28, 1e300, 1e-300), FPE_FLTOVF);
	ck_assert_int_eq(float_code(0x30, 1e-300, 1e300), FPE_FLTUND);
	ck_assert_int_eq(float_code(0x02, 5e-324, 1), FPE_FLTUND);
	ck_assert_int_eq(float_code(0x3F, 0, 0), FPE_FLTINV);
	ck_assert_int_eq(float_code(0x3F, 1, 0), FPE_FLTDIV);
}
END_TEST

/* mmap(): a page wholly behind the end of the file; BUS_ADRERR. */
START_TEST(a_page_behind_the_file_is_sigbus)
{
	char *p;
	int fd;

	ck_assert_int_ge(fd = open("short", O_RDWR | O_CREAT, 0600), 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	touch(p + 1);
	handle(SIGBUS, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		touch(p + 2 * PAGE + 7);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGBUS);
	ck_assert_int_eq(seen.si_code, BUS_ADRERR);
	ck_assert_ptr_eq(seen.si_addr, p + 2 * PAGE + 7);
	ck_assert_int_eq(munmap(p, 3 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* What comes from the outside is not told as a page. */
START_TEST(an_impossible_address_is_sigsegv)
{
	volatile uintptr_t bits = UINT64_C(0x8000000000000000);

	handle(SIGSEGV, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		touch((char *)bits);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_code, SI_KERNEL);
	ck_assert_ptr_null(seen.si_addr);
}
END_TEST

START_TEST(a_call_of_nothing_is_sigsegv)
{
	void (*volatile fn)(void) = NULL;

	handle(SIGSEGV, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		fn();
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGSEGV);
}
END_TEST

/* The C library's code counts as the program's. */
START_TEST(a_fault_in_the_c_library_is_a_signal)
{
	volatile size_t n = 5000;
	static char from[5000];

	handle(SIGSEGV, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		(void)memmove(nowhere + 32, from, n);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(seen.si_signo, SIGSEGV);
}
END_TEST

/* XSH siglongjmp(): the mask, if it was saved; the handler had it blocked. */
START_TEST(a_jump_brings_the_mask_back_if_asked)
{
	sigset_t set;

	handle(SIGUSR1, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		raise(SIGUSR1);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(is_blocked(SIGUSR1), 0);
	ck_assert_int_eq(sigsetjmp(out, 0) == 0 ? raise(SIGUSR1) : 0, 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(is_blocked(SIGUSR1), 1);
	sigemptyset(&set);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &set, NULL), 0);
}
END_TEST

static volatile sig_atomic_t let_in;

static void
note_let_in(int signo)
{
	(void)signo;
	let_in = handled;
}

static void
keep_and_jump(int signo, siginfo_t *info, void *context)
{
	(void)context;
	mask_signal(SIG_BLOCK, SIGUSR2);
	(void)raise(SIGUSR2);
	note(info);
	siglongjmp(out, signo);
}

/* What the old mask does not block is handled before the jump has arrived. */
START_TEST(a_jump_lets_in_what_its_mask_does)
{
	volatile sig_atomic_t seen_at_once = -1;

	let_in = 0;
	handle_signal(SIGUSR2, note_let_in, 0);
	handle(SIGUSR1, keep_and_jump, 0);
	if (sigsetjmp(out, 1) == 0)
		(void)raise(SIGUSR1);
	seen_at_once = let_in;
	ck_assert_int_eq(seen_at_once, 1);
	ck_assert_int_eq(is_blocked(SIGUSR2), 0);
}
END_TEST

/* XSH siglongjmp(): the value; 0 becomes 1. */
START_TEST(a_jump_has_a_value)
{
	volatile int n = 0;
	int value;

	value = sigsetjmp(out, 1);
	if (n++ == 0)
		siglongjmp(out, 42);
	ck_assert_int_eq(value, n == 2 ? 42 : 1);
	if (n == 2)
		siglongjmp(out, 0);
	ck_assert_int_eq(n, 3);
}
END_TEST

/* A thousand faults cost nothing that lasts. */
START_TEST(faults_can_be_caught_again_and_again)
{
	volatile int i;

	handle(SIGSEGV, jump_out, 0);
	for (i = 0; i < 1000; i++)
		if (sigsetjmp(out, 1) == 0)
			touch(nowhere);
	ck_assert_int_eq(handled, 1000);
}
END_TEST

int
main(void)
{
	static const TTest *tests[17];
	int n = 0;

	tests[n++] = an_address_without_memory_is_sigsegv;
	tests[n++] = a_handler_can_repair_the_fault;
	tests[n++] = a_division_by_zero_is_sigfpe;
	tests[n++] = an_illegal_instruction_is_sigill;
	tests[n++] = a_breakpoint_is_sigtrap;
	tests[n++] = a_handler_gets_the_registers;
	tests[n++] = a_handler_gets_the_mask;
	tests[n++] = floating_point_can_be_made_to_trap;
	tests[n++] = the_first_of_two_float_traps_is_told;
	tests[n++] = a_page_behind_the_file_is_sigbus;
	tests[n++] = an_impossible_address_is_sigsegv;
	tests[n++] = a_call_of_nothing_is_sigsegv;
	tests[n++] = a_fault_in_the_c_library_is_a_signal;
	tests[n++] = a_jump_brings_the_mask_back_if_asked;
	tests[n++] = a_jump_lets_in_what_its_mask_does;
	tests[n++] = a_jump_has_a_value;
	tests[n++] = faults_can_be_caught_again_and_again;
	return run_cases("faults", tests, n);
}
