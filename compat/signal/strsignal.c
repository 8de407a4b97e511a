#include <signal.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* glibc's texts, which programs show and tests compare. */
const char *const sys_siglist[NSIG] = {
	[SIGHUP] = "Hangup",
	[SIGINT] = "Interrupt",
	[SIGQUIT] = "Quit",
	[SIGILL] = "Illegal instruction",
	[SIGTRAP] = "Trace/breakpoint trap",
	[SIGBUS] = "Bus error",
	[SIGFPE] = "Floating point exception",
	[SIGKILL] = "Killed",
	[SIGUSR1] = "User defined signal 1",
	[SIGSEGV] = "Segmentation fault",
	[SIGUSR2] = "User defined signal 2",
	[SIGPIPE] = "Broken pipe",
	[SIGALRM] = "Alarm clock",
	[SIGTERM] = "Terminated",
	[SIGCHLD] = "Child exited",
	[SIGCONT] = "Continued",
	[SIGSTOP] = "Stopped (signal)",
	[SIGTSTP] = "Stopped",
	[SIGBREAK] = "Console break",
	[SIGABRT] = "Aborted",
	[SIGURG] = "Urgent I/O condition",
	[SIGXCPU] = "CPU time limit exceeded",
	[SIGXFSZ] = "File size limit exceeded",
	[SIGVTALRM] = "Virtual timer expired",
	[SIGPROF] = "Profiling timer expired",
	[SIGWINCH] = "Window changed",
	[SIGIO] = "I/O possible",
	[SIGPWR] = "Power failure",
	[SIGSYS] = "Bad system call",
	[SIGTTIN] = "Stopped (tty input)",
	[SIGTTOU] = "Stopped (tty output)",
};

#define TEXT_SIZE 32

static const char *
describe(int signo, char buf[TEXT_SIZE])
{
	if (signo > 0 && signo < NSIG && sys_siglist[signo] != NULL)
		return sys_siglist[signo];
	if (signo >= SIGRTMIN && signo <= SIGRTMAX)
		(void)snprintf(buf, TEXT_SIZE, "Real-time signal %d",
		    signo - SIGRTMIN);
	else
		(void)snprintf(buf, TEXT_SIZE, "Unknown signal %d", signo);
	return buf;
}

/* One buffer, as POSIX allows; but no other function may write to it. */
char *
strsignal(int signo)
{
	static char text[TEXT_SIZE];

	return (char *)(uintptr_t)describe(signo, text);
}

/* Who sent it, or where it happened, is added: POSIX leaves that open. */
void
psiginfo(const siginfo_t *info, const char *prefix)
{
	char text[TEXT_SIZE];
	int signo = info->si_signo;

	if (prefix != NULL && *prefix != '\0')
		(void)fprintf(stderr, "%s: ", prefix);
	(void)fprintf(stderr, "%s (", describe(signo, text));
	if (info->si_code > 0 && info->si_code != SI_KERNEL &&
	    (signo == SIGSEGV || signo == SIGBUS || signo == SIGILL ||
	    signo == SIGFPE || signo == SIGTRAP))
		(void)fprintf(stderr, "code %d at %p)\n", info->si_code,
		    info->si_addr);
	else
		(void)fprintf(stderr, "code %d from %d)\n", info->si_code,
		    (int)info->si_pid);
}

void
psignal(int signo, const char *prefix)
{
	char text[TEXT_SIZE];

	if (prefix != NULL && *prefix != '\0')
		(void)fprintf(stderr, "%s: ", prefix);
	(void)fprintf(stderr, "%s\n", describe(signo, text));
}
