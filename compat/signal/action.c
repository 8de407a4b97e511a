#include <signal.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"

/*
 * What SIG_DFL ignores.  The stop signals are among them: NT has no job
 * control, and POSIX lets the stop of an orphaned process group not happen.
 * LIM-SIG-4.
 */
#define DEFAULT_IGNORED (SIG_BIT(SIGCHLD) | SIG_BIT(SIGURG) | \
	SIG_BIT(SIGWINCH) | SIG_BIT(SIGCONT) | SIG_BIT(SIGTSTP) | \
	SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU) | SIG_BIT(SIGSTOP))

int
sig_is_ignored(int signo)
{
	void (*handler)(int) = sig_process.action[signo].sa_handler;

	return handler == SIG_IGN || (handler == SIG_DFL &&
	    (DEFAULT_IGNORED & SIG_BIT(signo)) != 0);
}

int
sig_is_fatal(int signo)
{
	return sig_process.action[signo].sa_handler == SIG_DFL &&
	    (DEFAULT_IGNORED & SIG_BIT(signo)) == 0;
}

static int
is_signal(int signo)
{
	return signo > 0 && signo < NSIG;
}

/* To ignore a signal discards what is pending of it, blocked or not. */
static void
drop_ignored(int signo)
{
	if (sig_is_ignored(signo))
		sig_discard(SIG_BIT(signo));
}

static int
action_set(int signo, const struct sigaction *act, struct sigaction *old)
{
	struct sigaction new, before;

	if (!is_signal(signo))
		return EINVAL;
	if (act != NULL && (SIG_BIT(signo) & SIG_NEVER_BLOCKED) != 0)
		return EINVAL;
	if (act != NULL)
		new = *act;		/* old may be the same object */
	lock_write(&sig_process.lock);
	before = sig_process.action[signo];
	if (act != NULL) {
		new.sa_mask &= ~SIG_NEVER_BLOCKED;
		sig_process.action[signo] = new;
		drop_ignored(signo);
	}
	unlock_write(&sig_process.lock);
	if (old != NULL)
		*old = before;
	if (act != NULL && signo == SIGINT && new.sa_handler != SIG_IGN)
		sig_console_listen();
	return 0;
}

int
sigaction(int signo, const struct sigaction *restrict act,
    struct sigaction *restrict old)
{
	sig_poll();
	return result(action_set(signo, act, old), 0);
}

/* What siginterrupt() said last, which signal() heeds as in BSD and glibc. */
static _Atomic uint64_t interrupting;

void
(*signal(int signo, void (*handler)(int)))(int)
{
	struct sigaction act = { 0 }, old;

	if (handler == SIG_ERR || !is_signal(signo)) {
		(void)result(EINVAL, 0);
		return SIG_ERR;
	}
	act.sa_handler = handler;
	if ((interrupting & SIG_BIT(signo)) == 0)
		act.sa_flags = SA_RESTART;
	if (sigaction(signo, &act, &old) != 0)
		return SIG_ERR;
	return old.sa_handler;
}

int
siginterrupt(int signo, int flag)
{
	struct sigaction act;

	if (sigaction(signo, NULL, &act) != 0)
		return -1;
	if (flag)
		act.sa_flags &= ~SA_RESTART;
	else
		act.sa_flags |= SA_RESTART;
	if (sigaction(signo, &act, NULL) != 0)
		return -1;
	if (flag)
		interrupting |= SIG_BIT(signo);
	else
		interrupting &= ~SIG_BIT(signo);
	return 0;
}
