#include <dirent.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/main.h"

/* Names long enough that NT hands them over in several pieces. */
#define MANY 600
#define NAME "many/%04d, a name that is long enough to fill a buffer of NT's soon, " \
	"and not so long that anybody would complain"

static void
make(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
}

static void
make_many(int n)
{
	char name[200];
	int i;

	ck_assert_int_eq(mkdir("many", 0755), 0);
	for (i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), NAME, i);
		make(name);
	}
}

static void
remove_many(int n)
{
	char name[200];
	int i;

	for (i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), NAME, i);
		(void)unlink(name);
	}
	ck_assert_int_eq(rmdir("many"), 0);
}

static int
is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int
count(DIR *d)
{
	struct dirent *e;
	int n = 0;

	errno = 0;
	while ((e = readdir(d)) != NULL)
		n += !is_dot(e->d_name);
	ck_assert_int_eq(errno, 0);
	return n;
}

/* readdir(): "returns a pointer to ... each entry"; once each. */
START_TEST(every_entry_comes_once)
{
	static char seen[MANY];
	struct dirent *e;
	int dots = 0, n = 0;
	DIR *d;

	make_many(MANY);
	d = opendir("many");
	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL) {
		if (is_dot(e->d_name)) {
			dots++;
			continue;
		}
		ck_assert_uint_eq(strlen(e->d_name) + 5,
		    (size_t)snprintf(NULL, 0, NAME, 0));
		ck_assert_int_eq(seen[atoi(e->d_name)]++, 0);
		n++;
	}
	ck_assert_int_eq(n, MANY);
	ck_assert_int_eq(dots, 2);
	ck_assert_int_eq(closedir(d), 0);
	remove_many(MANY);
}
END_TEST

/* Removing what was read skips nothing: how rm -r works. */
START_TEST(entries_can_be_removed_while_reading)
{
	struct dirent *e;
	char name[300];
	int n = 0;
	DIR *d;

	make_many(MANY);
	d = opendir("many");
	while ((e = readdir(d)) != NULL) {
		if (is_dot(e->d_name))
			continue;
		(void)snprintf(name, sizeof(name), "many/%s", e->d_name);
		ck_assert_int_eq(unlink(name), 0);
		n++;
	}
	ck_assert_int_eq(n, MANY);
	ck_assert_int_eq(closedir(d), 0);
	ck_assert_int_eq(rmdir("many"), 0);
}
END_TEST

/* d_type and d_ino are lstat()'s (POSIX.1-2024, readdir(3)). */
START_TEST(entries_tell_type_and_number)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int kinds = 0, s;
	struct dirent *e;
	struct stat st;
	DIR *d;

	/* As long as the file that stands for an emulated socket. */
	make("file");
	ck_assert_int_eq(truncate("file", 93), 0);
	ck_assert_int_eq(mkdir("dir", 0755), 0);
	s = socket(AF_UNIX, SOCK_STREAM, 0);
	(void)strcpy(un.sun_path, "sock");
	ck_assert_int_eq(bind(s, (struct sockaddr *)&un, sizeof(un)), 0);
	d = opendir(".");
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, "..") == 0)
			continue;
		ck_assert_int_eq(lstat(e->d_name, &st), 0);
		ck_assert_int_eq(e->d_ino == st.st_ino, 1);
		ck_assert_int_eq(e->d_type, IFTODT(st.st_mode));
		kinds |= 1 << e->d_type;
	}
	ck_assert_int_eq(kinds, 1 << DT_REG | 1 << DT_DIR | 1 << DT_SOCK);
	ck_assert_int_eq(closedir(d), 0);
	ck_assert_int_eq(close(s), 0);
	ck_assert_int_eq(unlink("sock"), 0);
	ck_assert_int_eq(unlink("file"), 0);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* rewinddir(): "refers to the current state of the directory". */
START_TEST(rewinding_sees_what_is_new)
{
	DIR *d;
	int i;

	make_many(3);
	d = opendir("many");
	ck_assert_int_eq(count(d), 3);
	rewinddir(d);
	for (i = 0; i < 3; i++)		/* beyond "." and ".." */
		ck_assert_ptr_nonnull(readdir(d));
	(void)telldir(d);	/* which looks ahead */
	make("many/new");
	rewinddir(d);
	ck_assert_int_eq(count(d), 4);
	ck_assert_int_eq(unlink("many/new"), 0);
	rewinddir(d);
	ck_assert_int_eq(count(d), 3);
	ck_assert_int_eq(closedir(d), 0);
	remove_many(3);
}
END_TEST

/* telldir(), seekdir(): the same entries again, from any place. */
START_TEST(places_can_be_told_and_gone_to)
{
	static char name[MANY + 2][200];
	static long place[MANY + 3];
	struct dirent *e;
	int i, n = 0;
	DIR *d;

	make_many(MANY);
	d = opendir("many");
	place[0] = telldir(d);
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(name[n++], sizeof(name[0]), "%.199s", e->d_name);
		place[n] = telldir(d);
	}
	ck_assert_int_eq(n, MANY + 2);
	for (i = n; i >= 0; i -= 97) {
		seekdir(d, place[i]);
		ck_assert_int_eq(telldir(d) == place[i], 1);
		e = readdir(d);
		if (i == n) {
			ck_assert_ptr_null(e);
		} else {
			ck_assert_ptr_nonnull(e);
			ck_assert_str_eq(e->d_name, name[i]);
		}
	}
	ck_assert_int_eq(closedir(d), 0);
	remove_many(MANY);
}
END_TEST

