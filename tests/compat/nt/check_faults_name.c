/*
 * unlink and rename have a ladder: what NT does at once since 1709, then what
 * older systems and Wine can do.  Each rung is taken here by breaking those
 * above it; the file is where it was or gone, never lost under another name.
 */
#include <fcntl.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compat/nt/fault_run.h"

#define UNSUPPORTED 87u			/* ERROR_INVALID_PARAMETER */
#define MAPPED 1224u			/* ERROR_USER_MAPPED_FILE */

static void
make(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

static void
ck_text(const char *name, const char *text)
{
	int fd = open(name, O_RDONLY);
	char buf[64] = "";

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, buf, sizeof(buf) - 1), (int)strlen(text));
	ck_assert_str_eq(buf, text);
	ck_assert_int_eq(close(fd), 0);
}

static int
entries(void)
{
	DIR *d = opendir(".");
	struct dirent *e;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	ck_assert_int_eq(closedir(d), 0);
	return n;
}

/* POSIX.1-2024 unlink(): the name goes now, the file with the last close. */
START_TEST(unlink_without_posix_semantics)
{
	static const uint32_t codes[] = { UNSUPPORTED, 50, 1, 120 };
	char c;
	int fd, i;

	for (i = 0; i < 4; i++) {
		make("a", "x");
		ck_assert_int_ge(fd = open("a", O_RDONLY), 0);
		fault_set("DispositionInfoEx", 0, 1, codes[i]);
		ck_assert_int_eq(unlink("a"), 0);
		FAILS(access("a", F_OK), ENOENT);
		ck_assert_int_eq(read(fd, &c, 1), 1);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_int_eq(entries(), 0);
	}
}
END_TEST

START_TEST(unlink_without_displacing)
{
	make("b", "x");
	fault_set("DispositionInfoEx", 0, FOR_EVER, UNSUPPORTED);
	fault_set("RenameInfo", 0, FOR_EVER, S_DENIED);
	ck_assert_int_eq(unlink("b"), 0);
	FAILS(access("b", F_OK), ENOENT);
	ck_assert_int_eq(entries(), 0);
}
END_TEST

START_TEST(unlink_clears_read_only)
{
	make("c", "x");
	fault_set("DispositionInfoEx", 0, FOR_EVER, UNSUPPORTED);
	fault_set("DispositionInfo", 0, 1, DENIED);
	ck_assert_int_eq(unlink("c"), 0);
	ck_assert_uint_eq(fault_hits(), 2);
	ck_assert_int_eq(entries(), 0);
}
END_TEST

/* The file has its name back when no rung holds. */
START_TEST(failed_unlink_leaves_the_name)
{
	make("d", "kept");
	fault_set("DispositionInfoEx", 0, 1, 19);  /* ERROR_WRITE_PROTECT */
	FAILS(unlink("d"), EROFS);
	ck_text("d", "kept");
	fault_set("DispositionInfoEx", 0, FOR_EVER, UNSUPPORTED);
	fault_set("DispositionInfo", 0, FOR_EVER, MAPPED);
	FAILS(unlink("d"), EBUSY);
	ck_text("d", "kept");
	fault_set("DispositionInfo", 0, FOR_EVER, DENIED);
	fault_set("ReOpenFile", 0, FOR_EVER, DENIED);
	FAILS(unlink("d"), EACCES);
	ck_text("d", "kept");
	ck_assert_int_eq(entries(), 1);
	fault_reset();
	ck_assert_int_eq(unlink("d"), 0);
}
END_TEST

START_TEST(rename_without_posix_semantics)
{
	int fd;

	make("from", "new");
	make("to", "old");
	ck_assert_int_ge(fd = open("to", O_RDONLY), 0);
	fault_set("RenameInfoEx", 0, FOR_EVER, S_UNSUPPORTED);
	fault_set("DispositionInfoEx", 0, FOR_EVER, UNSUPPORTED);
	ck_assert_int_eq(rename("from", "to"), 0);
	FAILS(access("from", F_OK), ENOENT);
	ck_text("to", "new");
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(entries(), 1);
	ck_assert_int_eq(unlink("to"), 0);
}
END_TEST

/* rename(): "if it fails, ... new ... shall be unchanged" */
START_TEST(failed_rename_leaves_both)
{
	make("from", "new");
	make("to", "old");
	fault_set("RenameInfoEx", 0, 1, S_NOT_SAME_DEVICE);
	FAILS(rename("from", "to"), EXDEV);
	fault_set("RenameInfoEx", 0, FOR_EVER, S_UNSUPPORTED);
	fault_set("RenameReplace", 0, 1, S_FULL);
	FAILS(rename("from", "to"), ENOSPC);
	/* The target is moved away, and nothing can be moved there. */
	fault_set("RenameReplace", 0, FOR_EVER, S_DENIED);
	fault_set("RenameInfo", 1, 1, S_DENIED);
	FAILS(rename("from", "to"), EACCES);
	/* It cannot be moved away. */
	fault_set("RenameInfo", 0, FOR_EVER, S_DENIED);
	FAILS(rename("from", "to"), EACCES);
	ck_text("from", "new");
	ck_text("to", "old");
	ck_assert_int_eq(entries(), 2);
	fault_reset();
	ck_assert_int_eq(unlink("from"), 0);
	ck_assert_int_eq(unlink("to"), 0);
}
END_TEST

/* An empty directory in the way is removed first, LIM-FILE-4. */
START_TEST(failed_rename_leaves_a_directory)
{
	struct stat st;

	ck_assert_int_eq(mkdir("one", 0755), 0);
	ck_assert_int_eq(mkdir("two", 0755), 0);
	fault_set("RenameInfoEx", 0, FOR_EVER, S_UNSUPPORTED);
	fault_set("RenameReplace", 0, FOR_EVER, S_DENIED);
	FAILS(rename("one", "two"), EACCES);
	ck_assert_int_eq(stat("two", &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	fault_reset();
	fault_set("NtCreateFile", 0, 1, S_NO_RESOURCES);
	FAILS(rename("one", "two"), ENOBUFS);
	ck_assert_int_eq(stat("two", &st), 0);
	ck_assert_int_eq(rename("one", "two"), 0);
	ck_assert_int_eq(rmdir("two"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		unlink_without_posix_semantics,
		unlink_without_displacing,
		unlink_clears_read_only,
		failed_unlink_leaves_the_name,
		rename_without_posix_semantics,
		failed_rename_leaves_both,
		failed_rename_leaves_a_directory,
	};

	return fault_run("faults of names", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
