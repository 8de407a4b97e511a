/*
 * Threads that open, accept and make pipes all the time, while others start
 * children: no child has what is not its own (POSIX, FD_CLOEXEC), and nobody
 * keeps a pipe or a connection open that its owners have closed.
 */
#include <spawn.h>

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "port.h"
#include "support/host.h"
#include "support/main.h"

#define LONG_LIVED 16		/* children that live to the end */
#define SHORT_LIVED 24		/* and that say what they have */
#define AT_ONCE 20000		/* ms, until an end that is lost is told */

static atomic_int stop;
static atomic_int rounds[3];
static _Atomic(const char *) wrong;
static char detail[500];

/* Run in all threads: the first complaint is kept. */
static void
complain(const char *what)
{
	const char *none = NULL;

	(void)atomic_compare_exchange_strong(&wrong, &none, what);
	atomic_store(&stop, 1);
}

/* Does fd come to its end, as it must at once? */
static int
is_at_end(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	return poll(&p, 1, AT_ONCE) == 1 && read(fd, &c, 1) <= 0;
}

static void *
make_pipes(void *arg)
{
	int p[2];

	for (; !atomic_load(&stop); atomic_fetch_add(&rounds[0], 1)) {
		if (pipe2(p, O_CLOEXEC) != 0) {
			complain("pipe2");
			break;
		}
		(void)close(p[1]);
		if (!is_at_end(p[0]))
			complain("somebody has the writing end of a pipe");
		(void)close(p[0]);
	}
	return arg;
}

static void *
open_files(void *arg)
{
	int d, e, f, s;

	for (; !atomic_load(&stop); atomic_fetch_add(&rounds[1], 1)) {
		f = open("busy", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		e = eventfd(0, EFD_CLOEXEC);
		d = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		s = fcntl(f, F_DUPFD_CLOEXEC, 100);
		if (f < 0 || e < 0 || d < 0 || s < 100)
			complain("open");
		(void)close(s);
		(void)close(d);
		(void)close(e);
		(void)close(f);
	}
	return arg;
}

/* What was accepted is closed; the other end hears of it at once. */
static void *
accept_peers(void *arg)
{
	struct sockaddr_in in;
	int a, c, l;

	if ((l = port_listen(0, &in)) < 0)
		complain("listen");
	for (; !atomic_load(&stop); atomic_fetch_add(&rounds[2], 1)) {
		c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(c, (struct sockaddr *)&in, sizeof(in)) != 0 ||
		    (a = accept4(l, NULL, NULL, SOCK_CLOEXEC)) < 0) {
			complain("connect or accept");
			break;
		}
		(void)close(a);
		if (!is_at_end(c))
			complain("somebody has an accepted connection");
		(void)close(c);
	}
	(void)close(l);
	return arg;
}

struct starter {
	pthread_t thread;
	int in, out;			/* of those who live long */
	pid_t pid[LONG_LIVED / 2];
	int started;
};

static pid_t
start(const char *program, const char *role, int in, int out)
{
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)role,
	    NULL };
	posix_spawn_file_actions_t a;
	pid_t pid;
	int err;

	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, in, 0);
	(void)posix_spawn_file_actions_adddup2(&a, out, 1);
	err = posix_spawn(&pid, program, &a, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&a);
	if (err == 0)
		return pid;
	complain("posix_spawn");
	return -1;
}

/* Its words: the numbers that are open in it. */
static void
look_at_one(const char *program, int in)
{
	char text[200] = "";
	size_t got = 0;
	ssize_t n;
	pid_t pid;
	int p[2], status;

	if (pipe2(p, O_CLOEXEC) != 0 ||
	    (pid = start(program, "fds", in, p[1])) < 0) {
		complain("pipe2 or posix_spawn");
		return;
	}
	(void)close(p[1]);
	while (got < sizeof(text) - 1 && (n = read(p[0], text + got,
	    sizeof(text) - 1 - got)) > 0)
		got += (size_t)n;
	(void)close(p[0]);
	(void)waitpid(pid, &status, 0);
	if (strcmp(text, "0 1 2 ") != 0) {
		(void)snprintf(detail, sizeof(detail), "a child has: %s", text);
		complain(detail);
	}
}

