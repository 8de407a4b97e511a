/*
 * A thread that is interrupted at any instruction goes on as if nothing had
 * been: registers, flags, floating point, stack, and what the C library and
 * this one were in the middle of.  Each workload knows what must come out.
 *
 * The handlers disturb what they can, and call what XSH 2.4.3 lets them.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupter.h"
#include "support/handle.h"
#include "support/host.h"
#include "support/main.h"

#ifndef INTERRUPTIONS
#define INTERRUPTIONS 25		/* of each workload */
#endif

#define BYTES 4000
#define STRING 100000
#define DIRECTION 0x400		/* the flag that std sets */
#define MXCSR_FLAGS 0x3fu		/* of what was computed so far */
#define MXCSR_FRESH 0x1f80

static int ends[2], has_avx;
static sem_t posted;
static volatile double disturbed = 1.0;
static volatile long double disturbed_long = 1.0L;
static unsigned char from[STRING], to[STRING + 16];
static unsigned int shuffled[BYTES];

typedef double vector __attribute__((vector_size(32)));

static void
disturb(int signo)
{
	static vector v = { 1, 2, 3, 4 };
	int saved = errno;
	uint64_t flags;
	uint32_t mxcsr;

	__asm__ volatile("pushfq\n\tpopq %0\n\tstmxcsr %1" : "=r"(flags),
	    "=m"(mxcsr));
	if ((flags & DIRECTION) != 0 || (mxcsr & ~MXCSR_FLAGS) != MXCSR_FRESH)
		abort();
	if (has_avx)
		__asm__ volatile("vzeroall" : : : "xmm0", "xmm1", "xmm2",
		    "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
		    "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	v = v * v + v;
	disturbed = disturbed * 3.0 + (double)signo;
	disturbed_long = disturbed_long / 3.0L + 1.0L;
	if (write(ends[1], "x", 1) != 1 || sem_post(&posted) != 0)
		abort();
	memset(__builtin_alloca(100), 0xa5, 100);
	errno = saved;
	interrupted++;
}

/* What came by the pipe and the semaphore is what was handled. */
static void
collect(void)
{
	char c;
	int i;

	for (i = 0; i < INTERRUPTIONS; i++) {
		ck_assert_int_eq((int)read(ends[0], &c, 1), 1);
		ck_assert_int_eq(c, 'x');
		ck_assert_int_eq(sem_trywait(&posted), 0);
	}
	ck_assert_int_eq(sem_trywait(&posted), -1);
}

/* Repeat work() while signals come; each time it must say the same. */
static void
under_signals(uint64_t (*work)(void))
{
	uint64_t right = work(), wrong = 0, said;

	handle_signal(SIGUSR1, disturb, 0);
	interrupter_start(SIGUSR1, INTERRUPTIONS);
	while (interrupted < INTERRUPTIONS)
		if ((said = work()) != right)
			wrong++;
	interrupter_stop();
	ck_assert_uint_eq(wrong, 0);
	collect();
}

/* For the assembly below, which needs all registers for itself. */
static uint64_t reg[17] __asm__("preempt_reg") __attribute__((used));
static uint64_t reg_after[17] __asm__("preempt_reg_after")
    __attribute__((used));

#define EACH_REGISTER(X) X(rax, 0) X(rbx, 8) X(rdx, 16) X(rsi, 24) \
	X(rdi, 32) X(rbp, 40) X(r8, 48) X(r9, 56) X(r10, 64) X(r11, 72) \
	X(r12, 80) X(r13, 88) X(r14, 96) X(r15, 104)
#define LOAD(name, at) "movq preempt_reg+" #at "(%%rip), %%" #name "\n\t"
#define STORE(name, at) "movq %%" #name ", preempt_reg_after+" #at "(%%rip)\n\t"
#define REGISTERS 17			/* with flags, and two in the red zone */
#define REG_FLAGS 14
#define ARITHMETIC 0x8d5		/* overflow to carry */
#define ROUNDS "$20000"

/*
 * What was loaded is there when rcx has been counted down, flags and all, and
 * what System V's convention lets a function have below its stack pointer.
 */
static uint64_t
registers(void)
{
	uint64_t wrong = 0;
	int i;

	for (i = 0; i < REGISTERS; i++)
		reg[i] = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
	reg[REG_FLAGS] = 0x202 | ARITHMETIC | DIRECTION;
	__asm__ volatile("leaq -128(%%rsp), %%rsp\n\t"
	    "pushq %%rbp\n\tpushq %%rbx\n\t"
	    "pushq preempt_reg+112(%%rip)\n\t"
	    "popfq\n\t"
	    "movq preempt_reg+120(%%rip), %%rax\n\t"
	    "movq %%rax, -8(%%rsp)\n\t"
	    "movq preempt_reg+128(%%rip), %%rax\n\t"
	    "movq %%rax, -128(%%rsp)\n\t"
	    EACH_REGISTER(LOAD)
	    "movl " ROUNDS ", %%ecx\n"
	    "1:\tloop 1b\n\t"
	    EACH_REGISTER(STORE)
	    "movq -8(%%rsp), %%rax\n\t"
	    "movq %%rax, preempt_reg_after+120(%%rip)\n\t"
	    "movq -128(%%rsp), %%rax\n\t"
	    "movq %%rax, preempt_reg_after+128(%%rip)\n\t"
	    "pushfq\n\tcld\n\t"
	    "popq preempt_reg_after+112(%%rip)\n\t"
	    "popq %%rbx\n\tpopq %%rbp\n\t"
	    "leaq 128(%%rsp), %%rsp"
	    : : : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
	    "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	for (i = 0; i < REGISTERS; i++)
		wrong |= reg[i] ^ reg_after[i];
	return wrong;
}

/* The first, the last, and one that NT's functions keep in part; rounding. */
__attribute__((target("avx"))) static uint64_t
long_vectors(void)
{
	static const uint32_t mxcsr = 0x7f80;	/* to zero */
	static const uint16_t x87 = 0x0f7f;
	uint64_t in[4] = { 1, 22, 333, 4444 }, out[4], sum = 0;
	uint32_t mxcsr_after, mxcsr_before;
	uint16_t x87_after, x87_before;
	int i;

	__asm__ volatile("stmxcsr %[m0]\n\tfnstcw %[c0]\n\t"
	    "ldmxcsr %[m]\n\tfldcw %[c]\n\t"
	    "vmovups %[in], %%ymm0\n\t"
	    "vpermilpd $5, %%ymm0, %%ymm9\n\t"
	    "vmovups %%ymm0, %%ymm15\n\t"
	    "movl " ROUNDS ", %%ecx\n"
	    "1:\tloop 1b\n\t"
	    "vxorps %%ymm0, %%ymm9, %%ymm9\n\t"
	    "vorps %%ymm9, %%ymm15, %%ymm15\n\t"
	    "vmovups %%ymm15, %[out]\n\t"
	    "stmxcsr %[m1]\n\tfnstcw %[c1]\n\t"
	    "ldmxcsr %[m0]\n\tfldcw %[c0]"
	    : [out] "=m"(out), [m0] "=m"(mxcsr_before), [m1] "=m"(mxcsr_after),
	    [c0] "=m"(x87_before), [c1] "=m"(x87_after)
	    : [in] "m"(in), [m] "m"(mxcsr), [c] "m"(x87)
	    : "rcx", "xmm0", "xmm9", "xmm15", "cc");
	for (i = 0; i < 4; i++)
		sum = sum * 31 + out[i];
	return (sum * 31 + mxcsr_after) * 31 + x87_after;
}

/* Sums and products, with the carry. */
static uint64_t
integers(void)
{
	uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, sum;
	int i;

	for (i = 0; i < 20000; i++) {
		a += __builtin_add_overflow(b, h * 0x9e3779b97f4a7c15u, &b);
		c ^= a >> 7 | a << 57;
		d += __builtin_mul_overflow(c | 1, d, &e);
		f = f * 6364136223846793005u + e;
		g -= __builtin_sub_overflow(g, f, &sum);
		h ^= sum + d;
	}
	return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

static uint64_t
vectors(void)
{
	vector a = { 1.5, 2.5, 3.5, 4.5 }, b = { 0.25, 0.5, 0.75, 1 };
	vector c = a - b, d = a + b, e = a * b, f = a / d;
	uint64_t bits[4], sum = 0;
	int i;

	for (i = 0; i < 5000; i++) {
		a = a * 0.999 + b;
		b = b * 0.99 + c * 0.001;
		c = c * 0.9 + d * 0.001;
		d = d * 0.9 + e * 0.001;
		e = e * 0.9 + f * 0.001;
		f = f * 0.9 + a * 0.0001;
	}
	a += b + c + d + e + f;
	memcpy(bits, &a, sizeof(bits));
	for (i = 0; i < 4; i++)
		sum = sum * 31 + bits[i];
	return sum;
}

static uint64_t
long_doubles(void)
{
	long double a = 1.0L, b = 2.0L, c = 3.0L;
	int i;

	for (i = 0; i < 5000; i++) {
		a = a / 3.0L + b;
		b = b / 7.0L + c;
		c = c / 1.1L + a * 0.01L;
	}
	return (uint64_t)((a + b + c) * 1e15L);
}

/* Backwards: a handler must find the direction flag clear all the same. */
static uint64_t
strings(void)
{
	const unsigned char *s = from + STRING - 1;
	unsigned char *d = to + STRING - 1;
	uint64_t sum = 0;
	size_t n = STRING, i;

	memset(to, 0, sizeof(to));
	/* By bytes and backwards the processor is slow: a signal hits it. */
	__asm__ volatile("std\n\trep movsb\n\tcld"
	    : "+S"(s), "+D"(d), "+c"(n) : : "memory", "cc");
	for (i = 0; i < sizeof(to); i += 97)
		sum = sum * 131 + to[i];
	return sum;
}

/* Prologues, epilogues, and more than a page at once. */
__attribute__((noinline)) static uint64_t
descend(unsigned int depth)
{
	size_t size = 64 + depth % 7 * 1000, i;
	volatile unsigned char *p = __builtin_alloca(size);
	uint64_t sum = depth;

	for (i = 0; i < size; i += 61)
		p[i] = (unsigned char)(depth + i);
	if (depth > 0)
		sum += descend(depth - 1) * 3;
	for (i = 0; i < size; i += 61)
		sum = sum * 31 + p[i];
	return sum;
}

static uint64_t
stacks(void)
{
	return descend(60);
}

static int
compare(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a;
	unsigned int y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static uint64_t
sorting(void)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < BYTES; i++)
		shuffled[i] = i * 2654435761u;
	qsort(shuffled, BYTES, sizeof(shuffled[0]), compare);
	for (i = 0; i < BYTES; i++)
		sum = sum * 31 + shuffled[i];
	return sum;
}

/*
 * The C library's heap and its formatting.  A signal finds the thread in the
 * program's code only, so it has some.
 */
static uint64_t
library(void)
{
	uint64_t sum = 0;
	char *p[20], text[64];
	unsigned int i;

	for (i = 0; i < 20; i++) {
		if ((p[i] = malloc(100 + i * 50)) == NULL)
			abort();
		(void)snprintf(text, sizeof(text), "%u %.6f", i, i / 7.0);
		strcpy(p[i], text);
	}
	for (i = 0; i < 20; i++) {
		sum = sum * 31 + strlen(p[i]) + (unsigned char)p[i][0];
		free(p[i]);
	}
	return sum + integers();
}

/*
 * The semaphore that the handler posts, whose lock a handler must not find
 * taken by its own thread.  No call of this library, which would let signals
 * in.  A signal finds the thread in the program's code only: hence descend().
 */
static uint64_t
semaphores(void)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < 20; i++) {
		if (sem_post(&posted) != 0 || sem_trywait(&posted) != 0)
			abort();
		sum += descend(3);
	}
	return sum;
}

