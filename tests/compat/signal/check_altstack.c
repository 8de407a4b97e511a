/* Alternate stacks, and what runs on them: sigaltstack(), SA_ONSTACK. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "compat/signal/fault.h"
#include "support/fails.h"
#include "support/main.h"

/* SA_ONSTACK, for a fault and for a signal that was sent. */
START_TEST(handlers_run_on_the_alternate_stack)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	if (sigsetjmp(out, 1) == 0)
		touch(nowhere);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(on_stack, 1);
	handle(SIGUSR1, come_back, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(on_stack, 1);
	handle(SIGUSR1, come_back, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(on_stack, 0);
}
END_TEST

static stack_t told;
static int refused;

static void
ask(int signo, siginfo_t *info, void *context)
{
	stack_t ss;

	(void)signo;
	(void)context;
	note(info);
	memset(&ss, 0, sizeof(ss));
	ss.ss_flags = SS_DISABLE;
	refused = sigaltstack(&ss, NULL) == -1 ? errno : 0;
	(void)sigaltstack(NULL, &told);
}

/* XSH sigaltstack(): SS_ONSTACK, and EPERM, while the thread is on it. */
START_TEST(a_stack_in_use_cannot_be_changed)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGUSR1, ask, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(on_stack, 1);
	ck_assert_int_eq(told.ss_flags, SS_ONSTACK);
	ck_assert_ptr_nonnull(told.ss_sp);
	ck_assert_int_eq(refused, EPERM);
	ck_assert_int_eq(sigaltstack(NULL, &told), 0);
	ck_assert_int_eq(told.ss_flags, 0);
	ck_assert_uint_eq(told.ss_size, STACK);
}
END_TEST

/* The old stack is the one before, and SS_ONSTACK may be said. */
START_TEST(the_stack_before_is_told)
{
	stack_t first, second;
	char *other = malloc(STACK);

	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(give_stack(), 0);
	second = (stack_t){ .ss_sp = other, .ss_size = STACK,
	    .ss_flags = SS_ONSTACK };
	ck_assert_int_eq(sigaltstack(&second, &first), 0);
	ck_assert_ptr_ne(first.ss_sp, other);
	ck_assert_uint_eq(first.ss_size, STACK);
	ck_assert_int_eq(first.ss_flags, 0);
	ck_assert_int_eq(sigaltstack(&first, &told), 0);
	ck_assert_ptr_eq(told.ss_sp, other);
	ck_assert_uint_eq(told.ss_size, STACK);
	ck_assert_int_eq(told.ss_flags, 0);
	free(other);
}
END_TEST

static stack_t uc_first, uc_second;
static uintptr_t first_at, second_at;
static volatile sig_atomic_t first_whole;

static void
second(int signo, siginfo_t *info, void *context)
{
	char here;

	(void)signo;
	note(info);
	second_at = (uintptr_t)&here;
	uc_second = ((ucontext_t *)context)->uc_stack;
}

#define ROOM 4096

static void
first(int signo, siginfo_t *info, void *context)
{
	volatile char room[ROOM];
	size_t i;

	(void)signo;
	note(info);
	first_at = (uintptr_t)room;
	uc_first = ((ucontext_t *)context)->uc_stack;
	for (i = 0; i < ROOM; i++)
		room[i] = (char)i;
	(void)raise(SIGUSR2);
	for (i = 0; i < ROOM && room[i] == (char)i; i++)
		continue;
	first_whole = i == ROOM;
	(void)sigaltstack(NULL, &told);
}

/* The second goes below the first, whose it is; both say where it was. */
START_TEST(two_handlers_share_the_alternate_stack)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGUSR1, first, SA_ONSTACK);
	handle(SIGUSR2, second, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(on_stack, 1);
	ck_assert(second_at < first_at);
	ck_assert_int_eq(first_whole, 1);
	ck_assert_int_eq(told.ss_flags, SS_ONSTACK);
	ck_assert_int_eq(uc_first.ss_flags, 0);
	ck_assert_uint_eq(uc_first.ss_size, STACK);
	ck_assert_ptr_eq(uc_second.ss_sp, uc_first.ss_sp);
	ck_assert_int_eq(sigaltstack(NULL, &told), 0);
	ck_assert_int_eq(told.ss_flags, 0);
}
END_TEST

static void
jump_within(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	note(info);
	if (sigsetjmp(out, 1) == 0)
		touch(nowhere);
	(void)sigaltstack(NULL, &told);
}

/* A jump that stays on the alternate stack does not leave it. */
START_TEST(a_jump_within_the_alternate_stack_stays_there)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	handle(SIGUSR1, jump_within, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(told.ss_flags, SS_ONSTACK);
	ck_assert_int_eq(sigaltstack(NULL, &told), 0);
	ck_assert_int_eq(told.ss_flags, 0);
	/* And the thread is whole: faults on both stacks. */
	if (sigsetjmp(out, 1) == 0)
		touch(nowhere);
	handle(SIGSEGV, jump_out, 0);
	if (sigsetjmp(out, 1) == 0)
		touch(nowhere);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(on_stack, 0);
}
END_TEST

