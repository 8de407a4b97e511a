#include "signame.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "say.h"

static const struct {
	const char *name;
	int signo;
} names[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
	{ "BUS", SIGBUS }, { "FPE", SIGFPE }, { "KILL", SIGKILL },
	{ "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
#ifdef SIGBREAK
	{ "BREAK", SIGBREAK },
#endif
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
	{ "URG", SIGURG }, { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "WINCH", SIGWINCH },
	{ "IO", SIGIO }, { "PWR", SIGPWR }, { "SYS", SIGSYS },
	/* Second names, which are understood and not written. */
	{ "POLL", SIGIO }, { "IOT", SIGABRT }, { "CLD", SIGCHLD },
};

int
signame_of(int signo, char name[SIGNAME_MAX])
{
	size_t i;

	if (signo == SIGRTMIN)
		(void)strcpy(name, "RTMIN");
	else if (signo == SIGRTMAX)
		(void)strcpy(name, "RTMAX");
	else if (signo > SIGRTMIN && signo < SIGRTMAX)
		(void)snprintf(name, SIGNAME_MAX, "RTMIN+%d",
		    signo - SIGRTMIN);
	else {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (names[i].signo == signo) {
				(void)strcpy(name, names[i].name);
				return 0;
			}
		return ENOENT;
	}
	return 0;
}

/* RTMIN, RTMIN+n, RTMAX, RTMAX-n. */
static int
parse_realtime(const char *text, int *signo)
{
	uint64_t range = (uint64_t)(SIGRTMAX - SIGRTMIN), n = 0;
	int from_end;

	if (strncasecmp(text, "RTM", 3) != 0)
		return EINVAL;
	if ((from_end = strncasecmp(text, "RTMAX", 5) == 0) == 0 &&
	    strncasecmp(text, "RTMIN", 5) != 0)
		return EINVAL;
	if (text[5] != '\0' && (text[5] != (from_end ? '-' : '+') ||
	    parse_number(text + 6, range, &n) != 0))
		return EINVAL;
	*signo = from_end ? SIGRTMAX - (int)n : SIGRTMIN + (int)n;
	return 0;
}

int
signame_parse(const char *text, int *signo)
{
	uint64_t n;
	size_t i;

	if (parse_number(text, (uint64_t)SIGRTMAX, &n) == 0) {
		*signo = (int)n;
		return 0;
	}
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(text, names[i].name) == 0) {
			*signo = names[i].signo;
			return 0;
		}
	return parse_realtime(text, signo);
}