/* The same pipe's calls and the same semaphore's as in the handler. */
static uint64_t
calls(void)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static sem_t own;
	static int is_ready;
	uint64_t sum = 0;
	int mine[2], i;
	char c = 0;

	if (!is_ready && sem_init(&own, 0, 0) != 0)
		abort();
	is_ready = 1;
	if (pipe(mine) != 0)
		abort();
	for (i = 0; i < 20; i++) {
		if (write(mine[1], &"abc"[i % 3], 1) != 1 ||
		    read(mine[0], &c, 1) != 1 ||
		    pthread_mutex_lock(&mutex) != 0 ||
		    sem_post(&posted) != 0 || sem_trywait(&posted) != 0 ||
		    pthread_mutex_unlock(&mutex) != 0)
			abort();
		sum = sum * 31 + (unsigned char)c;
	}
	(void)close(mine[0]);
	(void)close(mine[1]);
	return sum;
}

static void
setup(void)
{
	unsigned int i;

	if (ends[0] == ends[1] && (pipe(ends) != 0 ||
	    sem_init(&posted, 0, 0) != 0))
		abort();
	has_avx = __builtin_cpu_supports("avx");
	for (i = 0; i < STRING; i++)
		from[i] = (unsigned char)(i * 7 + i / 256);
}

