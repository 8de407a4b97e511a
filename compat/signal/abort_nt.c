/*
 * abort() is compiled into the CRT and raises SIGABRT there, in the CRT's own
 * table.  A handler in that table leads here, so that the program's handler
 * runs, and the process ends as by any other signal instead of with the CRT's
 * exit code 3.
 */
#include "nt/nt.h"

#include "signal/state.h"
#include "signal/wait.h"

void (*crt_signal(int, void (*)(int)))(int) __asm__("signal");

/* As POSIX has it: neither blocking nor ignoring it saves the process. */
static void
on_abort(int signo)
{
	static const union sigval no_value;

	(void)sig_mask_swap(sig_self()->mask & ~SIG_BIT(SIGABRT));
	(void)sig_send_self(sig_self()->id, signo, SI_TKILL, no_value);
	sig_terminate(signo);
}

void
sig_abort_init(void)
{
	(void)crt_signal(SIGABRT, on_abort);
}
