#include <compat.h>

#include <errno.h>
#include <signal.h>

#include "fd/result.h"
#include "signal/map.h"

atomic_int sig_event_map[SIG_EVENTS] = {
	[COMPAT_CTRL_C] = SIGINT,
	[COMPAT_CTRL_BREAK] = SIGTERM,
	[COMPAT_CTRL_CLOSE] = SIGHUP,
	[COMPAT_CTRL_LOGOFF] = SIGHUP,
	[COMPAT_CTRL_SHUTDOWN] = SIGTERM,
};

/* 3 and 4 are numbers that NT does not use. */
static int
is_event(int event)
{
	return event >= 0 && event < SIG_EVENTS && event != 3 && event != 4;
}

int
compat_signal_map(int event, int signo)
{
	if (!is_event(event) || signo < 0 || signo >= NSIG)
		return result(EINVAL, 0);
	if (signo == SIGKILL || signo == SIGSTOP)
		return result(EINVAL, 0);
	return atomic_exchange(&sig_event_map[event], signo);
}
