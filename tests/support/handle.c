#include "handle.h"

#include <stdlib.h>
#include <string.h>

static void
act(int signo, struct sigaction *sa, int flags)
{
	sa->sa_flags = flags;
	(void)sigemptyset(&sa->sa_mask);
	if (sigaction(signo, sa, NULL) != 0)
		abort();
}

void
handle_signal(int signo, void (*handler)(int), int flags)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	act(signo, &sa, flags);
}

void
handle_info(int signo, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = handler;
	act(signo, &sa, SA_SIGINFO | flags);
}

void
mask_signal(int how, int signo)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, signo);
	if (pthread_sigmask(how, &set, NULL) != 0)
		abort();
}
