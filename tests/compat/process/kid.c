#include "kid.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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

/* write() all of it, or die. */
static void
put(int fd, const char *text, size_t n)
{
	ssize_t put;

	for (; n > 0; text += put, n -= (size_t)put)
		if ((put = write(fd, text, n)) <= 0)
			_exit(99);
}

void
kid_say(const char *text)
{
	put(1, text, strlen(text));
}

static int
number(char *argv[], int i)
{
	return argv[i] != NULL ? atoi(argv[i]) : 0;
}

static int __attribute__((noreturn))
role_exit(char *argv[])
{
	exit(number(argv, 2));
}

/* The arguments, each with its length, so that none looks like another. */
static int
role_args(char *argv[])
{
	char head[32];
	int i;

	for (i = 2; argv[i] != NULL; i++) {
		(void)snprintf(head, sizeof(head), "%zu:", strlen(argv[i]));
		kid_say(head);
		kid_say(argv[i]);
	}
	return 0;
}

static int
role_fds(char *argv[])
{
	char text[32];
	int fd;

	(void)argv;
	for (fd = 0; fd < 3000; fd++)
		if (fcntl(fd, F_GETFD) != -1) {
			(void)snprintf(text, sizeof(text), "%d ", fd);
			kid_say(text);
		}
	return 0;
}

/* from to: copy until the end. */
static int
role_cat(char *argv[])
{
	static char buf[70000];
	int from = number(argv, 2), to = argv[2] != NULL ? number(argv, 3) : 1;
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		put(to, buf, (size_t)n);
	return n == 0 ? 0 : 98;
}

/* fd text: write it. */
static int
role_write(char *argv[])
{
	put(number(argv, 2), argv[3], strlen(argv[3]));
	return 0;
}

/* fd n: read so much, and say it. */
static int
role_read(char *argv[])
{
	char buf[256];
	ssize_t n = read(number(argv, 2), buf, (size_t)number(argv, 3));

	if (n < 0)
		return errno;
	put(1, buf, (size_t)n);
	return 0;
}

/* fd offset whence: lseek, and say where that is. */
static int
role_seek(char *argv[])
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)lseek(
	    number(argv, 2), number(argv, 3), number(argv, 4)));
	kid_say(text);
	return 0;
}

/* fd [set clear]: change the status flags, say what they are. */
static int
role_flags(char *argv[])
{
	char text[64];
	int fd = number(argv, 2), flags = fcntl(fd, F_GETFL);

	if (argv[3] != NULL && fcntl(fd, F_SETFL, (flags | number(argv, 3)) &
	    ~number(argv, 4)) != 0)
		return 97;
	flags = fcntl(fd, F_GETFL);
	(void)snprintf(text, sizeof(text), "%d %s%s", flags & O_ACCMODE,
	    flags & O_APPEND ? "append " : "",
	    flags & O_NONBLOCK ? "nonblock" : "");
	kid_say(text);
	return 0;
}

static int
role_env(char *argv[])
{
	const char *value = getenv(argv[2]);

	kid_say(value != NULL ? value : "(none)");
	return 0;
}

static int
role_cwd(char *argv[])
{
	char dir[4096];

	(void)argv;
	if (getcwd(dir, sizeof(dir)) == NULL)
		return 96;
	kid_say(dir);
	return 0;
}

/* By raise or by abort. */
static int
role_die(char *argv[])
{
	(void)raise(number(argv, 2));
	return 95;
}

/* Say "ready" at 1, then wait for a signal for ever. */
static int __attribute__((noreturn))
role_wait(char *argv[])
{
	(void)argv;
	kid_say("ready");
	(void)close(1);
	for (;;)
		(void)pause();
}

/* Mask and ignored, of two signals. */
static int
role_signals(char *argv[])
{
	struct sigaction act;
	sigset_t set;
	char text[64];

	(void)argv;
	(void)sigprocmask(SIG_BLOCK, NULL, &set);
	(void)sigaction(SIGUSR2, NULL, &act);
	(void)snprintf(text, sizeof(text), "%d%d%d",
	    sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2),
	    act.sa_handler == SIG_IGN);
	kid_say(text);
	return 0;
}

/* A child of its own, whose status it hands on. */
static int
role_nest(char *argv[])
{
	pid_t pid;
	int status;

	argv[1] = self;
	if (posix_spawn(&pid, self, NULL, NULL, argv + 1, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		return 94;
	return WEXITSTATUS(status);
}

/* Accept on fd, and say hello. */
static int
role_accept(char *argv[])
{
	int conn = accept(number(argv, 2), NULL, NULL);

	if (conn < 0)
		return errno;
	put(conn, "hello", 5);
	return 0;
}

/* fd events ms: poll, say what holds. */
static int
role_poll(char *argv[])
{
	struct pollfd p = { .fd = number(argv, 2),
	    .events = (short)number(argv, 3) };
	char text[32];

	if (poll(&p, 1, number(argv, 4)) < 0)
		return 93;
	(void)snprintf(text, sizeof(text), "%s%s%s%s",
	    p.revents & POLLIN ? "in " : "", p.revents & POLLOUT ? "out " : "",
	    p.revents & POLLHUP ? "hup " : "",
	    p.revents & POLLERR ? "err " : "");
	kid_say(text);
	return 0;
}

/* fd: fill a pipe without blocking, say how much went in. */
static int
role_fill(char *argv[])
{
	static char block[4096];
	char text[32];
	ssize_t n;
	long total = 0;
	int fd = number(argv, 2);

	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((n = write(fd, block, sizeof(block))) > 0)
		total += n;
	(void)snprintf(text, sizeof(text), "%ld %d", total, errno == EAGAIN);
	kid_say(text);
	return 0;
}

/* fd n byte: write n records of PIPE_BUF / 4 bytes. */
static int
role_records(char *argv[])
{
	char block[1024];
	int fd = number(argv, 2), n = number(argv, 3);

	(void)memset(block, argv[4][0], sizeof(block));
	while (n-- > 0)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return errno;
	return 0;
}

/* fd n: read so much, in all. */
static int
role_drain(char *argv[])
{
	char buf[4096];
	int fd = number(argv, 2), left = number(argv, 3);
	ssize_t n;

	for (; left > 0; left -= (int)n)
		if ((n = read(fd, buf, left < 4096 ? (size_t)left :
		    sizeof(buf))) <= 0)
			return 91;
	return 0;
}

/* Words through stdio. */
static int
role_printf(char *argv[])
{
	(void)printf("%s\n", argv[2]);
	return 0;
}

static const struct kid_role roles[] = {
	{ "exit", role_exit }, { "args", role_args }, { "fds", role_fds },
	{ "cat", role_cat }, { "write", role_write }, { "read", role_read },
	{ "seek", role_seek }, { "flags", role_flags }, { "env", role_env },
	{ "cwd", role_cwd }, { "die", role_die }, { "wait", role_wait },
	{ "signals", role_signals }, { "nest", role_nest },
	{ "accept", role_accept }, { "poll", role_poll },
	{ "fill", role_fill }, { "records", role_records },
	{ "printf", role_printf }, { "drain", role_drain }, { NULL, NULL },
};

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
	play(roles, argv);
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

int
kid_output(char *buf, size_t size, const char *role, ...)
{
	posix_spawn_file_actions_t actions;
	va_list ap;
	pid_t pid;
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&actions);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, p[1], 1),
	    0);
	va_start(ap, role);
	pid = start(&actions, self, role, ap);
	va_end(ap);
	(void)posix_spawn_file_actions_destroy(&actions);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], buf, size);
	ck_assert_int_eq(close(p[0]), 0);
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
