/*
 * EACCES.  root is denied nothing, so root is given up meanwhile; NT is asked
 * by access lists.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

static int
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int
real(const char *path)
{
	char *p = realpath(path, NULL);

	free(p);
	return p == NULL ? -1 : 0;
}

static int
list(const char *path)
{
	DIR *d = opendir(path);

	return d == NULL ? -1 : closedir(d);
}

/* A file and a directory with a file in it, that nobody may touch. */
static void
begin(void)
{
	ck_assert_int_eq(mkdir("shut", 0755), 0);
	ck_assert_int_eq(shut(open("shut/f", O_WRONLY | O_CREAT, 0644)), 0);
	ck_assert_int_eq(shut(open("mine", O_WRONLY | O_CREAT, 0666)), 0);
	ck_assert_int_eq(chmod("mine", 0666), 0);
	ck_assert_int_eq(shut(open("secret", O_WRONLY | O_CREAT, 0644)), 0);
	ck_assert_int_eq(host_deny("secret"), 0);
	ck_assert_int_eq(host_deny("shut"), 0);
	host_give_up_root();
}

static void
end(void)
{
	host_take_root();
	ck_assert_int_eq(host_allow("secret"), 0);
	ck_assert_int_eq(host_allow("shut"), 0);
	ck_assert_int_eq(unlink("secret"), 0);
	ck_assert_int_eq(unlink("shut/f"), 0);
	ck_assert_int_eq(rmdir("shut"), 0);
	ck_assert_int_eq(unlink("mine"), 0);
}

/* Under Wine the Unix user decides, who may be root. */
static int
is_denied(const char *test)
{
	int fd = open("secret", O_RDONLY);

	if (fd < 0)
		return 1;
	ck_assert_int_eq(close(fd), 0);
	host_skip(test, "the superuser is denied nothing (LIM-FILE-26)");
	return 0;
}

/* EACCES of the file itself. */
START_TEST(a_file_that_nobody_may_touch)
{
	struct stat st;

	begin();
	if (is_denied("a_file_that_nobody_may_touch")) {
		FAILS(open("secret", O_RDONLY), EACCES);
		FAILS(open("secret", O_WRONLY), EACCES);
		FAILS(open("secret", O_RDWR), EACCES);
		FAILS(open("secret", O_RDONLY | O_TRUNC), EACCES);
		FAILS(open("secret", O_RDWR | O_CREAT, 0644), EACCES);
		FAILS(open("secret", O_RDONLY | O_DIRECTORY), ENOTDIR);
		FAILS(truncate("secret", 0), EACCES);
		FAILS(access("secret", R_OK), EACCES);
		FAILS(access("secret", W_OK), EACCES);
		FAILS(access("secret", X_OK), EACCES);
		FAILS(eaccess("secret", R_OK | W_OK), EACCES);
		ck_assert_int_eq(access("secret", F_OK), 0);
		ck_assert_int_eq(stat("secret", &st), 0);
		ck_assert(S_ISREG(st.st_mode));
	}
	end();
}
END_TEST

/* EACCES of a directory: "read permission is denied for path". */
START_TEST(a_directory_that_nobody_may_touch)
{
	struct stat st;

	begin();
	if (is_denied("a_directory_that_nobody_may_touch")) {
		FAILS(open("shut", O_RDONLY), EACCES);
		FAILS(open("shut", O_RDONLY | O_DIRECTORY), EACCES);
		FAILS(open("shut", O_WRONLY), EISDIR);
		FAILS(open("shut", O_RDWR | O_CREAT, 0644), EISDIR);
		FAILS(list("shut"), EACCES);
		FAILS(access("shut", R_OK), EACCES);
		FAILS(access("shut", W_OK), EACCES);
		FAILS(access("shut", X_OK), EACCES);
		FAILS(open("shut/new", O_RDWR | O_CREAT, 0644), EACCES);
		FAILS(mkdir("shut/new", 0755), EACCES);
		FAILS(rename("mine", "shut/new"), EACCES);
		ck_assert_int_eq(stat("shut", &st), 0);
		ck_assert(S_ISDIR(st.st_mode));
	}
	end();
}
END_TEST

/* EACCES: "search permission is denied on a component of the path prefix". */
START_TEST(a_directory_that_nobody_may_pass)
{
	char buf[PATH_MAX];
	struct statvfs vfs;
	struct stat st;

	begin();
	if (host_passes_directories()) {
		host_skip("a_directory_that_nobody_may_pass",
		    "everybody passes directories of NT (LIM-FILE-26)");
		end();
		return;
	}
	FAILS(open("shut/f", O_RDONLY), EACCES);
	FAILS(open("shut/f", O_PATH), EACCES);
	FAILS(open("shut/none", O_RDONLY), EACCES);
	FAILS(open("shut/f/..", O_RDONLY), EACCES);
	FAILS(open("shut", O_TMPFILE | O_RDWR, 0600), EACCES);
	FAILS(stat("shut/f", &st), EACCES);
	FAILS(lstat("shut/f", &st), EACCES);
	FAILS(access("shut/f", F_OK), EACCES);
	FAILS(chmod("shut/f", 0644), EACCES);
	FAILS(utimensat(AT_FDCWD, "shut/f", NULL, 0), EACCES);
	FAILS(truncate("shut/f", 0), EACCES);
	FAILS(unlink("shut/f"), EACCES);
	FAILS(rmdir("shut/f"), EACCES);
	FAILS(remove("shut/f"), EACCES);
	FAILS(rename("shut/f", "new"), EACCES);
	FAILS(rename("mine", "shut/f"), EACCES);
	FAILS(link("shut/f", "new"), EACCES);
	FAILS(symlink("x", "shut/new"), EACCES);
	FAILS(mknod("shut/new", S_IFREG | 0644, 0), EACCES);
	FAILS(readlink("shut/f", buf, sizeof(buf)), EACCES);
	FAILS(real("shut/f"), EACCES);
	FAILS(chdir("shut"), EACCES);
	FAILS(statvfs("shut/f", &vfs), EACCES);
	end();
}
END_TEST

/* Who may not write a directory makes and removes nothing in it. */
START_TEST(a_directory_of_others_is_not_changed)
{
	struct stat st;

	begin();
	if (host_passes_directories()) {
		host_skip("a_directory_of_others_is_not_changed",
		    "there is one user (LIM-PROC-10)");
		end();
		return;
	}
	host_take_root();
	ck_assert_int_eq(chmod("shut", 0555), 0);
	host_give_up_root();
	FAILS(open("shut/new", O_RDWR | O_CREAT, 0644), EACCES);
	FAILS(mkdir("shut/new", 0755), EACCES);
	FAILS(mkdir("shut/f", 0755), EEXIST);
	FAILS(unlink("shut/f"), EACCES);
	FAILS(unlink("shut/none"), ENOENT);
	FAILS(rename("shut/f", "shut/g"), EACCES);
	FAILS(link("mine", "shut/g"), EACCES);
	FAILS(symlink("x", "shut/g"), EACCES);
	ck_assert_int_eq(stat("shut/f", &st), 0);
	end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_file_that_nobody_may_touch,
		a_directory_that_nobody_may_touch,
		a_directory_that_nobody_may_pass,
		a_directory_of_others_is_not_changed,
	};

	return run_cases("denied", tests, sizeof(tests) / sizeof(tests[0]));
}
