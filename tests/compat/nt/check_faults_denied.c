/*
 * Every call that takes a name, and what it says when NT refuses: "access
 * denied" is EACCES whatever was to be done, a file that others do not share
 * is too, a disk that cannot be written is EROFS.  Nothing is left behind.
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
#include <sys/mman.h>

#include "compat/nt/fault_run.h"

#define S_SHARING 0xC0000043u
#define S_CANNOT_DELETE 0xC0000121u
#define S_NO_PRIVILEGE 1314u		/* ERROR_PRIVILEGE_NOT_HELD */

static int
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int open_r(void) { return shut(open("f", O_RDONLY)); }
static int open_w(void) { return shut(open("f", O_WRONLY)); }
static int open_c(void) { return shut(open("f", O_RDWR | O_CREAT, 0644)); }
static int open_t(void) { return shut(open("f", O_RDONLY | O_TRUNC)); }
static int open_p(void) { return shut(open("f", O_PATH)); }
static int open_d(void) { return shut(open("d", O_RDONLY | O_DIRECTORY)); }
static int open_n(void) { return shut(open("new", O_RDWR | O_CREAT, 0600)); }
static int tmpfil(void) { return shut(open("d", O_TMPFILE | O_RDWR, 0600)); }
static int make_d(void) { return mkdir("new", 0755); }
static int make_n(void) { return mknod("new", S_IFREG | 0644, 0); }
static int cut(void) { return truncate("f", 0); }
static int mode(void) { return chmod("f", 0444); }
static int times(void) { return utimensat(AT_FDCWD, "f", NULL, 0); }
static int look(void) { return access("f", F_OK); }
static int go(void) { return chdir("d"); }
static int del(void) { return unlink("f"); }
static int del_d(void) { return rmdir("d"); }
static int del_any(void) { return remove("f"); }
static int move_it(void) { return rename("f", "new"); }
static int hard(void) { return link("f", "new"); }
static int soft(void) { return symlink("f", "new"); }

static int
status(void)
{
	struct stat st;

	return stat("f", &st);
}

static int
lstatus(void)
{
	struct stat st;

	return lstat("f", &st);
}

static int
volume(void)
{
	struct statvfs vfs;

	return statvfs("f", &vfs);
}

static int
read_l(void)
{
	char buf[8];

	return (int)readlink("f", buf, sizeof(buf));
}

static int
real(void)
{
	char *p = realpath("f", NULL);

	free(p);
	return p == NULL ? -1 : 0;
}

static int
list(void)
{
	DIR *d = opendir("d");

	return d == NULL ? -1 : closedir(d);
}

static int
scan(void)
{
	struct dirent **list;

	return scandir("d", &list, NULL, NULL);
}

static int
stream(void)
{
	FILE *f = fopen("f", "r");

	return f == NULL ? -1 : fclose(f);
}

static int
temp(void)
{
	char name[] = "tmp.XXXXXX";

	return shut(mkstemp(name));
}

static int
temp_d(void)
{
	char name[] = "tmp.XXXXXX";

	return mkdtemp(name) == NULL ? -1 : 0;
}

static const struct {
	const char *name;
	int (*fn)(void);
	int writes;		/* a disk may refuse */
} calls[] = {
	{ "open", open_r, 0 }, { "open for writing", open_w, 1 },
	{ "open O_CREAT", open_c, 1 }, { "open O_TRUNC", open_t, 1 },
	{ "open O_PATH", open_p, 0 }, { "open O_DIRECTORY", open_d, 0 },
	{ "open a new file", open_n, 1 }, { "open O_TMPFILE", tmpfil, 1 },
	{ "mkdir", make_d, 1 }, { "mknod", make_n, 1 },
	{ "truncate", cut, 1 }, { "chmod", mode, 1 },
	{ "utimensat", times, 1 }, { "access", look, 0 },
	{ "chdir", go, 0 }, { "unlink", del, 1 }, { "rmdir", del_d, 1 },
	{ "remove", del_any, 1 }, { "rename", move_it, 1 },
	{ "link", hard, 1 }, { "symlink", soft, 1 }, { "stat", status, 0 },
	{ "lstat", lstatus, 0 }, { "statvfs", volume, 0 },
	{ "readlink", read_l, 0 }, { "realpath", real, 0 },
	{ "opendir", list, 0 }, { "scandir", scan, 0 },
	{ "fopen", stream, 0 }, { "mkstemp", temp, 1 },
	{ "mkdtemp", temp_d, 1 },
};

static int
entries(void)
{
	DIR *d = opendir(".");
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	ck_assert_int_eq(closedir(d), 0);
	return n;
}

/* Each call once, refused: how many said something else than want. */
static int
refuse_each(uint32_t code, int want, int writing_only)
{
	int bad = 0, got, err;
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (writing_only && !calls[i].writes)
			continue;
		fault_set("NtCreateFile", 0, FOR_EVER, code);
		errno = 0;
		got = calls[i].fn();
		err = errno;
		fault_reset();
		if (got != -1 || err != want) {
			printf("# %s: %d, errno %d, not %d\n", calls[i].name,
			    got, err, want);
			bad++;
		}
	}
	return bad;
}

