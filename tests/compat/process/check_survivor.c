/*
 * Who has a descriptor when its owner is gone: nobody whom POSIX does not
 * name.  And a parent that knows only its C runtime.
 */
#include <spawn.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "port.h"
#include "support/main.h"

static char text[1000];

/*
 * program: listen, have program copy 0 to 1 for as long as that has an end,
 * say the port, and wait to be killed.
 */
static int
role_own(char *argv[])
{
	char *args[] = { argv[2], (char *)(uintptr_t)"cat", NULL };
	struct sockaddr_in in;
	pid_t pid;

	if (port_listen(0, &in) < 0)
		return 1;
	if (posix_spawn(&pid, argv[2], NULL, NULL, args, environ) != 0)
		return 2;
	(void)snprintf(text, sizeof(text), "%05d", ntohs(in.sin_port));
	kid_say(text);
	for (;;)
		(void)pause();
}

static const struct kid_role own[] = {
	{ "own", role_own }, { NULL, NULL },
};

/* The survivor is there. */
static void
answers(int to, int from)
{
	ck_assert_int_eq(write(to, "alive", 5), 5);
	(void)kid_read(from, text, 6);
	ck_assert_str_eq(text, "alive");
}

static void
port_is_free(const char *survivor)
{
	posix_spawn_file_actions_t a;
	struct sockaddr_in in;
	int from[2], to[2], l, port, status;
	pid_t owner;

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, to[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, from[1], 1);
	owner = kid_start(&a, "own", survivor, NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(to[0]), 0);
	ck_assert_int_eq(close(from[1]), 0);
	(void)kid_read(from[0], text, 6);
	port = atoi(text);
	/* Linux closes what is FD_CLOEXEC a little after posix_spawn(). */
	answers(to[1], from[0]);
	ck_assert_int_lt(port_listen(port, &in), 0);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(kill(owner, SIGKILL), 0);
	status = kid_end(owner);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ck_assert_int_ge(l = port_listen(port, &in), 0);
	answers(to[1], from[0]);
	ck_assert_int_eq(close(to[1]), 0);
	ck_assert_int_eq(read(from[0], text, 1), 0);
	ck_assert_int_eq(close(from[0]), 0);
	ck_assert_int_eq(close(l), 0);
}

/* FD_CLOEXEC, and _exit(): all descriptors of the process are closed. */
START_TEST(a_port_is_free_when_its_owner_is_killed)
{
	port_is_free(kid_self());
}
END_TEST

START_TEST(a_plain_survivor_does_not_keep_a_port)
{
	port_is_free(kid_plain());
}
END_TEST

/* Run it by the plain program; what it says to 1 is in text. */
static int
plain_parent(const char *role, const char *a, const char *b, const char *c)
{
	posix_spawn_file_actions_t act;
	int p[2], status;
	pid_t pid;

	kid_keep_all();
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&act);
	(void)posix_spawn_file_actions_adddup2(&act, p[1], 1);
	pid = plain_start(&act, "parent", kid_self(), role, a, b, c, NULL);
	(void)posix_spawn_file_actions_destroy(&act);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_int_eq(close(p[0]), 0);
	status = kid_end(pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
make_file(void)
{
	int fd = open("file", O_WRONLY | O_CREAT | O_TRUNC, 0666);

	ck_assert_int_eq(write(fd, "abcdefgh", 8), 8);
	ck_assert_int_eq(close(fd), 0);
}

/*
 * It opens "file" at 3, has it at 7 too, another at 4 that is not for
 * children, and one to append to at 5.
 */
START_TEST(a_plain_parents_descriptors_are_seen)
{
	make_file();
	ck_assert_int_eq(plain_parent("fds", NULL, NULL, NULL), 0);
	ck_assert_str_eq(text, "0 1 2 3 5 7 ");
}
END_TEST

/* What it has read is read. */
START_TEST(a_plain_parents_offset_is_ours)
{
	make_file();
	ck_assert_int_eq(plain_parent("read", "3", "3", NULL), 0);
	ck_assert_str_eq(text, "cde");
	ck_assert_int_eq(plain_parent("read", "7", "3", NULL), 0);
	ck_assert_str_eq(text, "cde");
	ck_assert_int_eq(plain_parent("seek", "7", "1", "1"), 0);
	ck_assert_str_eq(text, "3");
}
END_TEST

START_TEST(a_plain_parents_files_can_be_written)
{
	int fd;

	make_file();
	ck_assert_int_eq(plain_parent("write", "7", "XY", NULL), 0);
	ck_assert_int_eq(plain_parent("write", "5", "+", NULL), 0);
	ck_assert_int_eq(plain_parent("write", "5", "+", NULL), 0);
	ck_assert_int_ge(fd = open("file", O_RDONLY), 0);
	(void)kid_read(fd, text, sizeof(text));
	ck_assert_str_eq(text, "abXYefgh++");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* O_APPEND and the access mode come over, too. */
START_TEST(a_plain_parents_flags_are_ours)
{
	make_file();
	ck_assert_int_eq(plain_parent("flags", "5", NULL, NULL), 0);
	(void)snprintf(text + 500, 100, "%d append ", O_WRONLY);
	ck_assert_str_eq(text, text + 500);
	ck_assert_int_eq(plain_parent("flags", "7", NULL, NULL), 0);
	(void)snprintf(text + 500, 100, "%d ", O_RDWR);
	ck_assert_str_eq(text, text + 500);
}
END_TEST

/* And our child's child has them again. */
START_TEST(a_plain_parents_descriptors_go_on)
{
	make_file();
	ck_assert_int_eq(plain_parent("nest", "read", "3", "3"), 0);
	ck_assert_str_eq(text, "cde");
	ck_assert_int_eq(plain_parent("nest", "fds", NULL, NULL), 0);
	ck_assert_str_eq(text, "0 1 2 3 5 7 ");
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = a_port_is_free_when_its_owner_is_killed;
	tests[n++] = a_plain_survivor_does_not_keep_a_port;
	tests[n++] = a_plain_parents_descriptors_are_seen;
	tests[n++] = a_plain_parents_offset_is_ours;
	tests[n++] = a_plain_parents_files_can_be_written;
	tests[n++] = a_plain_parents_flags_are_ours;
	tests[n++] = a_plain_parents_descriptors_go_on;
	return run_cases("survivor", tests, n);
}