/* An entry that was removed before the place shifts nothing. */
START_TEST(a_place_survives_removals_before_it)
{
	struct dirent *e;
	char name[300], next[300];
	long place;
	DIR *d;
	int i;

	make_many(20);
	d = opendir("many");
	for (i = 0; i < 8; i++) {
		e = readdir(d);
		ck_assert_ptr_nonnull(e);
		if (!is_dot(e->d_name)) {
			(void)snprintf(name, sizeof(name), "many/%s",
			    e->d_name);
			ck_assert_int_eq(unlink(name), 0);
		}
	}
	place = telldir(d);
	do {
		e = readdir(d);
		ck_assert_ptr_nonnull(e);
	} while (is_dot(e->d_name));
	(void)snprintf(next, sizeof(next), "%s", e->d_name);
	(void)count(d);
	seekdir(d, place);
	do {
		e = readdir(d);
		ck_assert_ptr_nonnull(e);
	} while (is_dot(e->d_name));
	ck_assert_str_eq(e->d_name, next);
	ck_assert_int_eq(closedir(d), 0);
	remove_many(20);
}
END_TEST

/* An entry that was removed at the place leaves those behind it. */
START_TEST(a_place_survives_the_removal_of_what_comes_next)
{
	struct dirent *e;
	char name[300];
	int before = 0;
	long place;
	DIR *d;

	make_many(20);
	ck_assert_ptr_nonnull(d = opendir("many"));
	while (before < 8) {
		ck_assert_ptr_nonnull(e = readdir(d));
		before += !is_dot(e->d_name);
	}
	do {
		place = telldir(d);
		ck_assert_ptr_nonnull(e = readdir(d));
	} while (is_dot(e->d_name));
	(void)snprintf(name, sizeof(name), "many/%s", e->d_name);
	(void)count(d);
	ck_assert_int_eq(unlink(name), 0);
	seekdir(d, place);
	ck_assert_int_eq(count(d), 20 - 8 - 1);
	ck_assert_int_eq(closedir(d), 0);
	remove_many(20);
}
END_TEST

/* fdopendir(): takes the descriptor over; dirfd() tells it. */
START_TEST(a_stream_has_a_descriptor)
{
	struct stat a, b;
	int fd;
	DIR *d;

	ck_assert_int_eq(mkdir("dir", 0755), 0);
	make("dir/x");
	fd = open("dir", O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	d = fdopendir(fd);
	ck_assert_ptr_nonnull(d);
	ck_assert_int_eq(dirfd(d), fd);
	ck_assert_int_eq(count(d), 1);
	ck_assert_int_eq(closedir(d), 0);
	errno = 0;
	ck_assert_int_eq(fstat(fd, &a), -1);
	ck_assert_int_eq(errno, EBADF);

	d = opendir("dir");
	ck_assert_int_eq(dirfd(d), fd);
	ck_assert_int_eq(fcntl(dirfd(d), F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fstat(dirfd(d), &a), 0);
	ck_assert_int_eq(stat("dir", &b), 0);
	ck_assert_int_eq(a.st_ino == b.st_ino && a.st_dev == b.st_dev, 1);
	ck_assert_int_eq(closedir(d), 0);
	ck_assert_int_eq(unlink("dir/x"), 0);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* opendir(), fdopendir(), ERRORS. */
START_TEST(what_is_no_directory_is_refused)
{
	int fd;

	make("file");
	errno = 0;
	ck_assert_ptr_null(opendir("file"));
	ck_assert_int_eq(errno, ENOTDIR);
	errno = 0;
	ck_assert_ptr_null(opendir("none"));
	ck_assert_int_eq(errno, ENOENT);
	errno = 0;
	ck_assert_ptr_null(opendir(""));
	ck_assert_int_eq(errno, ENOENT);
	fd = open("file", O_RDONLY);
	errno = 0;
	ck_assert_ptr_null(fdopendir(fd));
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(close(fd), 0);
	errno = 0;
	ck_assert_ptr_null(fdopendir(fd));
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_eq(unlink("file"), 0);
}
END_TEST

static int
not_dot(const struct dirent *e)
{
	return !is_dot(e->d_name);
}

static int
nothing(const struct dirent *e)
{
	(void)e;
	return 0;
}

/* scandir(): "shall scan ..., calling sel ... sorted ... using compar". */
START_TEST(scandir_filters_and_sorts)
{
	struct dirent **list;
	char name[200];
	int i;

	make_many(200);
	ck_assert_int_eq(scandir("many", &list, not_dot, alphasort), 200);
	for (i = 0; i < 200; i++) {
		(void)snprintf(name, sizeof(name), NAME, i);
		ck_assert_str_eq(list[i]->d_name, name + 5);
		ck_assert_int_eq(list[i]->d_type, DT_REG);
		free(list[i]);
	}
	free(list);
	ck_assert_int_eq(scandir("many", &list, nothing, NULL), 0);
	free(list);
	errno = 0;
	ck_assert_int_eq(scandir("none", &list, NULL, NULL), -1);
	ck_assert_int_eq(errno, ENOENT);
	remove_many(200);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		every_entry_comes_once,
		entries_can_be_removed_while_reading,
		entries_tell_type_and_number,
		rewinding_sees_what_is_new,
		places_can_be_told_and_gone_to,
		a_place_survives_removals_before_it,
		a_place_survives_the_removal_of_what_comes_next,
		a_stream_has_a_descriptor,
		what_is_no_directory_is_refused,
		scandir_filters_and_sorts,
	};

	return run_cases("dir", tests, sizeof(tests) / sizeof(tests[0]));
}
