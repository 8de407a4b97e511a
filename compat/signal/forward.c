#include "signal/retire.h"

#include <errno.h>

#include "signal/channel.h"
#include "signal/state.h"
#include "signal/wait.h"

/* A program's channel is there before main, on a busy machine a little later. */
#define PATIENCE_MS 30000
#define STEP_MS 10

/*
 * What this process's own timers and children have to say is not for the
 * heir, who has neither.
 */
static int
is_private(const siginfo_t *info)
{
	return info->si_code == SI_TIMER || (info->si_signo == SIGCHLD &&
	    info->si_code >= CLD_EXITED && info->si_code <= CLD_CONTINUED);
}

static void
send_on(const struct heir *h, siginfo_t *info)
{
	uint32_t waited;

	if (info->si_code != SI_QUEUE)
		info->si_code = SI_USER;
	for (waited = 0; waited < PATIENCE_MS; waited += STEP_MS)
		if (channel_send(h->pid, info) != EPERM ||
		    sig_process_ends(h->process, STEP_MS))
			return;
}

/* A plain program has no handlers: what happens to it is the default. */
static void
act_for(const struct heir *h, int signo)
{
	int fatal;

	lock_read(&sig_process.lock);
	fatal = sig_is_fatal(signo);
	unlock_read(&sig_process.lock);
	if (fatal && (h->mask & SIG_BIT(signo)) == 0)
		sig_process_end(h->process, signo);
}

void
sig_forward(const struct heir *h)
{
	siginfo_t info;

	do {
		while (sig_take(~UINT64_C(0), SIG_NOW, &info) == 0) {
			if (is_private(&info))
				continue;
			if (h->is_compat)
				send_on(h, &info);
			else
				act_for(h, info.si_signo);
		}
	} while (sig_wait(h->process, -1) == EINTR);
}
