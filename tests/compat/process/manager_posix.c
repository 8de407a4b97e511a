#include "manager.h"

#include <sys/wait.h>

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

static char command[8192];
static pid_t pid;

int
manager_install(const char *program, const char *words)
{
	(void)snprintf(command, sizeof(command), "exec %s %s", program, words);
	return 0;
}

const char *
manager_name(void)
{
	return "libcompat-test";
}

int
manager_start(void)
{
	char sh[] = "sh", c[] = "-c", *argv[] = { sh, c, command, NULL };

	return posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) == 0 ?
	    0 : -1;
}

int
manager_stop(void)
{
	return kill(pid, SIGTERM);
}

int
manager_change(void)
{
	return kill(pid, SIGHUP);
}

int
manager_wait(void)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ?
	    WEXITSTATUS(status) : -1;
}

void
manager_remove(void)
{
}
