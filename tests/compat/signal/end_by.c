/*
 * end_by HOW: end by a signal's default action; for default.sh, which is told
 * the signal's number first, on standard output.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/handle.h"

static const struct {
	const char *name;
	int signo;
} ways[] = {
	{ "raise-HUP", SIGHUP },
	{ "raise-TERM", SIGTERM },
	{ "raise-USR2", SIGUSR2 },
	{ "raise-ABRT", SIGABRT },
	{ "raise-RTMIN", 0 },
	{ "kill-INT", SIGINT },
	{ "kill-KILL", SIGKILL },
	{ "unblock-PIPE", SIGPIPE },
	{ "abort-ABRT", SIGABRT },
	{ "handled-abort-ABRT", SIGABRT },
};

static void
at_exit(void)
{
	(void)puts("atexit handlers must not run");
}

static void
on_abort(int signo)
{
	(void)signo;
	(void)puts("handler");
	(void)fflush(stdout);
}

static void
unblock(int signo)
{
	mask_signal(SIG_BLOCK, signo);
	(void)kill(getpid(), signo);
	mask_signal(SIG_UNBLOCK, signo);
}

int
main(int argc, char **argv)
{
	const char *how = argc == 2 ? argv[1] : "";
	size_t i, n = sizeof(ways) / sizeof(ways[0]);
	int signo;

	for (i = 0; i < n && strcmp(ways[i].name, how) != 0; i++)
		continue;
	if (i == n || atexit(at_exit) != 0)
		return EXIT_FAILURE;
	signo = ways[i].signo != 0 ? ways[i].signo : SIGRTMIN;
	(void)printf("%d\n", signo);
	(void)fflush(stdout);
	/* A shell starts programs with SIGINT ignored at times. */
	if (signo != SIGKILL)
		(void)signal(signo, SIG_DFL);
	if (strncmp(how, "handled-", 8) == 0)
		(void)signal(signo, on_abort);
	if (strncmp(how, "kill-", 5) == 0)
		(void)kill(getpid(), signo);
	else if (strncmp(how, "unblock-", 8) == 0)
		unblock(signo);
	else if (strncmp(how, "raise-", 6) == 0)
		(void)raise(signo);
	else
		abort();
	(void)puts("still here");
	return EXIT_FAILURE;
}
