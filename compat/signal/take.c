/* Taking a pending signal without running its action: sigwait, signalfds. */
#include "signal/state.h"

#include <errno.h>

#include "signal/wait.h"

static int
pop(struct sig_thread *t, uint64_t set, siginfo_t *info)
{
	int signo;

	lock_write(&sig_process.lock);
	signo = sig_pop(&t->pending, set, info);
	if (signo == 0)
		signo = sig_pop(&sig_process.pending, set, info);
	unlock_write(&sig_process.lock);
	return signo;
}

int
sig_take(uint64_t set, int64_t deadline, siginfo_t *info)
{
	struct sig_thread *t = sig_self();
	int err;

	if (pop(t, set, info) != 0)
		return 0;
	if (deadline == SIG_NOW)
		return EAGAIN;
	t->taking = set;
	do {
		err = sig_wait(0, deadline);
		if (pop(t, set, info) != 0)
			err = 0;
		else if (err == EINTR && !sig_deliverable())
			err = EAGAIN;	/* another thread was faster */
	} while (err == EAGAIN);
	t->taking = 0;
	sig_retarget(t);
	return err == ETIMEDOUT ? EAGAIN : err;
}
