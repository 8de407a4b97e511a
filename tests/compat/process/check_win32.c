/*
 * NT only: code that knows Win32 alone, in a process of ours, writes to where
 * descriptors 0 to 2 are (LIM-FD-9).
 */
#include <spawn.h>

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/host.h"
#include "support/main.h"
#include "support/native.h"

#define NO_HANDLE 6u			/* ERROR_INVALID_HANDLE */

static char text[1000];

/* Redirected and back: one word goes to "aside", the other to our parent. */
static int
role_back(char *argv[])
{
	int fd = open("aside", O_RDWR | O_CREAT | O_TRUNC, 0666), saved;

	(void)argv;
	if (fd < 0 || (saved = dup(1)) < 0)
		return 1;
	if (dup2(fd, 1) != 1 || native_print("aside") != 0 ||
	    lseek(fd, 0, SEEK_CUR) != 5)
		return 2;
	if (dup2(saved, 1) != 1 || close(saved) != 0 ||
	    native_print("back") != 0)
		return 3;
	return 0;
}

static int
role_print(char *argv[])
{
	return (int)native_print(argv[2]);
}

/* Both ways of reading, in turn. */
static int
role_scan(char *argv[])
{
	char c[3] = "";

	(void)argv;
	if (read(0, c, 2) != 2 || strcmp(c, "ab") != 0 ||
	    native_read(c, 2) != 2 || strcmp(c, "cd") != 0 ||
	    read(0, c, 2) != 2 || strcmp(c, "ef") != 0)
		return 1;
	return 0;
}

static int
role_closed(char *argv[])
{
	(void)argv;
	if (close(1) != 0 || native_print("x") != NO_HANDLE)
		return 1;
	return open("f1", O_WRONLY | O_CREAT, 0666) == 1 &&
	    native_print("x") == 0 ? 0 : 2;
}

static const struct kid_role own[] = {
	{ "back", role_back }, { "print", role_print }, { "scan", role_scan },
	{ "close1", role_closed }, { NULL, NULL },
};

static int saved;

static void
redirect(int fd)
{
	ck_assert_int_eq(fflush(stdout), 0);
	ck_assert_int_ge(saved = fcntl(1, F_DUPFD_CLOEXEC, 3), 0);
	ck_assert_int_eq(dup2(fd, 1), 1);
}

static void
restore(void)
{
	ck_assert_int_eq(dup2(saved, 1), 1);
	ck_assert_int_eq(close(saved), 0);
}

static const char *
whole(int fd)
{
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	(void)kid_read(fd, text, sizeof(text));
	return text;
}

START_TEST(win32_writes_into_the_file_at_1)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0666), i;

	redirect(fd);
	for (i = 0; i < 3; i++) {
		(void)printf("a");
		(void)fflush(stdout);
		ck_assert_uint_eq(native_print("b"), 0);
		ck_assert_int_eq(write(fd, "c", 1), 1);
	}
	restore();
	ck_assert_str_eq(whole(fd), "abcabcabc");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(win32_appends_where_1_appends)
{
	int fd = open("f", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
	int other = open("f", O_RDWR);

	redirect(fd);
	ck_assert_uint_eq(native_print("a"), 0);
	ck_assert_int_eq(lseek(other, 0, SEEK_END), 1);
	ck_assert_int_eq(write(other, "b", 1), 1);
	ck_assert_uint_eq(native_print("c"), 0);
	restore();
	ck_assert_str_eq(whole(other), "abc");
	ck_assert_int_eq(close(other), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The pipe tells its reader, and ends when the descriptors are closed. */
START_TEST(win32_writes_into_the_pipe_at_1)
{
	struct pollfd r = { .events = POLLIN };
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	r.fd = p[0];
	redirect(p[1]);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_uint_eq(native_print("word"), 0);
	ck_assert_int_eq(poll(&r, 1, 20000), 1);
	ck_assert_int_eq(r.revents, POLLIN);
	ck_assert_int_eq(read(p[0], text, 10), 4);
	ck_assert_int_eq(memcmp(text, "word", 4), 0);
	restore();
	ck_assert_int_eq(poll(&r, 1, 20000), 1);
	ck_assert_int_eq(r.revents, POLLHUP);
	ck_assert_int_eq(read(p[0], text, 10), 0);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

START_TEST(win32_comes_back_with_1)
{
	ck_assert_int_eq(kid_output(text, sizeof(text), "back", NULL), 0);
	ck_assert_str_eq(text, "back");
}
END_TEST

/* A child of ours has what posix_spawn() says, for Win32 too. */
START_TEST(win32_follows_in_a_child)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0666);
	posix_spawn_file_actions_t a;

	ck_assert_int_eq(kid_output(text, sizeof(text), "print", "piped",
	    NULL), 0);
	ck_assert_str_eq(text, "piped");
	ck_assert_int_eq(write(fd, "<", 1), 1);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 1);
	ck_assert_int_eq(kid_status(kid_start(&a, "print", "word", NULL)), 0);
	ck_assert_int_eq(write(fd, ">", 1), 1);
	ck_assert_str_eq(whole(fd), "<word>");
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(pwrite(fd, "abcdef", 6, 0), 6);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 0);
	ck_assert_int_eq(kid_status(kid_start(&a, "scan", NULL)), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(win32_has_no_handle_when_1_is_closed)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "close1", NULL)), 0);
}
END_TEST

START_TEST(no_handle_is_left)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0666), handles = 0, i;

	for (i = 0; i < 100; i++) {
		if (i == 10)
			handles = host_handles();
		redirect(fd);
		restore();
	}
	ck_assert_int_le(host_handles(), handles);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = win32_writes_into_the_file_at_1;
	tests[n++] = win32_appends_where_1_appends;
	tests[n++] = win32_writes_into_the_pipe_at_1;
	tests[n++] = win32_comes_back_with_1;
	tests[n++] = win32_follows_in_a_child;
	tests[n++] = win32_has_no_handle_when_1_is_closed;
	tests[n++] = no_handle_is_left;
	return run_cases("win32", tests, n);
}
