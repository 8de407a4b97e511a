#include "kid.h"

#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/host.h"

#define ARGS 40

static char self[4096], plain[4096];
static const struct kid_role *more;

const char *
kid_self(void)
{
	return self;
}

const char *
kid_plain(void)
{
	return plain;
}

static void
play(const struct kid_role *r, char *argv[])
{
	for (; r->name != NULL; r++)
		if (strcmp(r->name, argv[1]) == 0)
			exit(r->play(argv));
}

static void
find_programs(const char *name)
{
	static const char *const seps = "/\\";
	char dir[2048];
	size_t n;

	if (name[0] == '/' || name[0] == '\\' || strchr(name, ':') != NULL)
		dir[0] = '\0';
	else if (getcwd(dir, sizeof(dir) - 1) != NULL)
		(void)strcat(dir, "/");
	(void)snprintf(self, sizeof(self), "%s%s", dir, name);
	n = strlen(self);
	while (n > 0 && strchr(seps, self[n - 1]) == NULL)
		n--;
	if (n > 6 && strncmp(self + n - 6, ".libs", 5) == 0)
		n -= 6;
	(void)snprintf(plain, sizeof(plain), "%.*splain", (int)n, self);
}

void
kid_keep_all(void)
{
	int fd;

	for (fd = 3; fd < 3000; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void
kid_main(int argc, char *argv[])
{
	find_programs(argv[0]);
	if (argc < 2) {
		/* What make and the shell left open is not for children. */
		kid_keep_all();
		return;
	}
	play(kid_roles, argv);
	if (more != NULL)
		play(more, argv);
	exit(92);
}

void
kid_main_with(int argc, char *argv[], const struct kid_role *own)
{
	more = own;
	kid_main(argc, argv);
}

static pid_t
start(const posix_spawn_file_actions_t *actions, const char *program,
    const char *role, va_list ap)
{
	const char *argv[ARGS] = { program, role };
	pid_t pid = -1;
	int n = 2;

	while ((argv[n] = va_arg(ap, const char *)) != NULL)
		ck_assert_int_lt(++n, ARGS);
	ck_assert_int_eq(posix_spawn(&pid, program, actions, NULL,
	    (char *const *)(uintptr_t)argv, environ), 0);
	return pid;
}

pid_t
kid_start(const posix_spawn_file_actions_t *actions, const char *role, ...)
{
	va_list ap;
	pid_t pid;

	va_start(ap, role);
	pid = start(actions, self, role, ap);
	va_end(ap);
	return pid;
}

pid_t
plain_start(const posix_spawn_file_actions_t *actions, const char *role, ...)
{
	va_list ap;
	pid_t pid;

	va_start(ap, role);
	pid = start(actions, plain, role, ap);
	va_end(ap);
	return pid;
}

int
kid_end(pid_t pid)
{
	int status = -1;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

int
kid_status(pid_t pid)
{
	int status = kid_end(pid);

	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

ssize_t
kid_read(int fd, char *buf, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (got + 1 < size && (n = read(fd, buf + got, size - 1 - got)) > 0)
		got += (size_t)n;
	buf[got] = '\0';
	return (ssize_t)got;
}

/*
 * Make a pipe of which the child has the end `theirs` at fd, and keep the
 * other; return the one to be closed.
 */
static int
pipe_for(posix_spawn_file_actions_t *actions, int fd, int theirs, int *ours)
{
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(actions, p[theirs],
	    fd), 0);
	*ours = p[1 - theirs];
	return p[theirs];
}

/* in may be NULL. */
static pid_t
talk(int *in, int *out, const char *role, va_list ap)
{
	posix_spawn_file_actions_t actions;
	int input = -1, output;
	pid_t pid;

	(void)posix_spawn_file_actions_init(&actions);
	if (in != NULL)
		input = pipe_for(&actions, 0, 0, in);
	output = pipe_for(&actions, 1, 1, out);
	pid = start(&actions, self, role, ap);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (in != NULL)
		ck_assert_int_eq(close(input), 0);
	ck_assert_int_eq(close(output), 0);
	return pid;
}

pid_t
kid_talk(int *out, const char *role, ...)
{
	va_list ap;
	pid_t pid;

	va_start(ap, role);
	pid = talk(NULL, out, role, ap);
	va_end(ap);
	return pid;
}

pid_t
kid_converse(int *in, int *out, const char *role, ...)
{
	va_list ap;
	pid_t pid;

	va_start(ap, role);
	pid = talk(in, out, role, ap);
	va_end(ap);
	return pid;
}

void
kid_says(int out, const char *what)
{
	char text[100];

	ck_assert_uint_lt(strlen(what), sizeof(text));
	(void)kid_read(out, text, strlen(what) + 1);
	ck_assert_str_eq(text, what);
}

void
kid_ended_by(pid_t pid, int signo)
{
	int status = kid_end(pid);

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), signo);
}

int
kid_output(char *buf, size_t size, const char *role, ...)
{
	va_list ap;
	pid_t pid;
	int out;

	va_start(ap, role);
	pid = talk(NULL, &out, role, ap);
	va_end(ap);
	(void)kid_read(out, buf, size);
	ck_assert_int_eq(close(out), 0);
	return kid_end(pid);
}

int
kid_open_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 3000; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}
