#include "compat/signal/fault.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/handle.h"

sigjmp_buf out;
siginfo_t seen;
volatile sig_atomic_t handled, on_stack;
char *volatile nowhere;
static char *stack;

void
note(const siginfo_t *info)
{
	char here;
	uintptr_t at = (uintptr_t)&here;

	seen = *info;
	handled++;
	on_stack = at - (uintptr_t)stack < STACK;
}

void
jump_out(int signo, siginfo_t *info, void *context)
{
	(void)context;
	note(info);
	siglongjmp(out, signo);
}

void
come_back(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	note(info);
}

void
handle(int signo, void (*handler)(int, siginfo_t *, void *), int flags)
{
	handle_info(signo, handler, flags);
	handled = on_stack = 0;
	memset(&seen, 0, sizeof(seen));
}

int
is_blocked(int signo)
{
	sigset_t set;

	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &set), 0);
	return sigismember(&set, signo);
}

int
give_stack(void)
{
	stack_t ss;

	if (stack == NULL)
		stack = malloc(STACK);
	memset(&ss, 0, sizeof(ss));
	ss.ss_sp = stack;
	ss.ss_size = STACK;
	return sigaltstack(&ss, NULL);
}
