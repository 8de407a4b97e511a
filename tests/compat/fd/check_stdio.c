#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

static const char *self;

/* Copies standard input to standard output, in upper case. */
static int
be_filter(void)
{
	char buf[64];
	ssize_t n, i;

	while ((n = read(0, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			if (buf[i] >= 'a' && buf[i] <= 'z')
				buf[i] -= 'a' - 'A';
		if (write(1, buf, (size_t)n) != n)
			return 2;
	}
	return n == 0 ? 0 : 3;
}

/* Mixes printf and write on one descriptor. */
static int
be_mixer(void)
{
	(void)printf("one ");
	(void)fflush(stdout);
	if (write(STDOUT_FILENO, "two ", 4) != 4 ||
	    write(fileno(stdout), "three\n", 6) != 6)
		return 2;
	return 0;
}

/* Standard input closed: its number is the next that is given out. */
static int
be_reuser(void)
{
	int fd;

	if (close(0) != 0)
		return 2;
	errno = 0;
	if (read(0, &fd, 1) != -1 || errno != EBADF)
		return 3;
	if ((fd = open("/dev/null", O_RDONLY)) != 0)
		return 4;
	if (read(0, &fd, 1) != 0)
		return 5;
	return close(0) == 0 ? 0 : 6;
}

static struct proc *
start(const char *what)
{
	const char *argv[] = { self, what, NULL };
	struct proc *p;

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	return p;
}

/* Standard input and output are descriptors, pipes here. */
START_TEST(standard_streams_carry_data)
{
	struct proc *p = start("filter");
	char line[64];

	ck_assert_int_eq(proc_writeline(p, "hello"), 0);
	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 5);
	ck_assert_str_eq(line, "HELLO");
	ck_assert_int_eq(proc_writeline(p, "again"), 0);
	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 5);
	ck_assert_str_eq(line, "AGAIN");
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

/* fopen: no text mode; glibc's x and e; names are bytes. */
START_TEST(streams_are_binary_and_their_names_utf_8)
{
	static const char name[] = "\xc3\xa4\xe2\x82\xac.txt";
	struct stat st;
	FILE *f;

	f = fopen(name, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs("a\nb\n", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(stat(name, &st), 0);
	ck_assert_int_eq(st.st_size, 4);
	errno = 0;
	ck_assert_ptr_null(fopen(name, "wx"));
	ck_assert_int_eq(errno, EEXIST);
	errno = 0;
	ck_assert_ptr_null(fopen("nothing", "re"));
	ck_assert_int_eq(errno, ENOENT);
	errno = 0;
	ck_assert_ptr_null(fopen(name, "q"));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(unlink(name), 0);
}
END_TEST

/* printf and write on the same stream come out in order. */
START_TEST(stdio_and_descriptors_mix)
{
	struct proc *p = start("mixer");
	char line[64];

	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 13);
	ck_assert_str_eq(line, "one two three");
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

START_TEST(a_closed_stdin_is_the_lowest_number)
{
	ck_assert_int_eq(proc_wait(start("reuser")), 0);
}
END_TEST

/* fdopen() on the number of a stream's duplicate keeps the position. */
START_TEST(a_stream_and_its_descriptor_share_the_position)
{
	FILE *s = fopen("pos", "w+");
	char buf[8];
	int fd;

	ck_assert_ptr_nonnull(s);
	ck_assert_int_ge(fputs("abcdef", s), 0);
	ck_assert_int_eq(fflush(s), 0);
	fd = dup(fileno(s));
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
	ck_assert_int_eq(lseek(fileno(s), 0, SEEK_CUR), 2);
	ck_assert_int_eq(read(fd, buf, 2), 2);
	ck_assert_mem_eq(buf, "cd", 2);
	ck_assert_int_eq(lseek(fileno(s), 0, SEEK_CUR), 4);
	ck_assert_int_eq(fclose(s), 0);
	ck_assert_int_eq(read(fd, buf, 2), 2);
	ck_assert_mem_eq(buf, "ef", 2);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* dup2() between two streams, as a program sends stderr to its log. */
START_TEST(dup2_joins_two_streams)
{
	FILE *a = fopen("log", "w"), *b = fopen("other", "w");
	struct stat st;

	ck_assert(a != NULL && b != NULL);
	ck_assert_int_eq(dup2(fileno(a), fileno(b)), fileno(b));
	ck_assert_int_eq(write(fileno(b), "xyz", 3), 3);
	ck_assert_int_eq(fclose(b), 0);
	ck_assert_int_eq(fclose(a), 0);
	ck_assert_int_eq(stat("log", &st), 0);
	ck_assert_int_eq(st.st_size, 3);
	ck_assert_int_eq(stat("other", &st), 0);
	ck_assert_int_eq(st.st_size, 0);
}
END_TEST

/* fdopen(), EBADF. */
START_TEST(fdopen_needs_an_open_descriptor)
{
	errno = 0;
	ck_assert_ptr_null(fdopen(99, "r"));
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "filter") == 0)
		return be_filter();
	if (argc == 2 && strcmp(argv[1], "mixer") == 0)
		return be_mixer();
	if (argc == 2 && strcmp(argv[1], "reuser") == 0)
		return be_reuser();
	self = argv[0];
	tests[n++] = standard_streams_carry_data;
	tests[n++] = stdio_and_descriptors_mix;
	tests[n++] = streams_are_binary_and_their_names_utf_8;
	tests[n++] = a_closed_stdin_is_the_lowest_number;
	tests[n++] = a_stream_and_its_descriptor_share_the_position;
	tests[n++] = dup2_joins_two_streams;
	tests[n++] = fdopen_needs_an_open_descriptor;
	return run_cases("stdio", tests, n);
}
