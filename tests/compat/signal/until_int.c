/*
 * until_int WAY: wait for SIGINT and say so; for console.sh.  WAY is one of
 * sigsuspend, signalfd, and compute, which calls nothing meanwhile where it is
 * interrupted.
 */
#include <compat.h>

#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void
on_int(int signo)
{
	got = signo;
}

static void
ready(void)
{
	(void)puts("ready");
	(void)fflush(stdout);
}

static int
by_sigsuspend(const sigset_t *before)
{
	if (signal(SIGINT, on_int) == SIG_ERR)
		return -1;
	ready();
	while (got == 0)
		(void)sigsuspend(before);
	return got;
}

static int
by_computing(const sigset_t *before)
{
	int interrupts;

	if (signal(SIGINT, on_int) == SIG_ERR ||
	    sigprocmask(SIG_SETMASK, before, NULL) != 0)
		return -1;
	interrupts = compat_signal_interrupts(-1);
	ready();
	while (got == 0)
		if (!interrupts)
			(void)sigprocmask(0, NULL, NULL);
	return got;
}

static int
by_signalfd(const sigset_t *set)
{
	struct signalfd_siginfo info;
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = signalfd(-1, set, SFD_NONBLOCK), ep = epoll_create1(0);

	/* A shell starts background programs with SIGINT ignored. */
	if (signal(SIGINT, SIG_DFL) == SIG_ERR)
		return -1;
	if (fd < 0 || ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) != 0)
		return -1;
	ready();
	if (epoll_wait(ep, &ev, 1, -1) != 1 ||
	    read(fd, &info, sizeof(info)) != sizeof(info))
		return -1;
	return (int)info.ssi_signo;
}

int
main(int argc, char **argv)
{
	sigset_t set, before;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (argc != 2 || sigprocmask(SIG_BLOCK, &set, &before) != 0)
		return EXIT_FAILURE;
	if (strcmp(argv[1], "signalfd") == 0)
		signo = by_signalfd(&set);
	else if (strcmp(argv[1], "compute") == 0)
		signo = by_computing(&before);
	else
		signo = by_sigsuspend(&before);
	if (signo != SIGINT) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	/*
	 * Wine 10 flushes streams when it unloads the C runtime, and forgets to
	 * when a thread (the console handler's) ends in the same moment.
	 */
	(void)printf("got %s\n", strsignal(signo));
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