/* Out of handlers of both sorts, again and again. */
START_TEST(a_thousand_jumps_off_the_alternate_stack)
{
	volatile int i;

	ck_assert_int_eq(give_stack(), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	handle(SIGUSR1, jump_out, SA_ONSTACK);
	for (i = 0; i < 1000; i++) {
		if (sigsetjmp(out, 1) == 0)
			touch(nowhere);
		if (sigsetjmp(out, 1) == 0)
			(void)raise(SIGUSR1);
	}
	ck_assert_int_eq(handled, 2000);
	ck_assert_int_eq(on_stack, 1);
	ck_assert_int_eq(sigaltstack(NULL, &told), 0);
	ck_assert_int_eq(told.ss_flags, 0);
}
END_TEST

static int raised_on_stack;

static void
raise_another(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	(void)raise(SIGUSR2);
	raised_on_stack = on_stack;
	note(info);
}

/* sigaction(), SA_ONSTACK: without it, the stack that is the current one. */
START_TEST(a_handler_without_the_flag_stays_where_it_is)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGUSR2, come_back, 0);
	handle(SIGUSR1, raise_another, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(raised_on_stack, 1);
	handle(SIGUSR1, raise_another, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(raised_on_stack, 0);
}
END_TEST

/* XSH sigaltstack(), EINVAL and ENOMEM; SS_DISABLE, which needs no more. */
START_TEST(bad_stacks_are_refused)
{
	stack_t ss;

	ck_assert_int_eq(give_stack(), 0);
	ck_assert_int_eq(sigaltstack(NULL, &ss), 0);
	ss.ss_size = 100;
	FAILS(sigaltstack(&ss, NULL), ENOMEM);
	ss.ss_size = STACK;
	ss.ss_flags = 0x100;
	FAILS(sigaltstack(&ss, NULL), EINVAL);
	ss.ss_flags = SS_DISABLE;
	ss.ss_sp = NULL;
	ss.ss_size = 1;
	ck_assert_int_eq(sigaltstack(&ss, &told), 0);
	ck_assert_int_eq(told.ss_flags, 0);
	ck_assert_int_eq(sigaltstack(NULL, &told), 0);
	ck_assert_int_eq(told.ss_flags, SS_DISABLE);
	handle(SIGUSR1, come_back, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(on_stack, 0);
}
END_TEST

static void
overflow(int times)
{
	volatile int i;

	for (i = 0; i < times; i++) {
		if (sigsetjmp(out, 1) == 0)
			(void)deeper(0);
	}
}

/* A full stack is a SIGSEGV, again and again. */
START_TEST(a_stack_overflow_is_caught_on_the_alternate_stack)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	overflow(5);
	ck_assert_int_eq(handled, 5);
	ck_assert_int_eq(on_stack, 1);
	ck_assert_int_eq(is_blocked(SIGSEGV), 0);
	handle(SIGFPE, jump_out, SA_ONSTACK);
	if (sigsetjmp(out, 1) == 0)
		divide();
	ck_assert_int_eq(handled, 1);
}
END_TEST

static void *
overflow_thread(void *arg)
{
	stack_t none;

	(void)arg;
	memset(&none, 0, sizeof(none));
	if (sigaltstack(NULL, &none) != 0 || none.ss_flags != SS_DISABLE)
		abort();
	if (give_stack() != 0)
		abort();
	overflow(3);
	return NULL;
}

/* Alternate stacks are a thread's own. */
START_TEST(a_thread_overflows_on_its_own)
{
	stack_t off;
	pthread_t thread;

	ck_assert_int_eq(give_stack(), 0);
	memset(&off, 0, sizeof(off));
	off.ss_flags = SS_DISABLE;
	ck_assert_int_eq(sigaltstack(&off, NULL), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	ck_assert_int_eq(pthread_create(&thread, NULL, overflow_thread, NULL),
	    0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(handled, 3);
	ck_assert_int_eq(on_stack, 1);
}
END_TEST

int
main(void)
{
	static const TTest *tests[10];
	int n = 0;

	tests[n++] = handlers_run_on_the_alternate_stack;
	tests[n++] = a_stack_in_use_cannot_be_changed;
	tests[n++] = the_stack_before_is_told;
	tests[n++] = two_handlers_share_the_alternate_stack;
	tests[n++] = a_jump_within_the_alternate_stack_stays_there;
	tests[n++] = a_thousand_jumps_off_the_alternate_stack;
	tests[n++] = a_handler_without_the_flag_stays_where_it_is;
	tests[n++] = bad_stacks_are_refused;
	tests[n++] = a_stack_overflow_is_caught_on_the_alternate_stack;
	tests[n++] = a_thread_overflows_on_its_own;
	return run_cases("alternate stacks", tests, n);
}
