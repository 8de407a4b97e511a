/*
 * popen, pclose.  A stream's descriptor is FD_CLOEXEC whenever it is not in
 * the list, so that no child of another thread's gets it; those in the list
 * are closed in each child of popen's (POSIX, popen()).
 */
#include <stdio.h>

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "fd/fdtable.h"
#include "fd/lock.h"
#include "fd/result.h"
#include "process/shell.h"

struct command {
	struct command *next;
	FILE *f;
	pid_t pid;
};

static struct {
	struct lock lock;	/* held while popen's children are started */
	struct command *first;
} commands;

struct mode {
	int reads, writes, cloexec;
};

static int
parse_mode(const char *s, struct mode *m)
{
	*m = (struct mode){ 0 };
	if (s == NULL)
		return EINVAL;
	for (; *s != '\0'; s++)
		if (*s == 'r')
			m->reads = 1;
		else if (*s == 'w')
			m->writes = 1;
		else if (*s == 'e')
			m->cloexec = 1;
		else
			return EINVAL;
	return m->reads != m->writes ? 0 : EINVAL;
}

/* Lock held.  What the child has as its 0 or 1 now is not an old stream. */
static int
close_others(posix_spawn_file_actions_t *actions, int target)
{
	const struct command *c;
	int err = 0, fd;

	for (c = commands.first; c != NULL && err == 0; c = c->next)
		if ((fd = fileno(c->f)) >= 0 && fd != target)
			err = posix_spawn_file_actions_addclose(actions, fd);
	return err;
}

/* The child has end as target: its standard input or output. */
static int
start(const char *command, const struct mode *m, int end, struct command *c)
{
	posix_spawn_file_actions_t actions;
	int err, target = m->reads ? STDOUT_FILENO : STDIN_FILENO;

	if ((err = posix_spawn_file_actions_init(&actions)) != 0)
		return err;
	lock_write(&commands.lock);
	err = posix_spawn_file_actions_adddup2(&actions, end, target);
	if (err == 0)
		err = close_others(&actions, target);
	if (err == 0)
		err = shell_spawn(command, &actions, NULL, &c->pid);
	if (err == 0) {
		c->next = commands.first;
		commands.first = c;
		if (!m->cloexec)
			(void)fd_setflags(fileno(c->f), 0);
	}
	unlock_write(&commands.lock);
	(void)posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* What can fail comes before the child: it cannot be called back. */
static int
open_command(const char *command, const char *mode, FILE **f)
{
	struct command *c;
	struct mode m;
	int err, p[2], ours, end;

	if ((err = parse_mode(mode, &m)) != 0)
		return err;
	if (command == NULL)
		return EFAULT;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return ENOMEM;
	if (pipe2(p, O_CLOEXEC) != 0) {
		err = errno;
		goto free_command;
	}
	ours = m.reads ? p[0] : p[1];
	end = m.reads ? p[1] : p[0];
	if ((c->f = fdopen(ours, m.reads ? "r" : "w")) == NULL) {
		err = errno;
		(void)fd_close(ours);
	} else if ((err = start(command, &m, end, c)) != 0) {
		(void)fclose(c->f);
	}
	(void)fd_close(end);
	*f = c->f;
	if (err == 0)
		return 0;
free_command:
	free(c);
	return err;
}

FILE *
popen(const char *command, const char *mode)
{
	FILE *f = NULL;
	int before = errno, err = open_command(command, mode, &f);

	errno_restore(before);
	return result_ptr(err, err == 0 ? f : NULL);
}

/* Out of the list, and no longer for any child. */
static struct command *
take_command(FILE *f)
{
	struct command **link, *c;

	lock_write(&commands.lock);
	for (link = &commands.first; (c = *link) != NULL; link = &c->next)
		if (c->f == f)
			break;
	if (c != NULL) {
		*link = c->next;
		(void)fd_setflags(fileno(f), FD_CLOEXEC);
	}
	unlock_write(&commands.lock);
	return c;
}

/*
 * As in glibc, what could not be written to a command that says all is well
 * is an error; one that failed by itself has the word.
 */
int
pclose(FILE *f)
{
	struct command *c = take_command(f);
	int before = errno, err = 0, lost, status;
	pid_t pid;

	if (c == NULL)
		return result(ECHILD, 0);
	pid = c->pid;
	free(c);
	lost = fclose(f) != 0 ? errno : 0;
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR) {
			err = errno;
			break;
		}
	errno_restore(before);
	if (err == 0 && status == 0)
		err = lost;
	return result(err, status);
}
