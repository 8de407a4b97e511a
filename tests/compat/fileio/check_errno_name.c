/*
 * Each call that takes a name, and what it says of each bad one: a table, whose
 * oracle is Linux.  What takes a symbolic link is in check_links.c, what takes
 * a broken disk in compat/nt/check_faults_name.c.
 */
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "compat/fileio/rows.h"
#include "support/host.h"
#include "support/main.h"

/* What every call says: of names that are missing, too long, or no names. */
static const struct {
	const char *path;
	int err;
	enum where where;
} common[] = {
	{ "", ENOENT, HERE }, { NULL, EFAULT, HERE },
	{ "none/x", ENOENT, HERE }, { "f/x", ENOTDIR, HERE },
	{ "f/../f", ENOTDIR, HERE }, { "f/./x", ENOTDIR, HERE },
	{ "none/../f", ENOENT, HERE }, { "@name", ENAMETOOLONG, HERE },
	{ "@path", ENAMETOOLONG, HERE },
	{ "y", EBADF, BAD_FD }, { "y", ENOTDIR, FILE_FD },
	{ "", ENOENT, DIR_FD }, { "x/y", ENOTDIR, DIR_FD },
	{ "none/y", ENOENT, DIR_FD },
};

static void
check_common(enum call call, const char *other, int is_second)
{
	struct row r = { .call = call };
	size_t i;

	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		r.a = is_second ? other : common[i].path;
		r.b = is_second ? common[i].path : other;
		r.err = common[i].err;
		r.where = common[i].where;
		/* An absolute or other name that is right anywhere. */
		if (r.where != HERE && (call == CREAT || call == REMOVE ||
		    call == REALPATH || call == CHDIR || call == TRUNCATE))
			continue;
		if (call == REALPATH && common[i].path == NULL)
			r.err = EINVAL;
#ifdef __SANITIZE_ADDRESS__	/* its own readlinkat() measures the name */
		if (call == READLINK && common[i].path == NULL)
			continue;
#endif
		/* glibc takes the path apart, and finds it short enough. */
		if (call == REALPATH && r.a != NULL &&
		    strcmp(r.a, "@path") == 0)
			continue;
		/* There the other name would be missing. */
		if (is_second && r.where == DIR_FD)
			continue;
		rows_check(&r, 1);
	}
}

/* POSIX.1-2024, ERRORS of each: ENOENT, ENOTDIR, ENAMETOOLONG, EBADF. */
START_TEST(every_call_knows_a_bad_path)
{
	static const enum call one[] = { OPEN, CREATE, NEW, WRITE, TRUNC,
	    OPENDIR, PATHFD, TMPFILE, CREAT, MKDIR, RMDIR, UNLINK, REMOVE,
	    READLINK, REALPATH, CHDIR, TRUNCATE };
	static const enum call two[] = { RENAME, NOREPLACE, LINK };
	size_t i;

	rows_setup();
	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++)
		check_common(one[i], NULL, 0);
	for (i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		check_common(two[i], "new", 0);
		if (two[i] != NOREPLACE)
			check_common(two[i], "f", 1);
	}
	rows_teardown();
}
END_TEST

