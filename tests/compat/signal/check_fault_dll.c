/* LIM-SIG-3: whose a fault is when it happens in a DLL.  NT only. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "compat/signal/dll.h"
#include "compat/signal/fault.h"
#include "support/main.h"

#define BAD ((void *)16)
#define PAGE 4096

static void
handle_segv(void)
{
	handle(SIGSEGV, jump_out, 0);
}

START_TEST(a_dlls_own_handler_comes_first)
{
	handle_segv();
	if (sigsetjmp(out, 1) == 0)
		ck_assert_int_eq(dll_handles(BAD), 0);
	ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(what_no_dll_handles_is_a_signal)
{
	volatile int i;

	handle_segv();
	for (i = 0; i < 100; i++)
		if (sigsetjmp(out, 1) == 0)
			dll_faults(BAD);
	ck_assert_int_eq(handled, 100);
	ck_assert_int_eq(seen.si_code, SEGV_MAPERR);
	ck_assert_ptr_eq(seen.si_addr, BAD);
}
END_TEST

/* Also where the fault before, of the same instruction, was nobody's. */
START_TEST(a_dll_is_asked_each_time)
{
	void *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);

	ck_assert_ptr_ne(page, MAP_FAILED);
	handle_segv();
	if (sigsetjmp(out, 1) == 0)
		dll_faults(page);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(dll_repairs(page), 1);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(munmap(page, PAGE), 0);
}
END_TEST

static void
lose_last_error(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	note(info);
	ck_assert_int_eq(open("no/such/file", O_RDONLY), -1);
	(void)dll_set_last(1);
	uc->uc_mcontext.gregs[REG_RIP] += 2;
}

/* NT's last error belongs to the code that is interrupted, as errno does. */
START_TEST(a_handler_keeps_nts_last_error)
{
	handle(SIGILL, lose_last_error, 0);
	(void)dll_set_last(1234);
	illegal();
	ck_assert_uint_eq(dll_set_last(0), 1234);
	ck_assert_int_eq(handled, 1);
}
END_TEST

static void
fill_stack(void)
{
	if (sigsetjmp(out, 1) == 0)
		(void)deeper(0);
}

/* What a full stack used up is there again, for the next time. */
START_TEST(a_stack_that_was_full_is_guarded_again)
{
	size_t room;

	ck_assert_int_eq(give_stack(), 0);
	handle(SIGSEGV, jump_out, SA_ONSTACK);
	fill_stack();
	ck_assert_uint_gt(room = dll_guard_room(), 0);
	fill_stack();
	ck_assert_uint_eq(dll_guard_room(), room);
	ck_assert_int_eq(handled, 2);
}
END_TEST

static volatile sig_atomic_t in_bounds;

static void
jump_within(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	note(info);
	in_bounds = dll_is_in_bounds();
	if (sigsetjmp(out, 1) == 0)
		(void)raise(SIGUSR2);
	in_bounds += dll_is_in_bounds();
}

/* NT refuses exceptions of a thread that is elsewhere. */
START_TEST(nt_knows_the_stack_that_is_used)
{
	ck_assert_int_eq(give_stack(), 0);
	handle(SIGUSR2, jump_out, SA_ONSTACK);
	handle(SIGUSR1, jump_within, SA_ONSTACK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 2);
	ck_assert_int_eq(in_bounds, 2);
	ck_assert_int_eq(dll_is_in_bounds(), 1);
	if (sigsetjmp(out, 1) == 0)
		(void)raise(SIGUSR2);
	ck_assert_int_eq(handled, 3);
	ck_assert_int_eq(dll_is_in_bounds(), 1);
}
END_TEST

int
main(void)
{
	static const TTest *tests[6];
	int n = 0;

	tests[n++] = a_dlls_own_handler_comes_first;
	tests[n++] = what_no_dll_handles_is_a_signal;
	tests[n++] = a_dll_is_asked_each_time;
	tests[n++] = a_handler_keeps_nts_last_error;
	tests[n++] = nt_knows_the_stack_that_is_used;
	tests[n++] = a_stack_that_was_full_is_guarded_again;
	return run_cases("faults in DLLs", tests, n);
}
