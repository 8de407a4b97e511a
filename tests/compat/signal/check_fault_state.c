/*
 * What the handler of a fault finds in the processor, and what it leaves
 * there: POSIX.1-2024, XSH sigaction(), the context; psABI, process start.
 */
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "compat/signal/fault.h"
#include "support/main.h"

#define UD2_SIZE 2
#define TRAP_FLAG 0x100
#define CARRY_FLAG 1

/* All but the stack's pointer, and rbp, which the compiler may want. */
static const int names[] = {
	REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_R8, REG_R9,
	REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};
#define NAMES (sizeof(names) / sizeof(names[0]))
#define FIRST 1000		/* the first has this, and so on */
#define CHANGE 500

static volatile sig_atomic_t wrong;
static unsigned long long after[NAMES];
static unsigned char carry;

static void
step_over(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RIP] += UD2_SIZE;
}

static void
change_all(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	greg_t *r = uc->uc_mcontext.gregs;
	size_t i;

	(void)signo;
	note(info);
	for (i = 0; i < NAMES; i++) {
		wrong += r[names[i]] != (greg_t)(FIRST + i);
		r[names[i]] += CHANGE;
	}
	wrong += (r[REG_EFL] & CARRY_FLAG) != 0;
	r[REG_EFL] |= CARRY_FLAG;
	step_over(uc);
}

/* SA_SIGINFO: each register by its name, both ways, and the flags. */
START_TEST(a_handler_changes_every_register)
{
	size_t i;

	wrong = 0;
	handle(SIGILL, change_all, 0);
	__asm__ volatile("movl $1000, %%eax\n\tmovl $1001, %%ebx\n\t"
	    "movl $1002, %%ecx\n\tmovl $1003, %%edx\n\t"
	    "movl $1004, %%esi\n\tmovl $1005, %%edi\n\t"
	    "movl $1006, %%r8d\n\tmovl $1007, %%r9d\n\t"
	    "movl $1008, %%r10d\n\tmovl $1009, %%r11d\n\t"
	    "movl $1010, %%r12d\n\tmovl $1011, %%r13d\n\t"
	    "movl $1012, %%r14d\n\tmovl $1013, %%r15d\n\t"
	    "clc\n\t"
	    "ud2\n\t"
	    "setc %1\n\t"
	    "movq %%rax, 0+%0\n\tmovq %%rbx, 8+%0\n\t"
	    "movq %%rcx, 16+%0\n\tmovq %%rdx, 24+%0\n\t"
	    "movq %%rsi, 32+%0\n\tmovq %%rdi, 40+%0\n\t"
	    "movq %%r8, 48+%0\n\tmovq %%r9, 56+%0\n\t"
	    "movq %%r10, 64+%0\n\tmovq %%r11, 72+%0\n\t"
	    "movq %%r12, 80+%0\n\tmovq %%r13, 88+%0\n\t"
	    "movq %%r14, 96+%0\n\tmovq %%r15, 104+%0"
	    : "=m"(after), "=m"(carry) : : "rax", "rbx", "rcx", "rdx", "rsi",
	    "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc",
	    "memory");
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(wrong, 0);
	for (i = 0; i < NAMES; i++)
		ck_assert_uint_eq(after[i], FIRST + i + CHANGE);
	ck_assert_int_eq(carry, 1);
}
END_TEST

/* mxcsr: flags, six masks, two bits of rounding; the x87's word. */
#define FLOAT_DEFAULT 0x1F80u
#define FLOAT_ODD 0x7E80u	/* division by zero traps, to zero */
#define X87_DEFAULT 0x37Fu
#define X87_ODD 0xF7Fu		/* to zero */

static unsigned int mxcsr_found;
static unsigned short x87_found;

static void
float_get(unsigned int *mxcsr, unsigned short *x87)
{
	__asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(*mxcsr),
	    "=m"(*x87));
}

static void
float_set(unsigned int mxcsr, unsigned short x87)
{
	__asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(x87));
}

static void
look_at_floats(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	float_get(&mxcsr_found, &x87_found);
	note(info);
	step_over(context);
}

/* The handler computes as a program that starts does; who was hit, goes on. */
START_TEST(a_handler_has_a_fresh_vector_unit)
{
	unsigned int mxcsr, first_mxcsr;
	unsigned short x87, first_x87;

	float_get(&first_mxcsr, &first_x87);
	handle(SIGILL, look_at_floats, 0);
	float_set(FLOAT_ODD, X87_ODD);
	illegal();
	float_get(&mxcsr, &x87);
	float_set(first_mxcsr, first_x87);
	ck_assert_int_eq(handled, 1);
	ck_assert_uint_eq(mxcsr_found, FLOAT_DEFAULT);
	ck_assert_uint_eq(x87_found, X87_DEFAULT);
	ck_assert_uint_eq(mxcsr, FLOAT_ODD);
	ck_assert_uint_eq(x87, X87_ODD);
}
END_TEST

static void
round_to_zero(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	note(info);
	uc->uc_mcontext.fpregs->mxcsr = FLOAT_ODD;
	uc->uc_mcontext.fpregs->_xmm[6].element[0] = 12345;
	step_over(uc);
}

/* As it has to be where the handler of a SIGFPE masks it and goes on. */
START_TEST(what_a_handler_changes_in_the_vector_unit_counts)
{
	unsigned int mxcsr, first_mxcsr, xmm6;
	unsigned short x87, first_x87;

	float_get(&first_mxcsr, &first_x87);
	handle(SIGILL, round_to_zero, 0);
	__asm__ volatile("ud2\n\tmovd %%xmm6, %0" : "=r"(xmm6) : : "xmm6",
	    "memory");
	float_get(&mxcsr, &x87);
	float_set(first_mxcsr, first_x87);
	ck_assert_int_eq(handled, 1);
	ck_assert_uint_eq(mxcsr, FLOAT_ODD);
	ck_assert_uint_eq(xmm6, 12345);
}
END_TEST

#define STEPS 3
static void *steps[STEPS];

static void
count_step(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	if (handled < STEPS)
		steps[handled] = info->si_addr;
	note(info);
	/* Linux leaves it as it was, NT turns it off: LIM-SIG-53. */
	if (handled < STEPS)
		uc->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
	else
		uc->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

/* TRAP_TRACE, with the address of what comes next. */
START_TEST(a_program_can_be_stepped_through)
{
	handle(SIGTRAP, count_step, 0);
	__asm__ volatile("leaq -128(%%rsp), %%rsp\n\t"
	    "pushfq\n\t"
	    "orq $0x100, (%%rsp)\n\t"
	    "popfq\n\t"
	    "nop\n\tnop\n\tnop\n\tnop\n\tnop\n\t"
	    "leaq 128(%%rsp), %%rsp" : : : "cc", "memory");
	ck_assert_int_eq(handled, STEPS);
	ck_assert_int_eq(seen.si_signo, SIGTRAP);
	ck_assert_int_eq(seen.si_code, TRAP_TRACE);
	ck_assert_ptr_eq(steps[1], (char *)steps[0] + 1);
	ck_assert_ptr_eq(steps[2], (char *)steps[0] + 2);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = a_handler_changes_every_register;
	tests[n++] = a_handler_has_a_fresh_vector_unit;
	tests[n++] = what_a_handler_changes_in_the_vector_unit_counts;
	tests[n++] = a_program_can_be_stepped_through;
	return run_cases("state of faults", tests, n);
}
