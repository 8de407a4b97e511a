/*
 * A C runtime that cannot be led to our descriptors: nothing is lost, what
 * would lose it is refused (LIM-FD-1).  The library is told so at link time.
 */
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/fault_run.h"
#include "support/main.h"

int __wrap_compat__crt_is_led(void);

int
__wrap_compat__crt_is_led(void)
{
	return 0;
}

static int
make(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void
holds(const char *name, const char *text)
{
	char buf[64] = "";
	int fd = open(name, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(read(fd, buf, sizeof(buf) - 1), 0);
	ck_assert_str_eq(buf, text);
	ck_assert_int_eq(close(fd), 0);
}

#define NULL_WITH(call, number) do { \
		errno = 0; \
		ck_assert_ptr_null(call); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

START_TEST(a_stream_on_our_descriptor_is_refused)
{
	int fd = make("f");

	NULL_WITH(fdopen(fd, "w"), ENOSYS);
	ck_assert_int_eq(write(fd, "kept", 4), 4);
	ck_assert_int_eq(close(fd), 0);
	holds("f", "kept");
	NULL_WITH(tmpfile(), ENOSYS);
}
END_TEST

/* The CRT opens the file itself then, and its number can be used. */
START_TEST(streams_of_files_work)
{
	FILE *f = fopen("s", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fputs("one\n", f) >= 0, 1);
	ck_assert_int_eq(fflush(f), 0);
	ck_assert_int_eq(write(fileno(f), "two", 3), 3);
	ck_assert_int_eq(fclose(f), 0);
	holds("s", "one\ntwo");
	f = fopen("s", "r");
	ck_assert_ptr_nonnull(f);
	NULL_WITH(freopen("t", "w", f), ENOSYS);
	FAILS(open("t", O_RDONLY), ENOENT);
}
END_TEST

/* printf() would go to NUL: 1 stays what it is. */
START_TEST(dup2_onto_a_standard_stream_is_refused)
{
	int fd = make("d"), fd2 = make("e"), copy = dup(fd);

	FAILS(dup2(fd, 1), ENOSYS);
	ck_assert_int_ge(fcntl(1, F_GETFD), 0);
	ck_assert_int_eq(dup2(copy, fd2), fd2);
	ck_assert_int_eq(write(fd2, "x", 1), 1);
	ck_assert_int_eq(close(fd2), 0);
	ck_assert_int_eq(close(copy), 0);
	ck_assert_int_eq(close(fd), 0);
	holds("d", "x");
	holds("e", "");
}
END_TEST

/* Without release every number stays parked, and is used again. */
START_TEST(numbers_come_and_go)
{
	int fd[400], i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 400; i++)
			fd[i] = make("n");
		for (i = 0; i < 400; i++)
			ck_assert_int_eq(close(fd[i]), 0);
		FAILS(close(fd[399]), EBADF);
	}
}
END_TEST

int
main(void)
{
	static const TTest *tests[8];
	int n = 0;

	tests[n++] = a_stream_on_our_descriptor_is_refused;
	tests[n++] = streams_of_files_work;
	tests[n++] = dup2_onto_a_standard_stream_is_refused;
	tests[n++] = numbers_come_and_go;
	return run_cases("faults_crt", tests, n);
}
