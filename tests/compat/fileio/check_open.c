/*
 * What open and the calls relative to a directory do when they succeed, and
 * the special files.  What they say when not is in check_errno_name.c.
 */
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/main.h"

static int
make(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void
shut(int fd)
{
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
}

/* fcntl(): F_GETFL gives the access mode and the status flags. */
START_TEST(flags_are_read_back)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR,
	    O_RDWR | O_APPEND, O_RDWR | O_NONBLOCK, O_WRONLY | O_SYNC,
	    O_WRONLY | O_DSYNC };
	const int all = O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC | O_CREAT |
	    O_EXCL | O_TRUNC | O_NOCTTY;
	size_t i;
	int fd;

	shut(make("f"));
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		fd = open("f", flags[i] | O_CREAT | O_NOCTTY, 0644);
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(fcntl(fd, F_GETFL) & all, flags[i]);
		shut(fd);
	}
	fd = open("f", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	shut(fd);
}
END_TEST

/* openat(): "the directory associated with fd", whatever it is called. */
START_TEST(a_directory_may_be_renamed_meanwhile)
{
	int d;

	ck_assert_int_eq(mkdir("old", 0755), 0);
	ck_assert_int_ge(d = open("old", O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_eq(rename("old", "new"), 0);
	shut(openat(d, "f", O_RDWR | O_CREAT | O_EXCL, 0644));
	ck_assert_int_eq(mkdirat(d, "sub", 0755), 0);
	shut(open("new/f", O_RDONLY));
	shut(open("new/sub", O_RDONLY | O_DIRECTORY));
	shut(d);
	ck_assert_int_eq(unlink("new/f"), 0);
	ck_assert_int_eq(rmdir("new/sub"), 0);
	ck_assert_int_eq(rmdir("new"), 0);
}
END_TEST

/* renameat(), linkat(), unlinkat() from one directory to another. */
START_TEST(names_move_between_directories)
{
	struct stat st;
	int a, b;

	ck_assert_int_eq(mkdir("a", 0755), 0);
	ck_assert_int_eq(mkdir("b", 0755), 0);
	ck_assert_int_ge(a = open("a", O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_ge(b = open("b", O_PATH | O_DIRECTORY), 0);
	shut(openat(a, "f", O_RDWR | O_CREAT, 0644));
	ck_assert_int_eq(linkat(a, "f", b, "g", 0), 0);
	ck_assert_int_eq(stat("b/g", &st), 0);
	ck_assert_int_eq(st.st_nlink, 2);
	ck_assert_int_eq(renameat(a, "f", b, "g"), 0);	/* one file: nothing */
	ck_assert_int_eq(unlinkat(a, "f", 0), 0);
	ck_assert_int_eq(renameat(b, "g", a, "../b/h"), 0);
	errno = 0;
	ck_assert_int_eq(renameat2(b, "h", b, "h", RENAME_NOREPLACE), -1);
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_int_eq(renameat2(b, "h", a, "i", RENAME_NOREPLACE), 0);
	ck_assert_int_eq(unlinkat(AT_FDCWD, "a/i", 0), 0);
	shut(a);
	shut(b);
	ck_assert_int_eq(unlinkat(AT_FDCWD, "a", AT_REMOVEDIR), 0);
	ck_assert_int_eq(rmdir("b"), 0);
}
END_TEST

/* open(2): O_PATH names a file, and reads nothing. */
START_TEST(a_path_descriptor_reads_nothing)
{
	struct stat st;
	char c;
	int fd;

	shut(make("f"));
	ck_assert_int_ge(fd = open("f", O_PATH | O_RDWR), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_PATH | O_ACCMODE), O_PATH);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	errno = 0;
	ck_assert_int_eq(read(fd, &c, 1), -1);
	ck_assert_int_eq(errno, EBADF);
	errno = 0;
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(errno, EBADF);
	errno = 0;
	ck_assert_int_eq(pread(fd, &c, 1, 0), -1);
	ck_assert_int_eq(errno, EBADF);
	shut(fd);
}
END_TEST

/* open(2): O_TMPFILE; linkat() gives the file its first name. */
START_TEST(an_unnamed_file_gets_a_name)
{
	char path[40], c = 0;
	int fd;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	fd = open("d", O_TMPFILE | O_RDWR, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ck_assert_int_eq(linkat(AT_FDCWD, path, AT_FDCWD, "named",
	    AT_SYMLINK_FOLLOW), 0);
	shut(fd);
	ck_assert_int_ge(fd = open("named", O_RDONLY), 0);
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(c, 'x');
	shut(fd);
	fd = open("d", O_TMPFILE | O_RDWR | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "y", 1, 0), 1);
	ck_assert_int_eq(pread(fd, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'y');
	shut(fd);
	/* None of them left a name. */
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* realpath(), fchdir(), getcwd(). */
START_TEST(the_current_directory_has_one_name)
{
	char *here, *there, *real, buf[PATH_MAX];
	int d;

	ck_assert_ptr_nonnull(here = getcwd(NULL, 0));
	ck_assert_ptr_nonnull(real = realpath(".", NULL));
	ck_assert_str_eq(here, real);
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert_int_ge(d = open("sub", O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_eq(fchdir(d), 0);
	ck_assert_ptr_nonnull(there = get_current_dir_name());
	ck_assert_int_eq(strncmp(there, here, strlen(here)), 0);
	ck_assert_str_eq(there + strlen(here), "/sub");
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_ptr_eq(realpath("./sub/../sub//", buf), buf);
	ck_assert_str_eq(buf, there);
	shut(d);
	ck_assert_int_eq(rmdir("sub"), 0);
	free(here);
	free(there);
	free(real);
}
END_TEST

/* null(4), full(4), random(4): devices, that seek to 0. */
START_TEST(special_files_behave)
{
	static const char *const name[] = { "/dev/null", "/dev/zero",
	    "/dev/full", "/dev/random", "/dev/urandom" };
	char buf[64], none[64] = "";
	struct stat st;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		ck_assert_int_ge(fd = open(name[i], O_RDWR), 0);
		ck_assert_int_eq(fstat(fd, &st), 0);
		ck_assert(S_ISCHR(st.st_mode));
		ck_assert_int_eq(isatty(fd), 0);
		ck_assert_int_eq(lseek(fd, 10, SEEK_SET), 0);
		(void)memset(buf, 1, sizeof(buf));
		ck_assert_int_eq(read(fd, buf, sizeof(buf)),
		    i == 0 ? 0 : (int)sizeof(buf));
		if (i == 1 || i == 2)
			ck_assert_mem_eq(buf, none, sizeof(buf));
		errno = 0;
		ck_assert_int_eq(write(fd, "x", 1), i == 2 ? -1 : 1);
		ck_assert_int_eq(errno, i == 2 ? ENOSPC : 0);
		errno = 0;
		ck_assert_int_eq(ftruncate(fd, 0), -1);
		ck_assert_int_eq(errno, EINVAL);
		shut(fd);
	}
	errno = 0;
	ck_assert_int_eq(open("/dev/null", O_RDONLY | O_DIRECTORY), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	errno = 0;
	ck_assert_int_eq(open("/dev/zero", O_RDWR | O_CREAT | O_EXCL, 0600),
	    -1);
	ck_assert_int_eq(errno, EEXIST);
}
END_TEST

/* /dev/fd/N of a file opens it anew, with a position of its own. */
START_TEST(a_descriptor_has_a_path)
{
	char path[32], c;
	int fd = make("f"), again;

	ck_assert_int_eq(write(fd, "ab", 2), 2);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	ck_assert_int_ge(again = open(path, O_RDONLY), 0);
	ck_assert_int_eq(read(again, &c, 1), 1);
	ck_assert_int_eq(c, 'a');
	shut(again);
	shut(fd);
	errno = 0;
	ck_assert_int_eq(open(path, O_RDONLY), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		flags_are_read_back,
		a_directory_may_be_renamed_meanwhile,
		names_move_between_directories,
		a_path_descriptor_reads_nothing,
		an_unnamed_file_gets_a_name,
		the_current_directory_has_one_name,
		special_files_behave,
		a_descriptor_has_a_path,
	};

	return run_cases("opening", tests, sizeof(tests) / sizeof(tests[0]));
}
