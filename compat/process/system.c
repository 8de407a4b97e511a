#include <stdlib.h>

#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "fd/result.h"
#include "process/search.h"
#include "process/shell.h"

/* POSIX, system(): what exit(127) of the shell would look like. */
#define NO_SHELL (127 << 8)

struct saved {
	struct sigaction interrupt, quit;
	sigset_t mask;
};

static void
hold_signals(struct saved *s, posix_spawnattr_t *attr)
{
	struct sigaction ignore;
	sigset_t set;

	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	(void)sigaction(SIGINT, &ignore, &s->interrupt);
	(void)sigaction(SIGQUIT, &ignore, &s->quit);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, &s->mask);
	(void)posix_spawnattr_init(attr);
	attr->spawn_flags_ = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	attr->spawn_mask_ = s->mask;
	if (s->interrupt.sa_handler != SIG_IGN)
		(void)sigaddset(&attr->spawn_default_, SIGINT);
	if (s->quit.sa_handler != SIG_IGN)
		(void)sigaddset(&attr->spawn_default_, SIGQUIT);
}

static void
release_signals(const struct saved *s)
{
	(void)sigaction(SIGINT, &s->interrupt, NULL);
	(void)sigaction(SIGQUIT, &s->quit, NULL);
	(void)sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* There is always a shell: cmd.exe, if no other. */
int
system(const char *command)
{
	posix_spawnattr_t attr;
	struct saved saved;
	int err, status = -1, before = errno;
	pid_t pid;

	if (command == NULL)
		return 1;
	hold_signals(&saved, &attr);
	err = shell_spawn(command, NULL, &attr, &pid);
	if (err == 0) {
		while (waitpid(pid, &status, 0) == -1)
			if (errno != EINTR) {
				err = errno;
				break;
			}
	} else if (err != EAGAIN && err != ENOMEM) {
		status = NO_SHELL;
		err = 0;
	}
	release_signals(&saved);
	errno_restore(before);
	return result(err, status);
}
