/*
 * Symbolic links.  Where the system makes none, as Wine, reparse points are
 * simulated: see support/links.h for what that shows and what not.
 */
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
#include "support/host.h"
#include "support/links.h"
#include "support/main.h"

#define WORKS(call) do { \
		errno = 0; \
		ck_assert_int_eq((call), 0); \
		ck_assert_int_eq(errno, 0); \
	} while (0)

#define NULL_WITH(call, number) do { \
		errno = 0; \
		ck_assert_ptr_null(call); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)
#define holds(name, text) holds_at(AT_FDCWD, (name), (text))

static void
make(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

static void
holds_at(int dir, const char *name, const char *text)
{
	char buf[64] = "";
	int fd = openat(dir, name, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, buf, sizeof(buf) - 1), (int)strlen(text));
	ck_assert_str_eq(buf, text);
	ck_assert_int_eq(close(fd), 0);
}

static void
reads(const char *name, const char *text)
{
	char buf[PATH_MAX];
	ssize_t n = readlink(name, buf, sizeof(buf));

	ck_assert_int_eq(n, (int)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
}

static mode_t
type(const char *name, int flags)
{
	struct stat st;

	ck_assert_int_eq(fstatat(AT_FDCWD, name, &st, flags), 0);
	return st.st_mode & S_IFMT;
}

static int
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int
chdir_and_back(const char *name, char cwd[PATH_MAX])
{
	char before[PATH_MAX];

	ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
	if (chdir(name) != 0)
		return -1;
	ck_assert_ptr_nonnull(getcwd(cwd, PATH_MAX));
	return chdir(before);
}

/* file "f" ("text"), directory "d" with "x" ("in d"). */
static void
begin(void)
{
	links_start();
	make("f", "text");
	(void)mkdir("d", 0755);
	make("d/x", "in d");
}

static void
end(void)
{
	WORKS(unlink("d/x"));
	WORKS(rmdir("d"));
	WORKS(unlink("f"));
}

/* symlink(), readlink(), lstat(), stat(). */
START_TEST(a_link_is_a_file_of_its_own)
{
	struct stat link, file;
	char small[3];

	begin();
	WORKS(symlink("f", "l"));
	WORKS(lstat("l", &link));
	ck_assert(S_ISLNK(link.st_mode));
	WORKS(stat("l", &file));
	ck_assert(S_ISREG(file.st_mode));
	ck_assert_int_eq(file.st_size, 4);
	ck_assert(file.st_ino != link.st_ino);
	WORKS(stat("f", &link));
	ck_assert_uint_eq(link.st_ino, file.st_ino);
	reads("l", "f");
	holds("l", "text");
	/* "the remaining bytes are truncated", and no NUL. */
	WORKS(symlink("../long/name", "m"));
	ck_assert_int_eq(readlink("m", small, 3), 3);
	ck_assert_mem_eq(small, "../", 3);
	FAILS(readlink("f", small, 3), EINVAL);
	FAILS(readlink("d", small, 3), EINVAL);
	FAILS(symlink("x", "l"), EEXIST);
	FAILS(symlink("x", "l/"), EEXIST);
	reads("l", "f");
	WORKS(unlink("l"));
	WORKS(unlink("m"));
	holds("f", "text");
	end();
}
END_TEST

/* XBD 4.16: a link in the middle of a path, and "..", behind it. */
START_TEST(a_link_is_followed_in_a_path)
{
	struct stat st;
	int dir;

	begin();
	WORKS(symlink("d", "ld"));
	WORKS(symlink("../f", "d/up"));
	WORKS(mkdir("deep", 0755));
	WORKS(mkdir("deep/er", 0755));
	WORKS(symlink("deep/er", "far"));
	make("deep/f", "deep");
	holds("ld/x", "in d");
	holds("ld/up", "text");
	holds("ld/../f", "text");
	/* Where the link leads, not where it lies. */
	holds("far/../f", "deep");
	make("ld/new", "new");
	holds("d/new", "new");
	WORKS(mkdir("ld/sub", 0755));
	ck_assert(S_ISDIR(type("d/sub", 0)));
	WORKS(rmdir("ld/sub"));
	WORKS(rename("ld/new", "far/new"));
	holds("deep/er/new", "new");
	WORKS(link("far/new", "ld/hard"));
	WORKS(lstat("d/hard", &st));
	ck_assert_uint_eq(st.st_nlink, 2);
	WORKS(unlink("ld/hard"));
	WORKS(unlink("far/new"));
	ck_assert_int_ge(dir = open(".", O_RDONLY | O_DIRECTORY), 0);
	holds_at(dir, "ld/x", "in d");
	holds_at(dir, "far/../f", "deep");
	WORKS(close(dir));
	FAILS(open("ld/none/x", O_RDONLY), ENOENT);
	FAILS(open("ld/x/y", O_RDONLY), ENOTDIR);
	WORKS(unlink("d/up"));
	WORKS(unlink("ld"));
	WORKS(unlink("far"));
	WORKS(unlink("deep/f"));
	WORKS(rmdir("deep/er"));
	WORKS(rmdir("deep"));
	end();
}
END_TEST

/* ELOOP: of every call that follows. */
START_TEST(a_loop_is_told)
{
	char buf[PATH_MAX];
	struct stat st;

	begin();
	WORKS(symlink("b", "a"));
	WORKS(symlink("a", "b"));
	WORKS(symlink("self", "self"));
	FAILS(open("a", O_RDONLY), ELOOP);
	FAILS(open("self", O_RDONLY), ELOOP);
	FAILS(open("a", O_RDWR | O_CREAT, 0644), ELOOP);
	FAILS(open("a", O_RDONLY | O_DIRECTORY), ELOOP);
	FAILS(open("a/x", O_RDONLY), ELOOP);
	FAILS(open("a/", O_RDONLY), ELOOP);
	FAILS(open("a/../f", O_RDONLY), ELOOP);
	FAILS(stat("a", &st), ELOOP);
	FAILS(access("a", F_OK), ELOOP);
	FAILS(chmod("a", 0644), ELOOP);
	FAILS(truncate("a", 0), ELOOP);
	FAILS(utimensat(AT_FDCWD, "a", NULL, 0), ELOOP);
	FAILS(chdir("a"), ELOOP);
	FAILS(mkdir("a/x", 0755), ELOOP);
	FAILS(unlink("a/x"), ELOOP);
	FAILS(rmdir("a/x"), ELOOP);
	FAILS(rename("a/x", "y"), ELOOP);
	FAILS(rename("f", "a/y"), ELOOP);
	FAILS(link("a/x", "y"), ELOOP);
	FAILS(linkat(AT_FDCWD, "a", AT_FDCWD, "y", AT_SYMLINK_FOLLOW), ELOOP);
	FAILS(symlink("x", "a/y"), ELOOP);
	FAILS(readlink("a/x", buf, sizeof(buf)), ELOOP);
	NULL_WITH(realpath("a", NULL), ELOOP);
	NULL_WITH(opendir("a"), ELOOP);
	WORKS(lstat("a", &st));
	reads("a", "b");
	FAILS(open("a", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	WORKS(unlink("a"));
	WORKS(unlink("b"));
	WORKS(unlink("self"));
	end();
}
END_TEST

/* open(): O_NOFOLLOW; open(2) for what goes with it. */
START_TEST(nofollow_refuses_the_last_link_only)
{
	struct stat st;
	int fd;

	begin();
	WORKS(symlink("f", "l"));
	WORKS(symlink("d", "ld"));
	FAILS(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
	FAILS(open("l", O_RDWR | O_CREAT | O_NOFOLLOW, 0644), ELOOP);
	FAILS(open("l", O_WRONLY | O_TRUNC | O_NOFOLLOW), ELOOP);
	FAILS(open("ld", O_RDONLY | O_NOFOLLOW), ELOOP);
	FAILS(open("ld", O_RDONLY | O_NOFOLLOW | O_DIRECTORY), ENOTDIR);
	holds("f", "text");
	WORKS(shut(open("f", O_RDONLY | O_NOFOLLOW)));
	WORKS(shut(open("d", O_RDONLY | O_NOFOLLOW)));
	WORKS(shut(open("ld/x", O_RDONLY | O_NOFOLLOW)));
	WORKS(shut(open("ld/", O_RDONLY | O_NOFOLLOW)));
	ck_assert_int_ge(fd = open("l", O_PATH | O_NOFOLLOW), 0);
	WORKS(fstat(fd, &st));
	ck_assert(S_ISLNK(st.st_mode));
	WORKS(close(fd));
	ck_assert_int_ge(fd = open("l", O_PATH), 0);
	WORKS(fstat(fd, &st));
	ck_assert(S_ISREG(st.st_mode));
	WORKS(close(fd));
	WORKS(unlink("ld"));
	WORKS(unlink("l"));
	end();
}
END_TEST

/* open(): O_CREAT makes the target, O_EXCL "shall fail"; stat() and others. */
START_TEST(a_dangling_link_names_what_can_be_made)
{
	struct stat st;

	begin();
	WORKS(symlink("target", "l"));
	WORKS(symlink("nowhere/target", "far"));
	FAILS(open("l", O_RDONLY), ENOENT);
	FAILS(stat("l", &st), ENOENT);
	FAILS(access("l", F_OK), ENOENT);
	FAILS(chmod("l", 0644), ENOENT);
	FAILS(truncate("l", 0), ENOENT);
	FAILS(chdir("l"), ENOENT);
	FAILS(mkdir("l", 0755), EEXIST);
	FAILS(open("l", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	FAILS(open("far", O_RDWR | O_CREAT, 0644), ENOENT);
	NULL_WITH(realpath("l", NULL), ENOENT);
	FAILS(stat("target", &st), ENOENT);
	ck_assert(S_ISLNK(type("l", AT_SYMLINK_NOFOLLOW)));
	make("l", "made");
	holds("target", "made");
	ck_assert(S_ISLNK(type("l", AT_SYMLINK_NOFOLLOW)));
	WORKS(unlink("l"));
	holds("target", "made");
	WORKS(unlink("target"));
	WORKS(unlink("far"));
	end();
}
END_TEST

/* unlink(), rmdir(), rename(), link(): the link, not what it names. */
START_TEST(names_of_links_move_and_go)
{
	struct stat a, b;

	begin();
	WORKS(symlink("f", "l"));
	WORKS(symlink("d", "ld"));
	FAILS(rmdir("l"), ENOTDIR);
	FAILS(rmdir("ld"), ENOTDIR);
	FAILS(rmdir("ld/"), ENOTDIR);
	FAILS(unlink("l/"), ENOTDIR);
	FAILS(unlink("ld/"), ENOTDIR);
	WORKS(rename("l", "m"));
	reads("m", "f");
	FAILS(lstat("l", &a), ENOENT);
	WORKS(rename("ld", "md"));
	reads("md", "d");
	holds("md/x", "in d");
	/* Over a link, and a link over a file: nothing is followed. */
	make("g", "over");
	WORKS(rename("g", "m"));
	ck_assert(S_ISREG(type("m", AT_SYMLINK_NOFOLLOW)));
	holds("f", "text");
	holds("m", "over");
	WORKS(symlink("f", "l"));
	WORKS(rename("l", "m"));
	reads("m", "f");
	FAILS(rename("d", "md"), ENOTDIR);
	FAILS(rename("md", "d"), EISDIR);
	make("g", "over");
	WORKS(rename("g", "md"));
	holds("md", "over");
	WORKS(unlink("md"));
	/* linkat() follows on demand only. */
	WORKS(linkat(AT_FDCWD, "m", AT_FDCWD, "n", AT_SYMLINK_FOLLOW));
	WORKS(lstat("n", &a));
	WORKS(lstat("f", &b));
	ck_assert_uint_eq(a.st_ino, b.st_ino);
	WORKS(unlink("n"));
	WORKS(linkat(AT_FDCWD, "m", AT_FDCWD, "n", 0));
	reads("n", "f");
	WORKS(unlink("n"));
	WORKS(unlink("m"));
	end();
}
END_TEST

/* opendir(), chdir(), realpath() and readdir()'s d_type. */
START_TEST(directories_are_reached_by_links)
{
	char cwd[PATH_MAX], want[PATH_MAX], *real;
	struct dirent *e;
	int seen = 0;
	DIR *d;

	begin();
	WORKS(symlink("d", "ld"));
	WORKS(symlink("ld/x", "lx"));
	ck_assert_ptr_nonnull(d = opendir("."));
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, "ld") == 0 ||
		    strcmp(e->d_name, "lx") == 0) {
			ck_assert_int_eq(e->d_type, DT_LNK);
			seen++;
		}
	ck_assert_int_eq(seen, 2);
	WORKS(closedir(d));
	ck_assert_ptr_nonnull(d = opendir("ld"));
	for (seen = 0; (e = readdir(d)) != NULL; )
		seen += strcmp(e->d_name, "x") == 0;
	ck_assert_int_eq(seen, 1);
	WORKS(closedir(d));
	NULL_WITH(opendir("lx"), ENOTDIR);
	ck_assert_ptr_nonnull(real = realpath("d", NULL));
	WORKS(chdir_and_back("ld", cwd));
	ck_assert_str_eq(cwd, real);
	(void)snprintf(want, sizeof(want), "%s/x", real);
	free(real);
	ck_assert_ptr_nonnull(real = realpath("lx", NULL));
	ck_assert_str_eq(real, want);
	free(real);
	FAILS(chdir_and_back("lx", cwd), ENOTDIR);
	WORKS(unlink("lx"));
	WORKS(unlink("ld"));
	end();
}
END_TEST

/* An absolute text, and one that goes through another link. */
START_TEST(links_lead_to_links)
{
	char cwd[PATH_MAX - 8], text[PATH_MAX], name[16], to[16];
	int i;

	begin();
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	(void)snprintf(text, sizeof(text), "%s/f", cwd);
	WORKS(symlink(text, "abs"));
	reads("abs", text);
	holds("abs", "text");
	WORKS(symlink("f", "l0"));
	for (i = 1; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "l%d", i);
		(void)snprintf(to, sizeof(to), "l%d", i - 1);
		WORKS(symlink(to, name));
	}
	holds("l29", "text");
	for (i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "l%d", i);
		WORKS(unlink(name));
	}
	WORKS(unlink("abs"));
	end();
}
END_TEST

/* fchmodat(), utimensat(): AT_SYMLINK_NOFOLLOW; chmod() follows. */
START_TEST(attributes_are_the_targets)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct stat st;

	begin();
	WORKS(symlink("f", "l"));
	WORKS(chmod("l", 0444));
	WORKS(stat("f", &st));
	ck_assert_uint_eq(st.st_mode & 0222, 0);
	WORKS(chmod("l", 0644));
	WORKS(utimensat(AT_FDCWD, "l", old, 0));
	WORKS(stat("f", &st));
	ck_assert_int_eq(st.st_mtime, 1000);
	WORKS(lstat("l", &st));
	ck_assert_int_ne(st.st_mtime, 1000);
	WORKS(utimensat(AT_FDCWD, "f", NULL, 0));
	WORKS(utimensat(AT_FDCWD, "l", old, AT_SYMLINK_NOFOLLOW));
	WORKS(lstat("l", &st));
	ck_assert_int_eq(st.st_mtime, 1000);
	WORKS(stat("l", &st));
	ck_assert_int_ne(st.st_mtime, 1000);
	FAILS(fchmodat(AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW), EOPNOTSUPP);
	WORKS(truncate("l", 2));
	holds("f", "te");
	WORKS(unlink("l"));
	end();
}
END_TEST

/* LIM-FILE-21: NT's other kind of link; Linux has none. */
START_TEST(a_junction_is_a_link_to_a_directory)
{
	char *real, *there;
	struct stat st;

	begin();
	if (links_junction("d", "j") != 0) {
		host_skip("a_junction_is_a_link_to_a_directory",
		    "there are no junctions (LIM-FILE-21)");
		end();
		return;
	}
	WORKS(lstat("j", &st));
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert(S_ISDIR(type("j", 0)));
	holds("j/x", "in d");
	FAILS(open("j", O_RDONLY | O_NOFOLLOW), ELOOP);
	FAILS(rmdir("j"), ENOTDIR);
	ck_assert_ptr_nonnull(real = realpath("d", NULL));
	ck_assert_ptr_nonnull(there = realpath("j", NULL));
	ck_assert_str_eq(there, real);
	reads("j", real);
	free(there);
	free(real);
	WORKS(unlink("j"));
	holds("d/x", "in d");
	end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_link_is_a_file_of_its_own,
		a_link_is_followed_in_a_path,
		a_loop_is_told,
		nofollow_refuses_the_last_link_only,
		a_dangling_link_names_what_can_be_made,
		names_of_links_move_and_go,
		directories_are_reached_by_links,
		links_lead_to_links,
		attributes_are_the_targets,
		a_junction_is_a_link_to_a_directory,
	};

	return run_cases("links", tests, sizeof(tests) / sizeof(tests[0]));
}
