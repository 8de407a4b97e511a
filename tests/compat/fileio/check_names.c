#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fails.h"
#include "support/main.h"

static void
make(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

static void
holds(const char *name, const char *text)
{
	char buf[64];
	int fd = open(name, O_RDONLY), n;

	ck_assert_int_ge(fd, 0);
	n = (int)read(fd, buf, sizeof(buf));
	ck_assert_int_eq(n, (int)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

/* open(), ERRORS. */
START_TEST(open_says_what_is_wrong)
{
	char name[300];

	make("file", "x");
	ck_assert_int_eq(mkdir("dir", 0755), 0);
	FAILS(open("none", O_RDONLY), ENOENT);
	FAILS(open("none/x", O_WRONLY | O_CREAT, 0644), ENOENT);
	FAILS(open("", O_RDONLY), ENOENT);
	FAILS(open("file/x", O_RDONLY), ENOTDIR);
	FAILS(open("file/", O_RDONLY), ENOTDIR);
	FAILS(open("dir", O_WRONLY), EISDIR);
	FAILS(open("dir", O_RDWR), EISDIR);
	FAILS(open("file", O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
	FAILS(open("dir", O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
	FAILS(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
	(void)memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	FAILS(open(name, O_RDONLY), ENAMETOOLONG);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* open(): O_TRUNC, and what O_CREAT leaves of an existing file. */
START_TEST(truncation_is_only_on_demand)
{
	int fd;

	make("t", "abcdef");
	fd = open("t", O_RDWR | O_CREAT, 0600);
	ck_assert_int_eq(close(fd), 0);
	holds("t", "abcdef");
	fd = open("t", O_WRONLY | O_TRUNC);
	ck_assert_int_eq(close(fd), 0);
	holds("t", "");
	make("t", "abcdef");
	ck_assert_int_eq(truncate("t", 3), 0);
	holds("t", "abc");
	FAILS(truncate("none", 1), ENOENT);
	FAILS(truncate("t", -1), EINVAL);
}
END_TEST

/* rename(): "the link named by new shall be removed". */
START_TEST(rename_replaces)
{
	make("from", "new");
	make("to", "old");
	ck_assert_int_eq(rename("from", "to"), 0);
	holds("to", "new");
	FAILS(open("from", O_RDONLY), ENOENT);
	FAILS(rename("from", "to"), ENOENT);
	make("readonly", "ro");
	ck_assert_int_eq(chmod("readonly", 0444), 0);
	ck_assert_int_eq(rename("to", "readonly"), 0);
	holds("readonly", "new");
}
END_TEST

/* The same while somebody has the target open, and goes on reading it. */
START_TEST(rename_replaces_an_open_file)
{
	char c;
	int fd;

	make("from", "new");
	make("to", "old");
	fd = open("to", O_RDONLY);
	ck_assert_int_eq(rename("from", "to"), 0);
	holds("to", "new");
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(c, 'o');
	ck_assert_int_eq(close(fd), 0);
	fd = open("to", O_RDONLY);
	ck_assert_int_eq(rename("to", "moved"), 0);
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(close(fd), 0);
	holds("moved", "new");
}
END_TEST

/* rename(), ERRORS. */
START_TEST(rename_keeps_files_and_directories_apart)
{
	make("file", "x");
	ck_assert_int_eq(mkdir("d1", 0755), 0);
	ck_assert_int_eq(mkdir("d2", 0755), 0);
	make("d2/f", "y");
	FAILS(rename("file", "d1"), EISDIR);
	FAILS(rename("d1", "file"), ENOTDIR);
	errno = 0;
	ck_assert_int_eq(rename("d1", "d2"), -1);
	ck_assert(errno == ENOTEMPTY || errno == EEXIST);
	ck_assert_int_eq(rename("d2", "d1"), 0);
	holds("d1/f", "y");
	ck_assert_int_eq(unlink("d1/f"), 0);
	ck_assert_int_eq(rmdir("d1"), 0);
	FAILS(rename("file", "none/x"), ENOENT);
}
END_TEST

/* unlink(): the name goes at once, the file when nobody has it open. */
START_TEST(unlink_frees_the_name_of_an_open_file)
{
	char c;
	int fd;

	make("u", "first");
	fd = open("u", O_RDWR);
	ck_assert_int_eq(unlink("u"), 0);
	FAILS(unlink("u"), ENOENT);
	FAILS(open("u", O_RDONLY), ENOENT);
	make("u", "second");
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(c, 'f');
	ck_assert_int_eq(close(fd), 0);
	holds("u", "second");
	ck_assert_int_eq(unlink("u"), 0);
}
END_TEST

/* unlink(), rmdir(), mkdir(), ERRORS (EISDIR is Linux's for EPERM). */
START_TEST(files_and_directories_are_removed_apart)
{
	make("file", "x");
	ck_assert_int_eq(mkdir("d", 0755), 0);
	make("d/f", "x");
	FAILS(mkdir("d", 0755), EEXIST);
	FAILS(mkdir("file", 0755), EEXIST);
	FAILS(mkdir("none/d", 0755), ENOENT);
	FAILS(mkdir("file/d", 0755), ENOTDIR);
	FAILS(unlink("d"), EISDIR);
	FAILS(rmdir("file"), ENOTDIR);
	FAILS(rmdir("d"), ENOTEMPTY);
	FAILS(rmdir("none"), ENOENT);
	ck_assert_int_eq(remove("d/f"), 0);
	ck_assert_int_eq(remove("d"), 0);
	ck_assert_int_eq(chmod("file", 0444), 0);
	ck_assert_int_eq(unlink("file"), 0);
	FAILS(access("file", F_OK), ENOENT);
}
END_TEST

/* stat(): what identifies a file, its type and size. */
START_TEST(stat_tells_type_size_and_identity)
{
	struct stat a, b;
	int fd;

	make("s", "12345");
	ck_assert_int_eq(stat("s", &a), 0);
	ck_assert(S_ISREG(a.st_mode));
	ck_assert_int_eq(a.st_size, 5);
	ck_assert_int_eq(a.st_nlink, 1);
	ck_assert(a.st_mode & 0400);
	fd = open("s", O_RDONLY);
	ck_assert_int_eq(fstat(fd, &b), 0);
	ck_assert(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	ck_assert(a.st_mtime == b.st_mtime && a.st_mode == b.st_mode);
	ck_assert_int_eq(close(fd), 0);
	make("s2", "");
	ck_assert_int_eq(lstat("s2", &b), 0);
	ck_assert(a.st_ino != b.st_ino);
	ck_assert_int_eq(stat(".", &b), 0);
	ck_assert(S_ISDIR(b.st_mode));
	FAILS(stat("none", &b), ENOENT);
	FAILS(stat("s/", &b), ENOTDIR);
	FAILS(stat("s/x", &b), ENOTDIR);
	ck_assert_int_eq(chmod("s", 0444), 0);
	ck_assert_int_eq(stat("s", &b), 0);
	ck_assert_int_eq(b.st_mode & 0222, 0);
	ck_assert_int_eq(chmod("s", 0644), 0);
	ck_assert(a.st_mtime > 1600000000);
}
END_TEST

/* Names are UTF-8, in every call that takes or gives one. */
START_TEST(names_are_utf_8)
{
	const char *name = "d\xc3\xa9j\xc3\xa0 \xe6\xbc\xa2\xf0\x9f\x98\x80";
	struct dirent *e;
	int found = 0;
	DIR *d;

	make(name, "u");
	holds(name, "u");
	d = opendir(".");
	ck_assert_ptr_nonnull(d);
	errno = 0;
	while ((e = readdir(d)) != NULL)
		found += strcmp(e->d_name, name) == 0;
	ck_assert_int_eq(errno, 0);
	ck_assert_int_eq(found, 1);
	ck_assert_int_eq(closedir(d), 0);
	ck_assert_int_eq(rename(name, "plain"), 0);
	holds("plain", "u");
}
END_TEST

/* getcwd() gives what chdir() took, with slashes. */
START_TEST(the_current_directory_is_a_path)
{
	const char *name = "w\xc3\xb6rk";
	char before[1024], after[1024];

	ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
	ck_assert_int_eq(mkdir(name, 0755), 0);
	ck_assert_int_eq(chdir(name), 0);
	ck_assert_ptr_nonnull(getcwd(after, sizeof(after)));
	ck_assert(strncmp(after, before, strlen(before)) == 0);
	ck_assert_str_eq(after + strlen(before) + 1, name);
	errno = 0;
	ck_assert_ptr_null(getcwd(after, 2));
	ck_assert_int_eq(errno, ERANGE);
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_int_eq(rmdir(name), 0);
	FAILS(chdir("none"), ENOENT);
	make("f", "");
	FAILS(chdir("f"), ENOTDIR);
	errno = 0;
	ck_assert_ptr_null(opendir("f"));
	ck_assert_int_eq(errno, ENOTDIR);
}
END_TEST

/*
 * XBD 3.2: an absolute path begins with '/'.  A program that makes one of
 * getcwd()'s result, and looks at it name by name from the root on, finds what
 * is there, whatever the result begins with.
 */
START_TEST(a_path_is_the_same_behind_a_slash)
{
	char path[4096] = "/", *p;
	struct stat a, b;

	ck_assert_ptr_nonnull(getcwd(path + 1, sizeof(path) - 8));
	for (p = path + 1; (p = strchr(p + 1, '/')) != NULL; *p = '/') {
		*p = '\0';
		ck_assert_int_eq(lstat(path, &a), 0);
		ck_assert(S_ISDIR(a.st_mode));
	}
	ck_assert_int_eq(stat(path, &a), 0);
	ck_assert_int_eq(stat(".", &b), 0);
	ck_assert_uint_eq(a.st_ino, b.st_ino);
	(void)strcat(path, "/slash");
	make(path, "behind");
	holds("slash", "behind");
	ck_assert_int_eq(unlink(path), 0);
	FAILS(unlink("slash"), ENOENT);
}
END_TEST

/* mkstemp(): a new file, open for both. */
START_TEST(mkstemp_makes_a_new_file)
{
	char a[] = "tmp.XXXXXX", b[] = "tmp.XXXXXX", bad[] = "x";
	int fa = mkstemp(a), fb = mkstemp(b);

	ck_assert(fa >= 0 && fb >= 0);
	ck_assert_str_ne(a, b);
	ck_assert_int_eq(write(fa, "x", 1), 1);
	ck_assert_int_eq(close(fa), 0);
	ck_assert_int_eq(close(fb), 0);
	holds(a, "x");
	FAILS(mkstemp(bad), EINVAL);
}
END_TEST

/* A path of more than 260 units. */
START_TEST(long_paths_work)
{
	char path[1200] = "";
	int depth, i, fd;

	for (depth = 0; depth < 6; depth++) {
		(void)strcat(path, depth > 0 ? "/" : "");
		for (i = 0; i < 9; i++)
			(void)strcat(path, "long-name-");
		ck_assert_int_eq(mkdir(path, 0755), 0);
	}
	ck_assert_int_gt((int)strlen(path), 500);
	(void)strcat(path, "/f");
	fd = open(path, O_RDWR | O_CREAT, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink(path), 0);
	for (; depth > 0; depth--) {
		*strrchr(path, '/') = '\0';
		ck_assert_int_eq(rmdir(path), 0);
		if (depth == 1)
			break;
	}
}
END_TEST

int
main(void)
{
	static const TTest *tests[16];
	int n = 0;

	tests[n++] = open_says_what_is_wrong;
	tests[n++] = truncation_is_only_on_demand;
	tests[n++] = rename_replaces;
	tests[n++] = rename_replaces_an_open_file;
	tests[n++] = rename_keeps_files_and_directories_apart;
	tests[n++] = unlink_frees_the_name_of_an_open_file;
	tests[n++] = files_and_directories_are_removed_apart;
	tests[n++] = stat_tells_type_size_and_identity;
	tests[n++] = names_are_utf_8;
	tests[n++] = the_current_directory_is_a_path;
	tests[n++] = a_path_is_the_same_behind_a_slash;
	tests[n++] = mkstemp_makes_a_new_file;
	tests[n++] = long_paths_work;
	return run_cases("names", tests, n);
}