START_TEST(all_registers_and_flags_are_kept)
{
	ck_assert_uint_eq(registers(), 0);
	under_signals(registers);
}
END_TEST

START_TEST(long_vectors_and_rounding_are_kept)
{
	under_signals(long_vectors);
}
END_TEST

START_TEST(sums_are_kept)
{
	under_signals(integers);
}
END_TEST

START_TEST(vector_registers_are_kept)
{
	under_signals(vectors);
}
END_TEST

START_TEST(long_doubles_are_kept)
{
	under_signals(long_doubles);
}
END_TEST

START_TEST(string_instructions_go_on)
{
	under_signals(strings);
}
END_TEST

START_TEST(the_stack_is_kept)
{
	under_signals(stacks);
}
END_TEST

START_TEST(a_sort_is_not_disturbed)
{
	under_signals(sorting);
}
END_TEST

START_TEST(the_c_library_is_not_disturbed)
{
	under_signals(library);
}
END_TEST

START_TEST(semaphores_are_not_disturbed)
{
	under_signals(semaphores);
}
END_TEST

START_TEST(calls_with_locks_are_not_disturbed)
{
	under_signals(calls);
}
END_TEST

int
main(void)
{
	static const TTest *tests[20];
	int n = 0;

	if (interrupter_skip("check_preempt_state"))
		return EXIT_SUCCESS;
	setup();
	tests[n++] = all_registers_and_flags_are_kept;
	if (has_avx)
		tests[n++] = long_vectors_and_rounding_are_kept;
	else
		host_skip("long_vectors", "the processor has none");
	tests[n++] = sums_are_kept;
	tests[n++] = vector_registers_are_kept;
	tests[n++] = long_doubles_are_kept;
	tests[n++] = string_instructions_go_on;
	tests[n++] = the_stack_is_kept;
	tests[n++] = a_sort_is_not_disturbed;
	tests[n++] = the_c_library_is_not_disturbed;
	tests[n++] = semaphores_are_not_disturbed;
	tests[n++] = calls_with_locks_are_not_disturbed;
	return run_cases("preempt_state", tests, n);
}
