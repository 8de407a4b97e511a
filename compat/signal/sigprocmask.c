#include <signal.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"

static int
mask_change(int how, const sigset_t *set, sigset_t *old)
{
	struct sig_thread *t = sig_self();
	uint64_t before = t->mask, new;

	if (set != NULL) {
		switch (how) {
		case SIG_BLOCK:
			new = before | *set;
			break;
		case SIG_UNBLOCK:
			new = before & ~*set;
			break;
		case SIG_SETMASK:
			new = *set;
			break;
		default:
			return EINVAL;
		}
		(void)sig_mask_set(t, new);
	}
	if (old != NULL)
		*old = before;
	sig_poll();
	return 0;
}

int
sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return result(mask_change(how, set, old), 0);
}

int
pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return mask_change(how, set, old);
}

int
sigpending(sigset_t *set)
{
	struct sig_thread *t = sig_self();

	*set = (t->pending.bits | sig_process.pending.bits) & t->mask;
	return 0;
}
