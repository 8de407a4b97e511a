/* The parts that all can play. */
#include "kid.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

	argv[1] = (char *)(uintptr_t)kid_self();
	if (posix_spawn(&pid, kid_self(), NULL, NULL, argv + 1, environ) != 0 ||
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

/* words...: this program again, or the plain one, in this one's place. */
int
kid_exec(char *argv[])
{
	argv[1] = argv[0];
	(void)execv(kid_self(), argv + 1);
	return errno;
}

static int
role_exec_plain(char *argv[])
{
	argv[1] = argv[0];
	(void)execv(kid_plain(), argv + 1);
	return errno;
}

const struct kid_role kid_roles[] = {
	{ "exit", role_exit }, { "args", role_args }, { "fds", role_fds },
	{ "cat", role_cat }, { "write", role_write }, { "read", role_read },
	{ "seek", role_seek }, { "flags", role_flags }, { "env", role_env },
	{ "cwd", role_cwd }, { "die", role_die }, { "wait", role_wait },
	{ "signals", role_signals }, { "nest", role_nest },
	{ "accept", role_accept }, { "poll", role_poll },
	{ "fill", role_fill }, { "records", role_records },
	{ "printf", role_printf }, { "drain", role_drain },
	{ "exec", kid_exec }, { "exec-plain", role_exec_plain }, { NULL, NULL },
};
