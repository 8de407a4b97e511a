/* Long names and long paths: XBD <limits.h>, NAME_MAX and PATH_MAX. */
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

static int
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int
make(const char *name)
{
	return shut(open(name, O_RDWR | O_CREAT, 0644));
}

static int
is_listed(const char *dir, const char *name)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int found = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL)
		found += strcmp(e->d_name, name) == 0;
	ck_assert_int_eq(closedir(d), 0);
	return found;
}

/* What each call says of a name, or a path, that is too long. */
static void
too_long(const char *s)
{
	char buf[16];
	struct stat st;
	int dir = open(".", O_RDONLY | O_DIRECTORY);

	ck_assert_int_ge(dir, 0);
	FAILS(open(s, O_RDONLY), ENAMETOOLONG);
	FAILS(open(s, O_RDWR | O_CREAT, 0644), ENAMETOOLONG);
	FAILS(openat(dir, s, O_RDONLY), ENAMETOOLONG);
	FAILS(stat(s, &st), ENAMETOOLONG);
	FAILS(lstat(s, &st), ENAMETOOLONG);
	FAILS(fstatat(dir, s, &st, 0), ENAMETOOLONG);
	FAILS(access(s, F_OK), ENAMETOOLONG);
	FAILS(chmod(s, 0644), ENAMETOOLONG);
	FAILS(utimensat(dir, s, NULL, 0), ENAMETOOLONG);
	FAILS(truncate(s, 0), ENAMETOOLONG);
	FAILS(mkdir(s, 0755), ENAMETOOLONG);
	FAILS(mkdirat(dir, s, 0755), ENAMETOOLONG);
	FAILS(rmdir(s), ENAMETOOLONG);
	FAILS(unlink(s), ENAMETOOLONG);
	FAILS(unlinkat(dir, s, 0), ENAMETOOLONG);
	FAILS(rename(s, "x"), ENAMETOOLONG);
	FAILS(rename("f", s), ENAMETOOLONG);
	FAILS(link("f", s), ENAMETOOLONG);
	FAILS(symlink("f", s), ENAMETOOLONG);
	FAILS(readlink(s, buf, sizeof(buf)), ENAMETOOLONG);
	FAILS(chdir(s), ENAMETOOLONG);
	errno = 0;
	ck_assert_ptr_null(opendir(s));
	ck_assert_int_eq(errno, ENAMETOOLONG);
	ck_assert_int_eq(close(dir), 0);
}

/* NAME_MAX. */
START_TEST(a_name_has_255_letters)
{
	char name[NAME_MAX + 2], other[NAME_MAX + 2];
	struct stat st;

	ck_assert_int_eq(NAME_MAX, 255);
	ck_assert_int_eq(make("f"), 0);
	(void)memset(name, 'n', sizeof(name));
	(void)memset(other, 'o', sizeof(other));
	name[255] = other[255] = '\0';
	ck_assert_int_eq(make(name), 0);
	ck_assert_int_eq(stat(name, &st), 0);
	ck_assert_int_eq(is_listed(".", name), 1);
	ck_assert_int_eq(rename(name, other), 0);
	ck_assert_int_eq(link(other, name), 0);
	ck_assert_int_eq(stat(name, &st), 0);
	ck_assert_uint_eq(st.st_nlink, 2);
	ck_assert_int_eq(unlink(other), 0);
	ck_assert_int_eq(unlink(name), 0);
	ck_assert_int_eq(mkdir(name, 0755), 0);
	ck_assert_int_eq(rmdir(name), 0);
	name[255] = 'n';
	name[256] = '\0';
	too_long(name);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* PATH_MAX, "including the terminating null". */
START_TEST(a_path_has_4095_bytes)
{
	char path[PATH_MAX + 1];
	struct stat st;
	size_t i;

	ck_assert_int_eq(PATH_MAX, 4096);
	ck_assert_int_eq(make("f"), 0);
	for (i = 0; i < PATH_MAX - 2; i += 2)
		(void)memcpy(path + i, "./", 2);
	(void)strcpy(path + i, "f");
	ck_assert_uint_eq(strlen(path), 4095);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(shut(open(path, O_RDONLY)), 0);
	ck_assert_int_eq(access(path, R_OK), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(rename(path, "g"), 0);
	ck_assert_int_eq(rename("g", path), 0);
	(void)strcpy(path + i, "/f");
	ck_assert_uint_eq(strlen(path), 4096);
	too_long(path);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* As deep as a path is long; from the top and from a descriptor. */
START_TEST(directories_are_nested_beyond_260)
{
	char path[3400] = "", *real;
	struct stat st;
	size_t len = 0;
	int dir, i;

	for (i = 0; i < 15; i++) {
		if (i > 0)
			path[len++] = '/';
		(void)memset(path + len, 'a' + i, 200);
		path[len += 200] = '\0';
		ck_assert_int_eq(mkdir(path, 0755), 0);
	}
	ck_assert_int_ge(dir = open(path, O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_eq(shut(openat(dir, "f", O_RDWR | O_CREAT, 0644)), 0);
	ck_assert_int_eq(renameat(dir, "f", dir, "g"), 0);
	ck_assert_int_eq(linkat(dir, "g", dir, "h", 0), 0);
	ck_assert_int_eq(fstatat(dir, "h", &st, 0), 0);
	ck_assert_uint_eq(st.st_nlink, 2);
	ck_assert_int_eq(is_listed(path, "g"), 1);
	ck_assert_ptr_nonnull(real = realpath(path, NULL));
	ck_assert_str_eq(real + strlen(real) - len, path);
	free(real);
	(void)strcpy(path + len, "/h");
	ck_assert_int_eq(chmod(path, 0600), 0);
	ck_assert_int_eq(truncate(path, 10), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 10);
	ck_assert_int_eq(rename(path, "top"), 0);
	ck_assert_int_eq(link("top", path), 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(unlink("top"), 0);
	ck_assert_int_eq(unlinkat(dir, "g", 0), 0);
	ck_assert_int_eq(close(dir), 0);
	path[len] = '\0';
	for (; i > 0; i--) {
		ck_assert_int_eq(rmdir(path), 0);
		if (i > 1)
			*strrchr(path, '/') = '\0';
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_name_has_255_letters,
		a_path_has_4095_bytes,
		directories_are_nested_beyond_260,
	};

	return run_cases("long names", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