static void *
start_children(void *arg)
{
	struct starter *s = arg;
	const char *program;
	int i;

	for (i = 0; i < SHORT_LIVED / 2 && !atomic_load(&stop); i++) {
		program = i % 2 == 0 ? kid_self() : kid_plain();
		if (s->started < LONG_LIVED / 2 &&
		    (s->pid[s->started] = start(program, "cat", s->in,
		    s->out)) > 0)
			s->started++;
		look_at_one(program, s->in);
	}
	return NULL;
}

/* All have ended, and with 0. */
static void
reap(struct starter *s)
{
	int i;

	for (i = 0; i < s->started; i++)
		ck_assert_int_eq(kid_end(s->pid[i]), 0);
}

START_TEST(no_child_has_what_is_not_its_own)
{
	static void *(*const work[3])(void *) = { make_pipes, open_files,
	    accept_peers };
	struct starter s[2];
	pthread_t t[3];
	int in[2], out[2], i;
	char c;

	kid_keep_all();
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, work[i], NULL),
		    0);
	for (i = 0; i < 2; i++) {
		s[i] = (struct starter){ .in = in[0], .out = out[1] };
		ck_assert_int_eq(pthread_create(&s[i].thread, NULL,
		    start_children, &s[i]), 0);
	}
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(s[i].thread, NULL), 0);
	atomic_store(&stop, 1);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_msg(atomic_load(&wrong) == NULL, "%s", atomic_load(&wrong));
	for (i = 0; i < 3; i++)
		ck_assert_int_gt(atomic_load(&rounds[i]), 0);
	ck_assert_int_eq(s[0].started + s[1].started, LONG_LIVED);
	/* They live, and end when their input does. */
	ck_assert_int_eq(close(in[0]), 0);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(write(in[1], "x", 1), 1);
	ck_assert_int_eq(read(out[0], &c, 1), 1);
	ck_assert_int_eq(close(in[1]), 0);
	ck_assert_int_eq(is_at_end(out[0]), 1);
	reap(&s[0]);
	reap(&s[1]);
	ck_assert_int_eq(close(out[0]), 0);
}
END_TEST

#ifndef SPAWNS
#define SPAWNS 60
#endif

static void
spawn_some(int n)
{
	int i, p[2], status;
	pid_t pid;
	char c;

	ck_assert_int_eq(pipe(p), 0);
	for (i = 0; i < n; i++) {
		pid = i % 4 == 3 ? plain_start(NULL, "exit", "7", NULL) :
		    kid_start(NULL, "exit", "7", NULL);
		status = kid_end(pid);
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), 7);
	}
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(read(p[0], &c, 1), 0);
	ck_assert_int_eq(close(p[0]), 0);
}

/* With descriptors of most kinds that are handed over each time. */
START_TEST(many_children_leave_nothing)
{
	int f = open("f", O_RDWR | O_CREAT, 0600), e = eventfd(0, 0);
	int n = open("/dev/null", O_RDWR), fds, handles;
	int t = timerfd_create(CLOCK_MONOTONIC, 0);
	struct sockaddr_in in;
	int l = port_listen(0, &in);

	ck_assert_int_eq(fcntl(l, F_SETFD, 0), 0);
	spawn_some(8);
	fds = kid_open_fds();
	handles = host_handles();
	spawn_some(SPAWNS);
	ck_assert_int_eq(kid_open_fds(), fds);
	/* NT's pool of threads comes and goes. */
	ck_assert_int_le(host_handles(), handles + 8);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(close(t), 0);
	ck_assert_int_eq(close(n), 0);
	ck_assert_int_eq(close(e), 0);
	ck_assert_int_eq(close(f), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { no_child_has_what_is_not_its_own,
	    many_children_leave_nothing };

	kid_main(argc, argv);
	return run_cases("leak", tests, 2);
}
