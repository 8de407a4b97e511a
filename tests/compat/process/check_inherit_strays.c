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
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/fd/foreign.h"
#include "kid.h"
#include "port.h"
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

/*
 * fd: be a listener's owner, have a library start a child that lives on, close
 * the listener, say at which port it was, and wait for the end.  Without a
 * number, listen too.
 */
static int
role_hold(char *argv[])
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	char command[4200], c;
	int fd;
	FILE *f;

	fd = argv[2] != NULL ? atoi(argv[2]) : port_listen(0, &in);
	if (getsockname(fd, (struct sockaddr *)&in, &len) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return 1;
	(void)snprintf(command, sizeof(command), "\"%s\" cat", kid_plain());
	if ((f = foreign_popen(command)) == NULL || close(fd) != 0)
		return 2;
	(void)snprintf(text, sizeof(text), "%05d", ntohs(in.sin_port));
	kid_say(text);
	(void)!read(0, &c, 1);
	return foreign_pclose(f);
}

static const struct kid_role own[] = {
	{ "lock", role_lock }, { "hold", role_hold }, { NULL, NULL },
};

/* dup(): the numbers are of one description in the child, too. */
START_TEST(two_numbers_of_one_file_are_one_file)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600), other;

	other = open("file", O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(dup2(fd, 50), 50);
	ck_assert_int_eq(dup2(fd, 51), 51);
	ck_assert_int_eq(dup2(other, 52), 52);
	ck_assert_int_eq(kid_status(kid_start(NULL, "lock", "50", "51", NULL)),
	    0);
	ck_assert_int_eq(flock(other, LOCK_UN), 0);
	ck_assert_int_eq(flock(fd, LOCK_UN), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "lock", "50", "52", NULL)),
	    2);
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
	ck_assert_int_eq(kid_status(kid_start(NULL, "read", number, "3", NULL)),
	    EBADF);
	ck_assert_int_eq(foreign_close(b), 0);
	ck_assert_int_eq(foreign_close(a), 0);
}
END_TEST

/*
 * Linux lets who starts a program go on just before it closes what is
 * FD_CLOEXEC: so soon, and not at once.
 */
static int
listen_soon(int port)
{
	struct sockaddr_in in;
	int l, i;

	for (i = 0; (l = port_listen(port, &in)) < 0 && i < 5000; i++) {
		ck_assert_int_eq(errno, EADDRINUSE);
		(void)poll(NULL, 0, 1);
	}
	return l;
}

/* l: the listener to give it, or -1. */
static void
port_is_free_beside_a_childs_child(int l)
{
	posix_spawn_file_actions_t a;
	int from[2], to[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, to[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, from[1], 1);
	if (l >= 0)
		(void)posix_spawn_file_actions_adddup2(&a, l, 50);
	pid = kid_start(&a, "hold", l >= 0 ? "50" : NULL, NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	if (l >= 0)
		ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(close(to[0]), 0);
	ck_assert_int_eq(close(from[1]), 0);
	(void)kid_read(from[0], text, 6);
	ck_assert_int_ge(l = listen_soon(atoi(text)), 0);
	ck_assert_int_eq(close(to[1]), 0);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(close(from[0]), 0);
	ck_assert_int_eq(close(l), 0);
}

/* What is FD_CLOEXEC is that for the children of libraries as well. */
START_TEST(a_librarys_child_does_not_keep_a_port)
{
	port_is_free_beside_a_childs_child(-1);
}
END_TEST

/* And what a child was given itself: it is gone when the child closes it. */
START_TEST(a_childs_library_does_not_keep_a_port)
{
	struct sockaddr_in in;
	int l;

	ck_assert_int_ge(l = port_listen(0, &in), 0);
	port_is_free_beside_a_childs_child(l);
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