/* open(), ERRORS; and where Linux goes beyond them. */
START_TEST(open_says_what_is_wrong)
{
	static const struct row rows[] = {
		{ OPEN, "none", NULL, ENOENT, HERE },
		{ OPEN, "none/", NULL, ENOENT, HERE },
		{ OPEN, "f/", NULL, ENOTDIR, HERE },
		{ OPEN, "f/.", NULL, ENOTDIR, HERE },
		{ OPEN, "f/..", NULL, ENOTDIR, HERE },
		{ OPEN, "none/..", NULL, ENOENT, HERE },
		{ OPEN, "empty//.././f", NULL, NONE, HERE },
		{ OPEN, "empty/", NULL, NONE, HERE },
		{ OPEN, "/", NULL, NONE, HERE },
		{ OPEN, "/..", NULL, NONE, HERE },
		{ OPEN, "..", NULL, NONE, DIR_FD },
		{ OPEN, "../f", NULL, NONE, DIR_FD },
		{ OPEN, ".", NULL, NONE, DIR_FD },
		{ OPEN, "./x", NULL, NONE, DIR_FD },
		{ OPEN, "/", NULL, NONE, BAD_FD },
		{ CREATE, "empty", NULL, EISDIR, HERE },
		{ CREATE, "empty/", NULL, EISDIR, HERE },
		{ CREATE, "f/", NULL, EISDIR, HERE },
		{ CREATE, "none/", NULL, EISDIR, HERE },
		{ CREATE, ".", NULL, EISDIR, HERE },
		{ CREATE, "empty/..", NULL, EISDIR, HERE },
		{ CREATE, "/", NULL, EISDIR, HERE },
		{ CREATE, "f", NULL, NONE, HERE },
		{ NEW, "f", NULL, EEXIST, HERE },
		{ NEW, "empty", NULL, EEXIST, HERE },
		{ NEW, "empty/", NULL, EISDIR, HERE },
		{ NEW, ".", NULL, EEXIST, HERE },
		{ NEW, "/", NULL, EEXIST, HERE },
		{ WRITE, "empty", NULL, EISDIR, HERE },
		{ WRITE, "f/", NULL, ENOTDIR, HERE },
		{ WRITE, ".", NULL, EISDIR, HERE },
		{ WRITE, "none", NULL, ENOENT, HERE },
		{ TRUNC, "empty", NULL, EISDIR, HERE },
		{ TRUNC, "none", NULL, ENOENT, HERE },
		{ TRUNC, "f", NULL, NONE, HERE },
		{ OPENDIR, "f", NULL, ENOTDIR, HERE },
		{ OPENDIR, "none", NULL, ENOENT, HERE },
		{ OPENDIR, "x", NULL, ENOTDIR, DIR_FD },
		{ OPENDIR, "empty/../full", NULL, NONE, HERE },
		{ PATHFD, "none", NULL, ENOENT, HERE },
		{ PATHFD, "f/", NULL, ENOTDIR, HERE },
		{ PATHFD, "f", NULL, NONE, HERE },
		{ PATHFD, "empty", NULL, NONE, HERE },
		{ TMPFILE, "f", NULL, ENOTDIR, HERE },
		{ TMPFILE, "none", NULL, ENOENT, HERE },
		{ CREAT, "empty", NULL, EISDIR, HERE },
		{ CREAT, ".", NULL, EISDIR, HERE },
	};

	rows_setup();
	rows_check(rows, sizeof(rows) / sizeof(rows[0]));
	rows_teardown();
}
END_TEST

START_TEST(open_refuses_flags_that_contradict)
{
	static const int bad[] = { O_TMPFILE | O_RDONLY,
	    O_TMPFILE | O_RDWR | O_CREAT };
	size_t i;

	rows_setup();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		ck_assert_int_eq(open("empty", bad[i], 0600), -1);
		ck_assert_int_eq(errno, EINVAL);
	}
	rows_teardown();
}
END_TEST

