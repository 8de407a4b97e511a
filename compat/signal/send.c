/* Sending: from a signal to a pending bit, and to the thread to handle it. */
#include "signal/state.h"

#include <errno.h>
#include <string.h>

#include "signal/preempt.h"
#include "signal/wait.h"

static int
wants(struct sig_thread *t, uint64_t set)
{
	return (set & (~t->mask | t->taking)) != 0;
}

uint64_t
sig_pending_for(struct sig_thread *t)
{
	uint64_t shared = sig_process.pending.bits;

	if (t != &sig_main && sig_main.waiting)
		shared &= sig_main.mask & ~sig_main.taking;
	return (t->pending.bits | shared) & ~t->mask;
}

int
sig_wanted(struct sig_thread *t)
{
	uint64_t bits = t->pending.bits | sig_process.pending.bits;

	return sig_pending_for(t) != 0 || (bits & t->taking) != 0;
}

/*
 * The thread to wake for the process's signals in set: the main thread, as on
 * Linux, if it waits; else another that waits; else the caller, who is about
 * to look.
 */
static struct sig_thread *
choose(uint64_t set, struct sig_thread *self)
{
	struct sig_thread *t;

	if (wants(&sig_main, set) && (sig_main.waiting || self == &sig_main))
		return &sig_main;
	for (t = sig_process.threads; t != NULL; t = t->next)
		if (wants(t, set) && t->waiting)
			return t;
	return self != NULL && wants(self, set) ? self : NULL;
}

/* One that computes is to be interrupted; the caller is about to look. */
static void
wake(struct sig_thread *t, struct sig_thread *self)
{
	sig_wake(t);
	if (t != self && !t->waiting)
		preempt_arm();
}

/* When nobody is known to wait, whoever gets there first. */
static void
wake_for(uint64_t set)
{
	struct sig_thread *self = sig_self_known(), *t = choose(set, self);

	if (t != NULL) {
		wake(t, self);
		return;
	}
	for (t = sig_process.threads; t != NULL; t = t->next)
		if (wants(t, set))
			wake(t, self);
}

void
sig_retarget(struct sig_thread *self)
{
	struct sig_thread *t;
	uint64_t set = sig_process.pending.bits;

	if ((set | self->pending.bits) == 0)
		return;
	lock_write(&sig_process.lock);
	for (t = sig_process.threads; t != NULL; t = t->next)
		if (t != self && t->waiting && wants(t, set))
			sig_wake(t);
		else if (!t->waiting &&
		    ((set | t->pending.bits) & ~t->mask) != 0)
			preempt_arm();
	unlock_write(&sig_process.lock);
}

static int
is_taken(uint64_t bit)
{
	struct sig_thread *t;

	for (t = sig_process.threads; t != NULL; t = t->next)
		if ((t->taking & bit) != 0)
			return 1;
	return 0;
}

int
sig_is_kept(int signo)
{
	struct sig_thread *t;

	if (is_taken(SIG_BIT(signo)))
		return 1;
	for (t = sig_process.threads; t != NULL; t = t->next)
		if ((t->mask & SIG_BIT(signo)) == 0)
			return 0;
	return sig_process.threads != NULL;
}

/*
 * A signal that is ignored is dropped as it is sent, unless it is blocked:
 * then it stays, as on Linux, for sigwait and signalfds to take.
 */
static int
is_dropped(struct sig_thread *target, int signo)
{
	uint64_t bit = SIG_BIT(signo);
	struct sig_thread *t = target != NULL ? target : &sig_main;

	return sig_is_ignored(signo) && (t->mask & bit) == 0 && !is_taken(bit);
}

/* A signal that ends the process needs no thread to come by. */
static int
is_deadly(struct sig_thread *target, int signo)
{
	if (!sig_is_fatal(signo))
		return 0;
	if (target != NULL)
		return ((target->mask | target->taking) & SIG_BIT(signo)) == 0;
	return !sig_is_kept(signo);
}

#define SIG_STOPS (SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | \
	SIG_BIT(SIGTTOU))

/*
 * A stop discards what is pending of SIGCONT, of the process and of each of
 * its threads, and SIGCONT what is pending of stops, when it is sent already,
 * and whether or not it arrives.  Nothing stops here (LIM-SIG-4), but a
 * program that catches both sees the last one only.
 */
static void
discard_opposite(int signo)
{
	if (signo == SIGCONT)
		sig_discard(SIG_STOPS);
	else if ((SIG_BIT(signo) & SIG_STOPS) != 0)
		sig_discard(SIG_BIT(SIGCONT));
}

/* Lock held.  Is it to be kept?  It may end the process instead. */
static int
is_welcome(struct sig_thread *target, int signo)
{
	discard_opposite(signo);
	if (is_deadly(target, signo))
		sig_terminate(signo);
	return !is_dropped(target, signo);
}

int
sig_send(uint32_t id, const siginfo_t *info)
{
	struct sig_thread *target = NULL;
	int signo = info->si_signo, err;

	lock_write(&sig_process.lock);
	if (id != 0 && (target = sig_find(id)) == NULL) {
		unlock_write(&sig_process.lock);
		return ESRCH;
	}
	if (!is_welcome(target, signo)) {
		unlock_write(&sig_process.lock);
		return 0;
	}
	if (target != NULL) {
		err = sig_push(&target->pending, info);
		wake(target, sig_self_known());
	} else {
		err = sig_push(&sig_process.pending, info);
		wake_for(SIG_BIT(signo));
	}
	unlock_write(&sig_process.lock);
	if (err == 0)
		signalfd_notify(SIG_BIT(signo));
	return err;
}

int
sig_send_item(struct sig_item *item)
{
	int signo = item->info.si_signo;

	if (!is_welcome(NULL, signo))
		return 0;
	sig_append(&sig_process.pending, item);
	wake_for(SIG_BIT(signo));
	return 1;
}

int
sig_post(int signo)
{
	siginfo_t info;

	if (signo <= 0 || signo >= NSIG)
		return EINVAL;
	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	info.si_code = SI_KERNEL;
	return sig_send(0, &info);
}
