#include "compat/time/ptimer.h"
#include "support/handle.h"

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
	handle_info(signo, on_signal, 0);
	ptimer_count = 0;
}