/* mkdir(), rmdir(), unlink(), remove(), ERRORS. */
START_TEST(names_are_made_and_removed_with_care)
{
	static const struct row rows[] = {
		{ MKDIR, "f", NULL, EEXIST, HERE },
		{ MKDIR, "f/", NULL, EEXIST, HERE },
		{ MKDIR, "empty", NULL, EEXIST, HERE },
		{ MKDIR, "empty/", NULL, EEXIST, HERE },
		{ MKDIR, ".", NULL, EEXIST, HERE },
		{ MKDIR, "..", NULL, EEXIST, HERE },
		{ MKDIR, "/", NULL, EEXIST, HERE },
		{ MKDIR, "x", NULL, EEXIST, DIR_FD },
		{ MKDIR, "none/d/", NULL, ENOENT, HERE },
		{ RMDIR, "f", NULL, ENOTDIR, HERE },
		{ RMDIR, "f/", NULL, ENOTDIR, HERE },
		{ RMDIR, "none", NULL, ENOENT, HERE },
		{ RMDIR, "full", NULL, ENOTEMPTY, HERE },
		{ RMDIR, "full/", NULL, ENOTEMPTY, HERE },
		{ RMDIR, ".", NULL, EINVAL, HERE },
		{ RMDIR, "empty/.", NULL, EINVAL, HERE },
		{ RMDIR, "full/..", NULL, ENOTEMPTY, HERE },
		{ RMDIR, "/", NULL, EBUSY, HERE },
		{ RMDIR, "x", NULL, ENOTDIR, DIR_FD },
		{ UNLINK, "none", NULL, ENOENT, HERE },
		{ UNLINK, "none/", NULL, ENOENT, HERE },
		{ UNLINK, "empty", NULL, EISDIR, HERE },
		{ UNLINK, "empty/", NULL, EISDIR, HERE },
		{ UNLINK, "f/", NULL, ENOTDIR, HERE },
		{ UNLINK, ".", NULL, EISDIR, HERE },
		{ UNLINK, "empty/..", NULL, EISDIR, HERE },
		{ UNLINK, "/", NULL, EISDIR, HERE },
		{ UNLINKAT, "x", NULL, ENOTDIR, DIR_FD },
		{ BADFLAG, "f", NULL, EINVAL, HERE },
		{ REMOVE, "none", NULL, ENOENT, HERE },
		{ REMOVE, "full", NULL, ENOTEMPTY, HERE },
		{ REMOVE, "f/", NULL, ENOTDIR, HERE },
		{ TRUNCATE, "empty", NULL, EISDIR, HERE },
		{ TRUNCATE, "f/", NULL, ENOTDIR, HERE },
		{ CHDIR, "f", NULL, ENOTDIR, HERE },
		{ CHDIR, "f/", NULL, ENOTDIR, HERE },
		{ CHDIR, "none", NULL, ENOENT, HERE },
		{ REALPATH, "none", NULL, ENOENT, HERE },
		{ REALPATH, "f/", NULL, ENOTDIR, HERE },
		{ READLINK, "f", NULL, EINVAL, HERE },
		{ READLINK, "empty/", NULL, EINVAL, HERE },
		{ READLINK, "none", NULL, ENOENT, HERE },
	};

	rows_setup();
	rows_check(rows, sizeof(rows) / sizeof(rows[0]));
	rows_teardown();
}
END_TEST

/* rename(), link(), ERRORS; renameat2(2). */
START_TEST(names_are_moved_and_linked_with_care)
{
	static const struct row rows[] = {
		{ RENAME, "none", "new", ENOENT, HERE },
		{ RENAME, "f", "empty", EISDIR, HERE },
		{ RENAME, "f", "empty/", ENOTDIR, HERE },
		{ RENAME, "f/", "new", ENOTDIR, HERE },
		{ RENAME, "f", "new/", ENOTDIR, HERE },
		{ RENAME, "empty", "f", ENOTDIR, HERE },
		{ RENAME, "empty", "full", ENOTEMPTY, HERE },
		{ RENAME, "full", "full/y", EINVAL, HERE },
		{ RENAME, "full", "full/../full/y", EINVAL, HERE },
		{ RENAME, "full/x", "full", ENOTEMPTY, HERE },
		{ RENAME, ".", "new", EBUSY, HERE },
		{ RENAME, "empty", ".", EBUSY, HERE },
		{ RENAME, "empty/..", "new", EBUSY, HERE },
		{ RENAME, "/", "new", EBUSY, HERE },
		{ RENAME, "f", "/dev/null", EXDEV, HERE },
		{ RENAME, "f", "f", NONE, HERE },
		{ RENAME, "empty", "empty", NONE, HERE },
		{ NOREPLACE, "f", "empty", EEXIST, HERE },
		{ NOREPLACE, "f", "full/x", EEXIST, HERE },
		{ NOREPLACE, "f", "f", EEXIST, HERE },
		{ NOREPLACE, "none", "f", ENOENT, HERE },
		{ NOREPLACE, "empty", ".", EEXIST, HERE },
		{ EXCHANGE, "f", "full/x", EINVAL, HERE },
		{ LINK, "none", "new", ENOENT, HERE },
		{ LINK, "f", "full/x", EEXIST, HERE },
		{ LINK, "f", "empty", EEXIST, HERE },
		{ LINK, "empty", "f", EEXIST, HERE },
		{ LINK, "empty", "new", EPERM, HERE },
		{ LINK, "f", "none/new", ENOENT, HERE },
		{ LINK, "f/", "new", ENOTDIR, HERE },
		{ LINK, "f", "new/", ENOENT, HERE },
		{ LINK, "f", "empty/", EEXIST, HERE },
		{ LINK, "f", ".", EEXIST, HERE },
		{ LINK, "f", "/dev/null", EEXIST, HERE },
		{ SYMLINK, "", "new", ENOENT, HERE },
		{ SYMLINK, NULL, "new", EFAULT, HERE },
		{ SYMLINK, "t", "f", EEXIST, HERE },
		{ SYMLINK, "t", "empty/", EEXIST, HERE },
		{ SYMLINK, "t", ".", EEXIST, HERE },
		{ SYMLINK, "t", "new/", ENOENT, HERE },
		{ SYMLINK, "t", "none/new", ENOENT, HERE },
		{ SYMLINK, "t", "f/new", ENOTDIR, HERE },
		{ SYMLINK, "t", "x", EEXIST, DIR_FD },
		{ SYMLINK, "t", "new", EBADF, BAD_FD },
		{ SYMLINK, "t", "new", ENOTDIR, FILE_FD },
		{ SYMLINK, "@path", "new", ENAMETOOLONG, HERE },
	};

	rows_setup();
	rows_check(rows, sizeof(rows) / sizeof(rows[0]));
	rows_teardown();
}
END_TEST

