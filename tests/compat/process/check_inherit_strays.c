/*
 * What a child has by mistake, or a program's library gives to its own
 * children: nothing that POSIX does not name.
 */
#include <spawn.h>

#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/fd/foreign.h"
#include "kid.h"
#include "support/main.h"

static char text[1000];

/* fd fd: are both of one description, which alone has the lock? */
static int
role_lock(char *argv[])
{
	if (flock(atoi(argv[2]), LOCK_EX | LOCK_NB) != 0)
		return 1;
	return flock(atoi(argv[3]), LOCK_EX | LOCK_NB) == 0 ? 0 : 2;
}

static FILE *
start_survivor(void)
{
	char command[4200];

	(void)snprintf(command, sizeof(command), "\"%s\" cat", kid_plain());
	return foreign_popen(command);
}

/* fd: keep it, have a library start a child, close it, wait for the end. */
static int
role_hold(char *argv[])
{
	int fd = atoi(argv[2]);
	FILE *f;
	char c;

	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if ((f = start_survivor()) == NULL || close(fd) != 0)
		return 1;
	kid_say("ready");
	(void)!read(0, &c, 1);
	return foreign_pclose(f);
}

static const struct kid_role own[] = {
	{ "lock", role_lock }, { "hold", role_hold }, { NULL, NULL },
};

static int
ended(pid_t pid)
{
	int status = kid_end(pid);

	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* dup(): the numbers are of one description in the child, too. */
START_TEST(two_numbers_of_one_file_are_one_file)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600), other;

	other = open("file", O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(dup2(fd, 50), 50);
	ck_assert_int_eq(dup2(fd, 51), 51);
	ck_assert_int_eq(dup2(other, 52), 52);
	ck_assert_int_eq(ended(kid_start(NULL, "lock", "50", "51", NULL)), 0);
	ck_assert_int_eq(flock(other, LOCK_UN), 0);
	ck_assert_int_eq(flock(fd, LOCK_UN), 0);
	ck_assert_int_eq(ended(kid_start(NULL, "lock", "50", "52", NULL)), 2);
	ck_assert_int_eq(close(50), 0);
	ck_assert_int_eq(close(51), 0);
	ck_assert_int_eq(close(52), 0);
	ck_assert_int_eq(close(other), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* As the library that opened it said: its number, or nothing. */
START_TEST(a_librarys_descriptors_go_where_it_says)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600), a, b;
	char number[16];

	ck_assert_int_eq(write(fd, "abc", 3), 3);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_ge(a = foreign_open("file"), 0);
	ck_assert_int_ge(b = foreign_open_private("file"), 0);
	(void)snprintf(number, sizeof(number), "%d", a);
	ck_assert_int_eq(kid_output(text, sizeof(text), "read", number, "3",
	    NULL), 0);
	ck_assert_str_eq(text, "abc");
	(void)snprintf(number, sizeof(number), "%d", b);
	ck_assert_int_eq(ended(kid_start(NULL, "read", number, "3", NULL)),
	    EBADF);
	ck_assert_int_eq(foreign_close(b), 0);
	ck_assert_int_eq(foreign_close(a), 0);
}
END_TEST

static int
listen_at(struct sockaddr_in *in)
{
	socklen_t len = sizeof(*in);
	int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(l, 0);
	if (bind(l, (struct sockaddr *)in, sizeof(*in)) != 0 ||
	    listen(l, 5) != 0) {
		ck_assert_int_eq(close(l), 0);
		return -1;
	}
	ck_assert_int_eq(getsockname(l, (struct sockaddr *)in, &len), 0);
	return l;
}

/* What is FD_CLOEXEC is that for the children of libraries as well. */
START_TEST(a_librarys_child_does_not_keep_a_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	FILE *f;
	int l;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(l = listen_at(&in), 0);
	ck_assert_ptr_nonnull(f = start_survivor());
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_ge(l = listen_at(&in), 0);
	ck_assert_int_eq(foreign_pclose(f), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* And what a child was given itself: it is gone when the child closes it. */
START_TEST(a_childs_library_does_not_keep_a_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	posix_spawn_file_actions_t a;
	int from[2], to[2], l;
	pid_t pid;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(l = listen_at(&in), 0);
	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, to[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, from[1], 1);
	(void)posix_spawn_file_actions_adddup2(&a, l, 50);
	pid = kid_start(&a, "hold", "50", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(close(to[0]), 0);
	ck_assert_int_eq(close(from[1]), 0);
	(void)kid_read(from[0], text, 6);
	ck_assert_str_eq(text, "ready");
	ck_assert_int_ge(l = listen_at(&in), 0);
	ck_assert_int_eq(close(to[1]), 0);
	ck_assert_int_eq(ended(pid), 0);
	ck_assert_int_eq(close(from[0]), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		two_numbers_of_one_file_are_one_file,
		a_librarys_descriptors_go_where_it_says,
		a_librarys_child_does_not_keep_a_port,
		a_childs_library_does_not_keep_a_port,
	};

	kid_main_with(argc, argv, own);
	return run_cases("inherit_strays", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
