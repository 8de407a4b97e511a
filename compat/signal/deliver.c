/* Delivering: a thread runs the actions of what is pending and not blocked. */
#include "signal/wait.h"

#include <errno.h>

#include "fd/result.h"
#include "signal/context.h"
#include "signal/stack.h"
#include "signal/state.h"

struct run {
	int handlers;		/* that ran */
	int restarts;		/* of these, with SA_RESTART */
};

/* Lock held. */
static struct sigaction
action_for(int signo)
{
	struct sigaction act = sig_process.action[signo];

	if ((act.sa_flags & SA_RESETHAND) != 0) {
		sig_process.action[signo].sa_handler = SIG_DFL;
		sig_process.action[signo].sa_flags &= ~SA_SIGINFO;
	}
	return act;
}

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
	if (signo != 0)
		*act = action_for(signo);
	unlock_write(&sig_process.lock);
	return signo;
}

struct call {
	const struct sigaction *act;
	siginfo_t *info;
	ucontext_t *uc;
};

static void
call_handler(void *arg)
{
	const struct call *call = arg;
	int signo = call->info->si_signo;

	if ((call->act->sa_flags & SA_SIGINFO) != 0)
		call->act->sa_sigaction(signo, call->info, call->uc);
	else
		call->act->sa_handler(signo);
}

/* The handler may jump away and never come back here. */
static void
run_handler(struct sig_thread *t, siginfo_t *info, const struct sigaction *act,
    ucontext_t *uc)
{
	struct call call = { .act = act, .info = info, .uc = uc };
	uint64_t mask = t->mask;
	uint64_t more = act->sa_mask;

	uc->uc_sigmask = mask;
	uc->uc_stack = sig_stack_state(t);

	if ((act->sa_flags & SA_NODEFER) == 0)
		more |= SIG_BIT(info->si_signo);
	(void)sig_mask_set(t, mask | more);
	if ((act->sa_flags & SA_ONSTACK) != 0)
		sig_stack_call(t, call_handler, &call);
	else
		call_handler(&call);
	(void)sig_mask_set(t, uc->uc_sigmask);
}

void
sig_fault(struct sig_thread *t, siginfo_t *info, ucontext_t *uc)
{
	struct sigaction act;
	int saved = errno;

	lock_write(&sig_process.lock);
	act = action_for(info->si_signo);
	unlock_write(&sig_process.lock);
	run_handler(t, info, &act, uc);
	errno_restore(saved);
}

/* uc: what the handlers are told, or NULL where the call itself is meant. */
static struct run
run_pending_in(ucontext_t *uc)
{
	struct sig_thread *t = sig_self();
	struct run run = { 0, 0 };
	struct sig_context here;
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
		if (uc == NULL)
			sig_context_here(&here);
		run_handler(t, &info, &act, uc != NULL ? uc : &here.uc);
	}
	errno_restore(saved);
	return run;
}

static struct run
run_pending(void)
{
	return run_pending_in(NULL);
}

void
sig_interrupted(ucontext_t *uc)
{
	(void)run_pending_in(uc);
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