/* EACCES: "nobody may write" is what NT's read-only attribute says. */
START_TEST(a_read_only_file_is_not_written)
{
	static const struct row rows[] = {
		{ WRITE, "ro", NULL, EACCES, HERE },
		{ CREATE, "ro", NULL, EACCES, HERE },
		{ CREAT, "ro", NULL, EACCES, HERE },
		{ TRUNCATE, "ro", NULL, EACCES, HERE },
		{ TRUNC, "ro", NULL, EACCES, HERE },
		{ OPEN, "ro", NULL, NONE, HERE },
	};
	int fd;

	rows_setup();
	ck_assert_int_ge(fd = open("ro", O_WRONLY | O_CREAT, 0444), 0);
	ck_assert_int_eq(close(fd), 0);
	if ((fd = open("ro", O_WRONLY)) >= 0) {
		ck_assert_int_eq(close(fd), 0);
		host_skip("a_read_only_file_is_not_written",
		    "the superuser may write it (LIM-FILE-1)");
	} else {
		rows_check(rows, sizeof(rows) / sizeof(rows[0]));
	}
	ck_assert_int_eq(unlink("ro"), 0);
	rows_teardown();
}
END_TEST

/* fchdir(), and buffers of getcwd() and readlink(). */
START_TEST(buffers_and_descriptors_are_checked)
{
	char buf[2];
	int fd;

	rows_setup();
	ck_assert_int_ge(fd = open("f", O_RDONLY), 0);
	errno = 0;
	ck_assert_int_eq(fchdir(fd), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(close(fd), 0);
	errno = 0;
	ck_assert_int_eq(fchdir(60000), -1);
	ck_assert_int_eq(errno, EBADF);
	errno = 0;
	ck_assert_ptr_null(getcwd(buf, sizeof(buf)));
	ck_assert_int_eq(errno, ERANGE);
	errno = 0;
	ck_assert_ptr_null(getcwd(buf, 0));
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(linkat(AT_FDCWD, "f", AT_FDCWD, "new", 0x800), -1);
	ck_assert_int_eq(errno, EINVAL);
	rows_teardown();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		every_call_knows_a_bad_path,
		open_says_what_is_wrong,
		open_refuses_flags_that_contradict,
		names_are_made_and_removed_with_care,
		names_are_moved_and_linked_with_care,
		a_read_only_file_is_not_written,
		buffers_and_descriptors_are_checked,
	};

	return run_cases("errno of names", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
