#include "compat/time/ptimer.h"

atomic_int ptimer_count;
siginfo_t ptimer_seen;

static void
on_signal(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	ptimer_seen = *info;
	ptimer_count++;
}

void
ptimer_handle(int signo)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = on_signal;
	sa.sa_flags = SA_SIGINFO;
	ck_assert_int_eq(sigaction(signo, &sa, NULL), 0);
	ptimer_count = 0;
}
