#include "support/proc.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

struct proc {
	pid_t pid;
	FILE *in, *out;
};

static int
spawn(const char *const argv[], int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, in, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, out, 1);
	err = posix_spawn(pid, argv[0], &actions, NULL, (char *const *)argv,
	    environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return err;
}

int
proc_spawn(const char *const argv[], struct proc **pp)
{
	struct proc *p;
	int in[2], out[2], err;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		return -1;
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
		perror("pipe");
		free(p);
		return -1;
	}
	err = spawn(argv, in[0], out[1], &p->pid);
	(void)close(in[0]);
	(void)close(out[1]);
	p->in = fdopen(in[1], "w");
	p->out = fdopen(out[0], "r");
	*pp = p;
	if (err == 0)
		return 0;
	(void)fprintf(stderr, "%s: %s\n", argv[0], strerror(err));
	(void)fclose(p->in);
	(void)fclose(p->out);
	free(p);
	return -1;
}

int
proc_readline(struct proc *p, char *buf, size_t size)
{
	if (fgets(buf, (int)size, p->out) == NULL)
		return -1;
	buf[strcspn(buf, "\r\n")] = '\0';
	return (int)strlen(buf);
}

int
proc_writeline(struct proc *p, const char *line)
{
	return fprintf(p->in, "%s\n", line) < 0 || fflush(p->in) != 0 ? -1 : 0;
}

void
proc_kill(struct proc *p)
{
	(void)kill(p->pid, SIGKILL);
}

int
proc_wait(struct proc *p)
{
	int status;

	(void)fclose(p->in);
	while (waitpid(p->pid, &status, 0) == -1 && errno == EINTR)
		;
	(void)fclose(p->out);
	free(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