/* The first time may keep something for later, the second may not. */
static void
all(uint32_t code, int want, int writing_only)
{
	unsigned int handles;
	struct stat st;

	ck_assert_int_eq(shut(open("f", O_RDWR | O_CREAT, 0644)), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_eq(truncate("f", 7), 0);
	ck_assert_int_eq(refuse_each(code, want, writing_only), 0);
	handles = fault_handles();
	ck_assert_int_eq(refuse_each(code, want, writing_only), 0);
	ck_assert_uint_eq(fault_handles(), handles);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_eq(st.st_size, 7);
	ck_assert_uint_eq(st.st_mode & 0222, 0200);
	ck_assert_int_eq(entries(), 4);
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}

START_TEST(access_denied_is_eacces)
{
	all(S_DENIED, EACCES, 0);
}
END_TEST

START_TEST(a_disk_that_cannot_be_written_is_erofs)
{
	all(S_READ_ONLY, EROFS, 1);
}
END_TEST

/* POSIX has no such thing; Linux's nearest would be a mandatory lock's. */
START_TEST(a_file_that_nobody_shares_is_eacces)
{
	ck_assert_int_eq(shut(open("f", O_RDWR | O_CREAT, 0644)), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	fault_set("NtCreateFile", 0, 1, S_SHARING);
	FAILS(open_r(), EACCES);
	fault_set("NtCreateFile", 0, 1, S_SHARING);
	FAILS(del(), EACCES);
	fault_set("NtCreateFile", 0, 1, S_SHARING);
	FAILS(move_it(), EACCES);
	fault_set("NtCreateFile", 0, 1, S_SHARING);
	FAILS(del_d(), EBUSY);	/* somebody's current directory */
	fault_set("NtCreateFile", 1, 1, S_SHARING);
	ck_assert_int_eq(access("f", R_OK), 0);	/* he may, if they shared it */
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* The later steps of a call, when the first was allowed. */
START_TEST(a_step_that_is_denied_undoes_the_others)
{
	struct stat st;

	ck_assert_int_eq(shut(open("f", O_RDWR | O_CREAT, 0644)), 0);
	fault_set("BasicInfo", 0, FOR_EVER, DENIED);
	FAILS(mode(), EACCES);
	FAILS(times(), EACCES);
	fault_reset();
	fault_set("EndOfFileInfo", 0, 1, DENIED);
	FAILS(open_t(), EACCES);
	fault_reset();
	fault_set("LinkInfo", 0, 1, S_DENIED);
	FAILS(hard(), EACCES);
	fault_reset();
	fault_set("RenameInfo", 0, FOR_EVER, S_DENIED);
	fault_set("RenameReplace", 0, FOR_EVER, S_DENIED);
	fault_set("RenameInfoEx", 0, FOR_EVER, S_DENIED);
	FAILS(move_it(), EACCES);
	fault_reset();
	fault_set("DispositionInfoEx", 0, 1, 87);
	fault_set("RenameInfo", 0, 1, S_DENIED);
	fault_set("DispositionInfo", 0, FOR_EVER, DENIED);
	fault_set("ReOpenFile", 0, FOR_EVER, DENIED);
	FAILS(del(), EACCES);
	fault_reset();
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_uint_eq(st.st_nlink, 1);
	FAILS(stat("new", &st), ENOENT);
	fault_set("CreateSymbolicLinkW", 0, FOR_EVER, S_NO_PRIVILEGE);
	FAILS(soft(), EPERM);
	fault_reset();
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* stat() does without the access list where that may not be read. */
START_TEST(stat_needs_no_access_list)
{
	struct stat st;

	ck_assert_int_eq(shut(open("f", O_RDWR | O_CREAT, 0644)), 0);
	fault_set("NtCreateFile", 0, 1, S_DENIED);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_uint_eq(fault_hits(), 1);
	ck_assert(S_ISREG(st.st_mode));
	fault_reset();
	fault_set("NtCreateFile", 1, 1, S_DENIED);
	FAILS(access("f", R_OK), EACCES);
	/* Without the right to change the list, what needs none works. */
	fault_set("NtCreateFile", 0, 1, S_DENIED);
	FAILS(chmod("f", 0600), EPERM);
	fault_set("NtCreateFile", 0, 1, S_DENIED);
	ck_assert_int_eq(chmod("f", 0444), 0);
	ck_assert_int_eq(chmod("f", 0644), 0);
	fault_set("NtQueryInformationFile", 0, FOR_EVER, S_DENIED);
	FAILS(stat("f", &st), EACCES);
	fault_reset();
	fault_set("NtCreateFile", 0, 1, S_CANNOT_DELETE);
	FAILS(del(), EACCES);
	fault_reset();
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		access_denied_is_eacces,
		a_disk_that_cannot_be_written_is_erofs,
		a_file_that_nobody_shares_is_eacces,
		a_step_that_is_denied_undoes_the_others,
		stat_needs_no_access_list,
	};

	return fault_run("names denied", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
