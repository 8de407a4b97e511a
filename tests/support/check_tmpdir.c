/*
 * The scratch directory of a test, where one that crashed has left its own and
 * the system has given the number away again, as a fresh Wine does.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

static const char *self;
static char old[64];

START_TEST(a_directory_that_was_left_is_not_used)
{
	ck_assert_str_ne(tmpdir_name(), old);
	ck_assert_int_eq(access("f", F_OK), -1);
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_int_eq(access(old, F_OK), 0);
	ck_assert_int_eq(chdir(tmpdir_name()), 0);
}
END_TEST

START_TEST(a_child_finds_the_test_s_own_files)
{
	char line[8], path[80];
	const char *argv[] = { self, "size", path, NULL };
	int fd = creat("f", 0644);
	struct proc *p;

	ck_assert_int_eq(write(fd, "ours", 4), 4);
	ck_assert_int_eq(close(fd), 0);
	(void)snprintf(path, sizeof(path), "%s/f", tmpdir_name());
	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 1);
	ck_assert_str_eq(line, "4");
	ck_assert_int_eq(proc_wait(p), 0);
	ck_assert_int_eq(access("f", F_OK), 0);
}
END_TEST

static int
be_child(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return 1;
	(void)printf("%d\n", (int)st.st_size);
	return 0;
}

/* What a crashed test of this number has left, if it has not yet. */
static int
leave(const char *file)
{
	(void)snprintf(old, sizeof(old), "scratch.%ld", (long)getpid());
	return (mkdir(old, 0755) == 0 || errno == EEXIST) && chdir(old) == 0 &&
	    close(creat(file, 0644)) == 0 && chdir("..") == 0;
}

static void
clean(const char *file)
{
	if (chdir(old) == 0 && unlink(file) == 0 && chdir("..") == 0)
		(void)rmdir(old);
}

int
main(int argc, char *argv[])
{
	static const TTest *tests[2];
	int n = 0, status;

	if (argc == 3 && strcmp(argv[1], "size") == 0)
		return be_child(argv[2]);
	self = argv[0];
	if (!leave("f"))
		return 99;
	tests[n++] = a_directory_that_was_left_is_not_used;
	tests[n++] = a_child_finds_the_test_s_own_files;
	status = run_cases("scratch directories", tests, n);
	clean("f");
	return status;
}
