#include <signal.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"

static int
is_signal(int signo)
{
	return signo > 0 && signo < NSIG;
}

int
sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int
sigfillset(sigset_t *set)
{
	*set = ~UINT64_C(0);
	return 0;
}

int
sigaddset(sigset_t *set, int signo)
{
	if (!is_signal(signo))
		return result(EINVAL, 0);
	*set |= SIG_BIT(signo);
	return 0;
}

int
sigdelset(sigset_t *set, int signo)
{
	if (!is_signal(signo))
		return result(EINVAL, 0);
	*set &= ~SIG_BIT(signo);
	return 0;
}

int
sigismember(const sigset_t *set, int signo)
{
	if (!is_signal(signo))
		return result(EINVAL, 0);
	return (*set & SIG_BIT(signo)) != 0;
}
