#include <signal.h>

#include <errno.h>
#include <unistd.h>

#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"

/* A signal that is ignored, or that another thread gets, does not count. */
static int
wait_for_handler(void)
{
	int err;

	do {
		err = sig_wait(0, -1);
	} while (err == EINTR && (err = sig_interrupt_always()) == 0);
	return err;
}

int
sigsuspend(const sigset_t *mask)
{
	uint64_t old = sig_mask_swap(*mask);
	int err = wait_for_handler();

	(void)sig_mask_swap(old);
	sig_poll();
	return result(err, 0);
}

int
pause(void)
{
	return result(wait_for_handler(), 0);
}
