/* System V's calls, which POSIX had until 2017. */
#include <signal.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"

static int
is_signal(int signo)
{
	return signo > 0 && signo < NSIG;
}

static int
change(int how, int signo)
{
	sigset_t set;

	if (!is_signal(signo))
		return result(EINVAL, 0);
	set = SIG_BIT(signo);
	return sigprocmask(how, &set, NULL);
}

int
sighold(int signo)
{
	return change(SIG_BLOCK, signo);
}

int
sigrelse(int signo)
{
	return change(SIG_UNBLOCK, signo);
}

int
sigignore(int signo)
{
	struct sigaction act = { .sa_flags = 0 };

	act.sa_handler = SIG_IGN;
	return sigaction(signo, &act, NULL);
}

int
sigpause(int signo)
{
	sigset_t mask;

	if (!is_signal(signo))
		return result(EINVAL, 0);
	mask = sig_self()->mask & ~SIG_BIT(signo);
	return sigsuspend(&mask);
}

void
(*sigset(int signo, void (*disp)(int)))(int)
{
	struct sigaction act = { .sa_flags = 0 }, old;
	sigset_t before;

	if (disp == SIG_ERR || !is_signal(signo)) {
		(void)result(EINVAL, 0);
		return SIG_ERR;
	}
	act.sa_handler = disp;
	before = sig_self()->mask;
	if (sigaction(signo, disp == SIG_HOLD ? NULL : &act, &old) != 0 ||
	    change(disp == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, signo) != 0)
		return SIG_ERR;
	return (before & SIG_BIT(signo)) != 0 ? SIG_HOLD : old.sa_handler;
}
