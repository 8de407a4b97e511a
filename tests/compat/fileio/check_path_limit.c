/* What LIMITATIONS.md says of names (LIM-FILE-2, -20 to -23), on NT. */
#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fails.h"
#include "support/main.h"

/* LIM-FILE-2: wherever it stands, it is never another file. */
START_TEST(a_name_nt_cannot_hold_is_refused_everywhere)
{
	static const char *const bad[] = { "a:b", "a*", "a?", "a|b", "a<b",
	    "a>b", "a\"b", "nul", "Con.txt", "com1", "LPT9.x", "aux", "prn",
	    "conin$", "CONOUT$", "com\xc2\xb9", "lpt\xc2\xb3.txt", "nul .txt",
	    "Aux.tar.gz", "dot.", "blank ", "...", "\x01", "\x1f",
	    "\xff\xfe", "\xed\xa0\x80", "\xc0\xae", "\xf4\x90\x80\x80",
	    "cut\xc3", "c:name", "C:", "d:stream", "d::$DATA", "d." , "d " };
	char path[64], buf[8];
	struct stat st;
	size_t i;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(path, sizeof(path), "d/%s", bad[i]);
		if (strcmp(bad[i], "C:") != 0)	/* a root */
			FAILS(open(bad[i], O_WRONLY | O_CREAT, 0644), EINVAL);
		FAILS(open(path, O_WRONLY | O_CREAT, 0644), EINVAL);
		FAILS(open(path, O_RDONLY), EINVAL);
		FAILS(stat(path, &st), EINVAL);
		FAILS(lstat(path, &st), EINVAL);
		FAILS(access(path, F_OK), EINVAL);
		FAILS(chmod(path, 0644), EINVAL);
		FAILS(truncate(path, 0), EINVAL);
		FAILS(rmdir(path), EINVAL);
		FAILS(rename(path, "x"), EINVAL);
		FAILS(link(path, "x"), EINVAL);
		FAILS(symlink(path, "x"), EINVAL);
		FAILS(readlink(path, buf, sizeof(buf)), EINVAL);
		errno = 0;
		ck_assert_ptr_null(realpath(path, NULL));
		ck_assert_int_eq(errno, EINVAL);
		errno = 0;
		ck_assert_ptr_null(opendir(path));
		ck_assert_int_eq(errno, EINVAL);
		FAILS(mkdir(path, 0755), EINVAL);
		FAILS(unlink(path), EINVAL);
		FAILS(rename("d", path), EINVAL);
		FAILS(link("d", path), EINVAL);
		FAILS(symlink("t", path), EINVAL);
		FAILS(chdir(path), EINVAL);
	}
	/* Nothing was made. */
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* LIM-FILE-2: the roots. */
START_TEST(a_drive_is_a_root)
{
	FAILS(mkdir("c:", 0755), EEXIST);
	FAILS(mkdir("C:/", 0755), EEXIST);
	FAILS(mkdir("/c:/", 0755), EEXIST);
	FAILS(rmdir("c:/.."), ENOTEMPTY);
	FAILS(rmdir("c:"), EBUSY);
	FAILS(open("c:rel", O_RDONLY), EINVAL);
}
END_TEST

/* LIM-FILE-2: what NT would make of a name that exists. */
START_TEST(a_name_has_no_other_spelling)
{
	static const char *const same[] = { "f", "F", "./f", ".\\f", "d\\..\\F" };
	static const char *const other[] = { "f.", "f ", "f. .", "f::$DATA",
	    "f:s", "F:s:$DATA", "f/", "f\\" };
	struct stat a, b;
	size_t i;
	int fd;

	ck_assert_int_ge(fd = open("f", O_RDWR | O_CREAT, 0644), 0);
	ck_assert_int_eq(fstat(fd, &a), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		ck_assert_int_eq(stat(same[i], &b), 0);
		ck_assert(a.st_ino == b.st_ino);
	}
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		errno = 0;
		ck_assert_int_eq(unlink(other[i]), -1);
		ck_assert(errno == EINVAL || errno == ENOTDIR);
	}
	ck_assert_int_eq(unlink("F"), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* LIM-FILE-2: a name has 255 units of UTF-16, whatever they are in UTF-8. */
START_TEST(a_name_has_255_units)
{
	char name[4 * 130 + 4] = "";
	struct dirent *e;
	int found = 0, i;
	DIR *d;

	for (i = 0; i < 127; i++)
		(void)strcat(name, "\xf0\x9f\x98\x80");	/* two units */
	(void)strcat(name, "x");
	/* Wine's own file system, Linux's, has room for 255 bytes only. */
	i = mkdir(name, 0755);
	if (i == 0) {
		ck_assert_ptr_nonnull(d = opendir("."));
		while ((e = readdir(d)) != NULL)
			found += strcmp(e->d_name, name) == 0;
		ck_assert_int_eq(found, 1);
		ck_assert_int_eq(closedir(d), 0);
		ck_assert_int_eq(rmdir(name), 0);
	}
	(void)strcat(name, "x");
	FAILS(mkdir(name, 0755), ENAMETOOLONG);
}
END_TEST

/* LIM-FILE-2: servers, and NT's own prefixes. */
START_TEST(prefixes_of_nt_are_taken)
{
	char path[PATH_MAX], *real;
	struct stat a, b;
	int fd;

	ck_assert_int_ge(fd = open("f", O_RDWR | O_CREAT, 0644), 0);
	ck_assert_int_eq(fstat(fd, &a), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_ptr_nonnull(real = realpath("f", NULL));
	(void)snprintf(path, sizeof(path), "//?/%s", real);
	ck_assert_int_eq(stat(path, &b), 0);
	ck_assert(a.st_ino == b.st_ino);
	(void)snprintf(path, sizeof(path), "\\\\.\\%s", real);
	ck_assert_int_eq(stat(path, &b), 0);
	ck_assert(a.st_ino == b.st_ino);
	free(real);
	ck_assert_int_ge(fd = open("//./NUL", O_RDWR), 0);
	ck_assert_int_eq(fstat(fd, &b), 0);
	ck_assert(S_ISCHR(b.st_mode));
	ck_assert_int_eq(close(fd), 0);
	FAILS(open("//./pipe/no such pipe", O_RDONLY), ENOENT);
	FAILS(open("//localhost/no share/f", O_RDONLY), ENOENT);
	FAILS(open("//localhost/no share/f", O_RDWR | O_CREAT, 0644), ENOENT);
	FAILS(mkdir("//localhost", 0755), ENOENT);
	FAILS(stat("//localhost/", &b), ENOENT);
	/* One slash, or three, is the root of the drive. */
	FAILS(open("///localhost/f", O_RDONLY), ENOENT);
	ck_assert_int_eq(stat("///", &b), 0);
	ck_assert(S_ISDIR(b.st_mode));
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* LIM-FILE-20 */
START_TEST(an_unnamed_file_has_a_name)
{
	int fd;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_ge(fd = open("d", O_TMPFILE | O_RDWR, 0600), 0);
	FAILS(rmdir("d"), ENOTEMPTY);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* LIM-FILE-23 */
START_TEST(a_device_cannot_be_removed)
{
	FAILS(unlink("/dev/null"), EACCES);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_name_nt_cannot_hold_is_refused_everywhere,
		a_drive_is_a_root,
		a_name_has_no_other_spelling,
		a_name_has_255_units,
		prefixes_of_nt_are_taken,
		an_unnamed_file_has_a_name,
		a_device_cannot_be_removed,
	};

	return run_cases("limits of paths", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
