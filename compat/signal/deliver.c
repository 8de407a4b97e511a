/* Delivering: a thread runs the actions of what is pending and not blocked. */
#include "signal/wait.h"

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"

struct run {
	int handlers;		/* that ran */
	int restarts;		/* of these, with SA_RESTART */
};

/* Get the next signal with a handler; the others' actions happen here. */
static int
next_handler(struct sig_thread *t, siginfo_t *info, struct sigaction *act)
{
	uint64_t set;
	int signo;

	lock_write(&sig_process.lock);
	for (;;) {
		set = sig_pending_for(t);
		signo = sig_pop(&t->pending, set, info);
		if (signo == 0)
			signo = sig_pop(&sig_process.pending, set, info);
		if (signo == 0)
			break;
		if (sig_is_fatal(signo))
			sig_terminate(signo);
		if (!sig_is_ignored(signo))
			break;
	}
	if (signo != 0) {
		*act = sig_process.action[signo];
		if ((act->sa_flags & SA_RESETHAND) != 0) {
			sig_process.action[signo].sa_handler = SIG_DFL;
			sig_process.action[signo].sa_flags &= ~SA_SIGINFO;
		}
	}
	unlock_write(&sig_process.lock);
	return signo;
}

static void
run_handler(struct sig_thread *t, siginfo_t *info, const struct sigaction *act)
{
	uint64_t mask = t->mask;
	uint64_t more = act->sa_mask;
	int signo = info->si_signo;

	if ((act->sa_flags & SA_NODEFER) == 0)
		more |= SIG_BIT(signo);
	(void)sig_mask_set(t, mask | more);
	if ((act->sa_flags & SA_SIGINFO) != 0)
		act->sa_sigaction(signo, info, NULL);
	else
		act->sa_handler(signo);
	(void)sig_mask_set(t, mask);
}

static struct run
run_pending(void)
{
	struct sig_thread *t = sig_self();
	struct run run = { 0, 0 };
	struct sigaction act;
	siginfo_t info;
	int saved;

	if (!sig_deliverable())
		return run;
	saved = errno;
	while (next_handler(t, &info, &act) != 0) {
		run.handlers++;
		if ((act.sa_flags & SA_RESTART) != 0)
			run.restarts++;
		run_handler(t, &info, &act);
	}
	errno_restore(saved);
	return run;
}

int
sig_deliverable(void)
{
	struct sig_thread *t = sig_self();

	return sig_pending_for(t) != 0;
}

int
sig_interrupt(void)
{
	struct run run = run_pending();

	return run.handlers == run.restarts ? 0 : EINTR;
}

int
sig_interrupt_always(void)
{
	return run_pending().handlers == 0 ? 0 : EINTR;
}

/* Nothing for the process, nothing for the thread: the usual case, cheaply. */
void
sig_poll(void)
{
	struct sig_thread *t;

	if (sig_process.pending.bits == 0 &&
	    ((t = sig_self_known()) == NULL || t->pending.bits == 0))
		return;
	(void)run_pending();
}

void
sig_wait_begin(void)
{
	sig_self()->waiting = 1;
}

void
sig_wait_end(void)
{
	sig_self()->waiting = 0;
}

uint64_t
sig_mask_set(struct sig_thread *t, uint64_t mask)
{
	uint64_t old = t->mask;

	mask &= ~SIG_NEVER_BLOCKED;
	lock_write(&sig_process.lock);
	t->mask = mask;
	unlock_write(&sig_process.lock);
	if ((mask & ~old) != 0)
		sig_retarget(t);
	return old;
}

uint64_t
sig_mask_swap(uint64_t mask)
{
	return sig_mask_set(sig_self(), mask);
}
