/* Signals' names, without SIG. */
#include <signal.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIDDLE ((SIGRTMIN + SIGRTMAX) / 2)

static const struct {
	const char *name;
	int signo;
} names[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "BUS", SIGBUS },
	{ "FPE", SIGFPE }, { "KILL", SIGKILL }, { "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV }, { "USR2", SIGUSR2 }, { "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "CHLD", SIGCHLD },
	{ "CONT", SIGCONT }, { "STOP", SIGSTOP }, { "TSTP", SIGTSTP },
	{ "BREAK", SIGBREAK }, { "ABRT", SIGABRT }, { "URG", SIGURG },
	{ "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF }, { "WINCH", SIGWINCH }, { "IO", SIGIO },
	{ "PWR", SIGPWR }, { "SYS", SIGSYS }, { "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU }, { "RTMIN", SIGRTMIN }, { "RTMAX", SIGRTMAX },
	/* Second names, which are understood and not written. */
	{ "POLL", SIGPOLL }, { "IOT", SIGIOT }, { "CLD", SIGCLD },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

int
sig2str(int signo, char *str)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].signo == signo) {
			(void)snprintf(str, SIG2STR_MAX, "%s", names[i].name);
			return 0;
		}
	if (signo <= SIGRTMIN || signo >= SIGRTMAX)
		return -1;
	if (signo <= MIDDLE)
		(void)snprintf(str, SIG2STR_MAX, "RTMIN+%d", signo - SIGRTMIN);
	else
		(void)snprintf(str, SIG2STR_MAX, "RTMAX-%d", SIGRTMAX - signo);
	return 0;
}

/* Digits and nothing else: the number, or -1. */
static int
parse_number(const char *str)
{
	if (*str == '\0' || strlen(str) > 2 ||
	    strspn(str, "0123456789") != strlen(str))
		return -1;
	return atoi(str);
}

static int
parse(const char *str)
{
	int n = parse_number(str);
	size_t i;

	if (n >= 0)
		return n;
	for (i = 0; i < NAMES; i++)
		if (strcmp(names[i].name, str) == 0)
			return names[i].signo;
	if (strncmp(str, "RTMIN+", 6) == 0 && (n = parse_number(str + 6)) > 0)
		n += SIGRTMIN;
	else if (strncmp(str, "RTMAX-", 6) == 0 &&
	    (n = parse_number(str + 6)) > 0)
		n = SIGRTMAX - n;
	else
		n = 0;
	return n >= SIGRTMIN && n <= SIGRTMAX ? n : 0;
}

int
str2sig(const char *restrict str, int *restrict signo)
{
	int n = parse(str);

	if (n <= 0 || n >= NSIG)
		return -1;
	*signo = n;
	return 0;
}
