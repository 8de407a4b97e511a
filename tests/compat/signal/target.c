#include "target.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/handle.h"
#include "support/host.h"
#include "support/tmpdir.h"

#define STORM 100

static const char *self;
static volatile sig_atomic_t handled;

void
target_init(const char *name)
{
	self = name;
}

struct proc *
target_spawn(const char *role, pid_t *pid)
{
	const char *argv[] = { self, role, NULL };
	struct proc *p;
	char line[64];

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_gt(proc_readline(p, line, sizeof(line)), 6);
	ck_assert_int_eq(strncmp(line, "ready ", 6), 0);
	*pid = (pid_t)strtol(line + 6, NULL, 10);
	return p;
}

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

static void
tell(const char *text)
{
	(void)puts(text);
	(void)fflush(stdout);
}

static void
ready(void)
{
	(void)printf("ready %ld\n", (long)getpid());
	(void)fflush(stdout);
}

/* Until standard input ends, or a line comes. */
static void
hear(void)
{
	char line[64];

	if (fgets(line, sizeof(line), stdin) == NULL)
		return;
}

static sigset_t
block(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		abort();
	return set;
}

static int
do_pause(void)
{
	sigset_t none;

	(void)block(SIGUSR1, SIGUSR1);
	handle_signal(SIGUSR1, on_signal, 0);
	sigemptyset(&none);
	ready();
	(void)sigsuspend(&none);
	tell(handled == 1 ? "handled" : "not handled");
	return 0;
}

static int
do_info(void)
{
	sigset_t set = block(SIGUSR1, SIGUSR1);
	siginfo_t info;
	int i;

	ready();
	for (i = 0; i < 2; i++) {
		if (sigwaitinfo(&set, &info) != SIGUSR1)
			return 1;
		(void)printf("%d %ld %ld", info.si_code, (long)info.si_pid,
		    (long)info.si_uid);
		if (info.si_code == SI_QUEUE)
			(void)printf(" %d", info.si_value.sival_int);
		tell("");
	}
	return 0;
}

static int
do_values(void)
{
	sigset_t set = block(SIGRTMIN, SIGRTMIN);
	siginfo_t info;
	int i;

	ready();
	for (i = 0; i < TARGET_VALUES; i++)
		if (sigwaitinfo(&set, &info) != SIGRTMIN ||
		    info.si_value.sival_int != i) {
			(void)printf("%d in place of %d\n",
			    info.si_value.sival_int, i);
			return 1;
		}
	tell("in order");
	hear();
	return 0;
}

static int
do_full(void)
{
	sigset_t set = block(SIGRTMIN, SIGRTMIN);
	struct timespec now = { 0, 0 };
	union sigval value = { .sival_int = 1 };
	siginfo_t info;

	while (sigqueue(getpid(), SIGRTMIN, value) == 0)
		continue;
	if (errno != EAGAIN)
		return 1;
	ready();
	hear();
	while (sigtimedwait(&set, &info, &now) == SIGRTMIN)
		continue;
	tell("drained");
	if (sigwaitinfo(&set, &info) != SIGRTMIN)
		return 1;
	(void)printf("%d\n", info.si_value.sival_int);
	return 0;
}

static int
do_default(void)
{
	ready();
	while (pause() == -1 && errno == EINTR)
		continue;
	return 1;
}

static int
do_blocked(void)
{
	sigset_t set = block(SIGUSR1, SIGUSR1), now;

	handle_signal(SIGUSR1, on_signal, 0);
	ready();
	hear();
	if (handled != 0 || sigpending(&now) != 0)
		return 1;
	tell(sigismember(&now, SIGUSR1) == 1 ? "pending" : "not pending");
	if (sigprocmask(SIG_UNBLOCK, &set, NULL) != 0)
		return 1;
	(void)printf("%d handled\n", (int)handled);
	return 0;
}

/* A handler that runs before the call blocks is no use: the parent repeats. */
static int
interrupted(int result)
{
	if (result != -1 || errno != EINTR || handled == 0)
		tell("not interrupted");
	else
		tell("EINTR");
	if (kill(getppid(), SIGUSR2) != 0)
		return 1;
	hear();
	return 0;
}

static int
do_read(void)
{
	int fds[2];
	char c;

	if (pipe(fds) != 0)
		return 1;
	handle_signal(SIGUSR1, on_signal, 0);
	ready();
	return interrupted((int)read(fds[0], &c, 1));
}

static int
do_epoll(void)
{
	struct epoll_event ev;
	int ep = epoll_create1(0);

	handle_signal(SIGUSR1, on_signal, 0);
	ready();
	return interrupted(epoll_wait(ep, &ev, 1, -1));
}

static int
do_signalfd(void)
{
	sigset_t set = block(SIGUSR1, SIGUSR1);
	struct signalfd_siginfo info;
	int fd = signalfd(-1, &set, 0);

	ready();
	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 1;
	(void)printf("%u\n", (unsigned)info.ssi_signo);
	return 0;
}

static int
do_echo(void)
{
	sigset_t set = block(SIGUSR1, SIGTERM);
	pid_t parent = getppid();
	int signo;

	ready();
	while (sigwait(&set, &signo) == 0 && signo == SIGUSR1)
		if (kill(parent, SIGUSR2) != 0)
			return 1;
	return signo == SIGTERM ? 0 : 1;
}

static int
do_storm(void)
{
	sigset_t set = block(SIGTERM, SIGTERM);
	pid_t parent = getppid();
	int i, signo;

	handle_signal(SIGUSR1, on_signal, 0);
	ready();
	for (i = 0; i < STORM; i++)
		if (kill(parent, SIGUSR2) != 0)
			return 1;
	if (sigwait(&set, &signo) != 0 || handled == 0)
		return 1;
	(void)printf("%d sent\n", i);
	return 0;
}

/* SIGUSR1: say how many handles there are; SIGTERM: end. */
static int
do_handles(void)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	int signo;

	set = block(SIGUSR1, SIGTERM);
	sigaddset(&set, SIGUSR2);
	ready();
	while (sigwait(&set, &signo) == 0 && signo != SIGTERM)
		if (signo == SIGUSR1) {
			(void)printf("%d\n", host_handles());
			(void)fflush(stdout);
		}
	return 0;
}

int
target_main(const char *role)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} roles[] = {
		{ "pause", do_pause }, { "info", do_info },
		{ "values", do_values }, { "full", do_full },
		{ "default", do_default }, { "blocked", do_blocked },
		{ "read", do_read }, { "epoll", do_epoll },
		{ "signalfd", do_signalfd }, { "echo", do_echo },
		{ "storm", do_storm }, { "handles", do_handles },
	};
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(role, roles[i].name) == 0)
			return roles[i].run();
	return 2;
}
