#include "compat/flock/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/tmpdir.h"

#define FILES 8
#define LINE 200

struct agent {
	struct proc *proc;
	long pid;
};

static int fds[FILES];

/* The agent's side. */

static int
try(int fd, int cmd, int type, long long start, long long len)
{
	return set(fd, cmd, type, (off_t)start, (off_t)len) == 0 ? 0 : errno;
}

static int
chain(int fd, int type, long long start, long long len)
{
	int err = try(fd, F_SETLKW, type, start, len);

	(void)try(fd, F_SETLK, F_UNLCK, 0, 0);
	return err;
}

/* Splits, merges and conversions; never waits. */
static void
hammer(int fd, unsigned int seed)
{
	static const int types[] = { F_RDLCK, F_WRLCK, F_UNLCK };

	(void)printf("0\n");
	(void)fflush(stdout);
	srand(seed);
	for (;;)
		(void)try(fd, rand() % 2 ? F_SETLK : F_OFD_SETLK,
		    types[rand() % 3], rand() % 200, 1 + rand() % 50);
}

static int
obey(const char *line)
{
	char what[16], name[120];
	int i, cmd, type;
	long long start, len;

	if (sscanf(line, "open %d %119s", &i, name) == 2)
		return (fds[i] = open(name, O_RDWR)) >= 0 ? 0 : errno;
	if (sscanf(line, "close %d %d", &i, &cmd) == 2)
		return close(fds[i]) == 0 ? 0 : errno;
	if (sscanf(line, "dup %d %d", &i, &cmd) == 2)
		return dup2(fds[i], fds[cmd]) >= 0 ? 0 : errno;
	if (sscanf(line, "hammer %d %d", &i, &cmd) == 2)
		hammer(fds[i], (unsigned int)cmd);
	if (sscanf(line, "%15s %d %d %d %lld %lld", what, &i, &cmd, &type,
	    &start, &len) != 6)
		return EINVAL;
	if (strcmp(what, "chain") == 0)
		return chain(fds[i], type, start, len);
	return try(fds[i], cmd, type, start, len);
}

int
agent_main(void)
{
	char line[LINE];

	(void)printf("%ld\n", (long)getpid());
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		(void)printf("%d\n", obey(line));
		(void)fflush(stdout);
	}
	return 0;
}

/* The test's side. */

static void
give_up(const char *what)
{
	(void)fprintf(stderr, "agent: %s\n", what);
	exit(99);
}

static long
answer(struct agent *a)
{
	char line[LINE];

	if (proc_readline(a->proc, line, sizeof(line)) <= 0)
		give_up("no answer");
	return strtol(line, NULL, 10);
}

struct agent *
agent_start(const char *self)
{
	const char *argv[] = { self, "agent", NULL };
	struct agent *a = malloc(sizeof(*a));

	if (a == NULL || tmpdir_spawn(argv, &a->proc) != 0)
		give_up("cannot be started");
	a->pid = answer(a);
	return a;
}

long
agent_pid(const struct agent *a)
{
	return a->pid;
}

static void
tell(struct agent *a, const char *line)
{
	if (proc_writeline(a->proc, line) != 0)
		give_up("does not listen");
}

void
agent_open(struct agent *a, int i, const char *name)
{
	char line[LINE];

	(void)snprintf(line, sizeof(line), "open %d %s/%s", i,
	    tmpdir_name(), name);
	tell(a, line);
	if (answer(a) != 0)
		give_up("cannot open");
}

void
agent_do(struct agent *a, const char *what, int i, int j)
{
	char line[LINE];

	(void)snprintf(line, sizeof(line), "%s %d %d", what, i, j);
	tell(a, line);
	if (answer(a) != 0)
		give_up(what);
}

static void
order(struct agent *a, const char *what, int i, int cmd, int type, off_t start,
    off_t len)
{
	char line[LINE];

	(void)snprintf(line, sizeof(line), "%s %d %d %d %lld %lld", what, i,
	    cmd, type, (long long)start, (long long)len);
	tell(a, line);
}

void
agent_ask(struct agent *a, int i, int cmd, int type, off_t start, off_t len)
{
	order(a, "set", i, cmd, type, start, len);
}

int
agent_answer(struct agent *a)
{
	return (int)answer(a);
}

int
agent_set(struct agent *a, int i, int cmd, int type, off_t start, off_t len)
{
	agent_ask(a, i, cmd, type, start, len);
	return agent_answer(a);
}

void
agent_chain(struct agent *a, int i, int type, off_t start, off_t len)
{
	order(a, "chain", i, F_SETLKW, type, start, len);
}

void
agent_hammer(struct agent *a, int i, unsigned int seed)
{
	char line[LINE];

	(void)snprintf(line, sizeof(line), "hammer %d %u", i, seed);
	tell(a, line);
	if (answer(a) != 0)
		give_up("does not hammer");
}

void
agent_kill(struct agent *a)
{
	proc_kill(a->proc);
}

int
agent_end(struct agent *a)
{
	int status = proc_wait(a->proc);

	free(a);
	return status;
}
