/* LIM-SIG-3: whose a fault is when it happens in a DLL.  NT only. */
#include <setjmp.h>
#include <signal.h>

#include "compat/signal/dll.h"
#include "support/handle.h"
#include "support/main.h"

#define BAD ((void *)16)

static sigjmp_buf out;
static volatile sig_atomic_t handled;
static siginfo_t seen;

static void
jump_out(int signo, siginfo_t *info, void *context)
{
	(void)context;
	handled++;
	seen = *info;
	siglongjmp(out, signo);
}

static void
handle(void)
{
	handle_info(SIGSEGV, jump_out, 0);
	handled = 0;
}

START_TEST(a_dlls_own_handler_comes_first)
{
	handle();
	if (sigsetjmp(out, 1) == 0)
		ck_assert_int_eq(dll_handles(BAD), 0);
	ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(what_no_dll_handles_is_a_signal)
{
	volatile int i;

	handle();
	for (i = 0; i < 100; i++)
		if (sigsetjmp(out, 1) == 0)
			dll_faults(BAD);
	ck_assert_int_eq(handled, 100);
	ck_assert_int_eq(seen.si_code, SEGV_MAPERR);
	ck_assert_ptr_eq(seen.si_addr, BAD);
}
END_TEST

int
main(void)
{
	static const TTest *tests[2];
	int n = 0;

	tests[n++] = a_dlls_own_handler_comes_first;
	tests[n++] = what_no_dll_handles_is_a_signal;
	return run_cases("faults in DLLs", tests, n);
}
