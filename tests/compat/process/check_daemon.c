/* daemon(3) */
#include <unistd.h>

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kid.h"
#include "support/main.h"

#define WORD 7			/* the daemon has a pipe there */

static char text[5000], dir[4096];

static void
tell(const char *what)
{
	if (write(WORD, what, strlen(what)) != (ssize_t)strlen(what))
		_exit(1);
}

static void
tell_where(void)
{
	if (getcwd(dir, sizeof(dir)) != NULL)
		tell(dir);
}

static int
role_where(char *argv[])
{
	if (daemon(atoi(argv[2]), 1) != 0)
		return 1;
	tell_where();
	return 0;
}

/* What is said at 1, and what can be read at 0. */
static int
role_speak(char *argv[])
{
	char c;

	if (daemon(1, atoi(argv[2])) != 0)
		return 1;
	kid_say("said");
	tell(read(0, &c, 1) == 0 ? "end" : "word");
	return 0;
}

/* The number, and then nothing until a signal comes. */
static int
role_stay(char *argv[])
{
	(void)argv;
	if (daemon(1, 0) != 0)
		return 1;
	(void)snprintf(text, sizeof(text), "%010ld", (long)getpid());
	tell(text);
	for (;;)
		(void)pause();
}

/* As a server does: a lock and a name first. */
static int
role_serve(char *argv[])
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int conn, lock, sock;

	(void)argv;
	lock = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (flock(lock, LOCK_EX | LOCK_NB) != 0)
		return 1;
	(void)strcpy(sun.sun_path, "socket");
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	(void)unlink("socket");
	if (bind(sock, (struct sockaddr *)&sun, sizeof(sun)) != 0 ||
	    listen(sock, 1) != 0)
		return 2;
	if (daemon(0, 0) != 0)
		return 3;
	tell("ready");
	if ((conn = accept(sock, NULL, NULL)) < 0 ||
	    write(conn, "hello", 5) != 5 || flock(lock, LOCK_UN) != 0)
		return 4;
	return 0;
}

static int
role_twice(char *argv[])
{
	(void)argv;
	if (daemon(1, 0) != 0 || daemon(1, 0) != 0)
		return 1;
	tell("both");
	return 0;
}

static const struct kid_role own[] = {
	{ "where", role_where }, { "speak", role_speak },
	{ "stay", role_stay }, { "serve", role_serve },
	{ "twice", role_twice }, { NULL, NULL },
};

/* Start it; what it had to say at first is at *word. */
static pid_t
start(int *word, int out, const char *role, const char *arg)
{
	posix_spawn_file_actions_t a;
	int p[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_addopen(&a, 0, "/dev/null", O_RDONLY,
	    0);
	if (out >= 0)
		(void)posix_spawn_file_actions_adddup2(&a, out, 1);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], WORD);
	pid = kid_start(&a, role, arg, NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	*word = p[0];
	return pid;
}

/* The end of a word is the end of the daemon. */
static void
says_at_last(int word, const char *what)
{
	(void)kid_read(word, text, sizeof(text));
	ck_assert_str_eq(text, what);
	ck_assert_int_eq(close(word), 0);
}

START_TEST(it_is_another_process_and_its_parent_exits_with_0)
{
	int word;
	pid_t pid, daemon_pid;

	pid = start(&word, -1, "stay", NULL);
	ck_assert_int_eq(kid_status(pid), 0);
	(void)kid_read(word, text, 11);
	ck_assert_int_gt(daemon_pid = (pid_t)atol(text), 0);
	ck_assert_int_ne(daemon_pid, pid);
	ck_assert_int_eq(kill(daemon_pid, SIGTERM), 0);
	says_at_last(word, "");
}
END_TEST

START_TEST(it_is_in_the_root_unless_told_not_to)
{
	char here[4096], root[4096];
	int word;

	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	ck_assert_int_eq(chdir(here), 0);
	ck_assert_int_eq(kid_status(start(&word, -1, "where", "0")), 0);
	says_at_last(word, root);
	ck_assert_int_eq(kid_status(start(&word, -1, "where", "1")), 0);
	says_at_last(word, here);
}
END_TEST

START_TEST(the_standard_descriptors_are_null_unless_told_not_to)
{
	static const char *const noclose[] = { "0", "1" };
	static const char *const heard[] = { "", "said" };
	int i, p[2], word;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
		ck_assert_int_eq(kid_status(start(&word, p[1], "speak",
		    noclose[i])), 0);
		ck_assert_int_eq(close(p[1]), 0);
		says_at_last(word, "end");
		says_at_last(p[0], heard[i]);
	}
}
END_TEST

/* A lock, and a listening socket, that were there before. */
START_TEST(a_server_keeps_its_lock_and_its_socket)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int lock, sock, word;

	ck_assert_int_eq(kid_status(start(&word, -1, "serve", NULL)), 0);
	(void)kid_read(word, text, 6);
	ck_assert_str_eq(text, "ready");
	ck_assert_int_ge(lock = open("lock", O_RDWR | O_CLOEXEC), 0);
	ck_assert_int_eq(flock(lock, LOCK_EX | LOCK_NB), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	(void)strcpy(sun.sun_path, "socket");
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(sock, (struct sockaddr *)&sun, sizeof(sun)),
	    0);
	(void)kid_read(sock, text, 6);
	ck_assert_str_eq(text, "hello");
	says_at_last(word, "");
	ck_assert_int_eq(close(sock) | close(lock), 0);
}
END_TEST

START_TEST(a_daemon_can_ask_again)
{
	int word;

	ck_assert_int_eq(kid_status(start(&word, -1, "twice", NULL)), 0);
	says_at_last(word, "both");
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = it_is_another_process_and_its_parent_exits_with_0;
	tests[n++] = it_is_in_the_root_unless_told_not_to;
	tests[n++] = the_standard_descriptors_are_null_unless_told_not_to;
	tests[n++] = a_server_keeps_its_lock_and_its_socket;
	tests[n++] = a_daemon_can_ask_again;
	return run_cases("daemon", tests, n);
}
