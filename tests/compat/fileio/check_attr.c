#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

static int
make(const char *name, mode_t mode)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, mode);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static int
mode_of(const char *name)
{
	struct stat st;

	ck_assert_int_eq(lstat(name, &st), 0);
	return (int)(st.st_mode & 07777);
}

static int
fmode_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return (int)(st.st_mode & 07777);
}

/* open(): "the access permission bits ... except those set in the ... mask". */
START_TEST(new_files_have_the_modes_asked_for)
{
	mode_t old;
	int fd;

	fd = make("a", 0644);
	ck_assert_int_eq(fmode_of(fd), 0644);
	ck_assert_int_eq(close(fd), 0);
	fd = make("b", 0600);
	ck_assert_int_eq(fmode_of(fd), 0600);
	ck_assert_int_eq(mode_of("b"), 0600);
	ck_assert_int_eq(close(fd), 0);
	fd = make("c", 0444);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(fmode_of(fd), 0444);
	ck_assert_int_eq(close(fd), 0);
	old = umask(077);
	ck_assert_int_eq((int)old, 022);
	fd = make("d", 0666);
	ck_assert_int_eq(mode_of("d"), 0600);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(mkdir("e", 0777), 0);
	ck_assert_int_eq(mode_of("e"), 0700);
	ck_assert_int_eq((int)umask(old), 077);
	ck_assert_int_eq(mkdir("f", 0755), 0);
	ck_assert_int_eq(mode_of("f"), 0755);
	ck_assert_int_eq(rmdir("e") + rmdir("f"), 0);
	ck_assert_int_eq(unlink("a") + unlink("b") + unlink("c") +
	    unlink("d"), 0);
}
END_TEST

/* chmod(), fchmod(), fchmodat(). */
START_TEST(modes_can_be_changed)
{
	static const int modes[] = { 0600, 0644, 0400, 0444, 0600, 0400,
	    0644 };
	int dir, fd;
	size_t i;

	fd = make("f", 0644);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		ck_assert_int_eq(chmod("f", (mode_t)modes[i]), 0);
		ck_assert_int_eq(mode_of("f"), modes[i]);
		ck_assert_int_eq(fmode_of(fd), modes[i]);
	}
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		ck_assert_int_eq(fchmod(fd, (mode_t)modes[i]), 0);
		ck_assert_int_eq(mode_of("f"), modes[i]);
	}
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	dir = open(".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(fchmodat(dir, "d", 0700, 0), 0);
	ck_assert_int_eq(mode_of("d"), 0700);
	ck_assert_int_eq(fchmodat(dir, "f", 0600, AT_SYMLINK_NOFOLLOW), 0);
	ck_assert_int_eq(mode_of("f"), 0600);
	ck_assert_int_eq(close(dir), 0);
	dir = open("d", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(fchmod(dir, 0755), 0);
	ck_assert_int_eq(mode_of("d"), 0755);
	ck_assert_int_eq(close(dir), 0);
	ck_assert_int_eq(rmdir("d") + unlink("f"), 0);
}
END_TEST

/* fchmod() needs no right to write; a descriptor keeps its own rights. */
START_TEST(an_open_file_keeps_its_access)
{
	char c;
	int fd, rd;

	fd = make("f", 0644);
	rd = open("f", O_RDONLY);
	ck_assert_int_eq(fchmod(rd, 0444), 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(read(rd, &c, 1), 1);
	ck_assert_int_eq(fchmod(rd, 0600), 0);
	ck_assert_int_eq(mode_of("f"), 0600);
	ck_assert_int_eq(close(fd) + close(rd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* chmod() and its kin, ERRORS. */
START_TEST(modes_of_nothing_cannot_be_changed)
{
	int fd = make("f", 0644);

	FAILS(chmod("none", 0600), ENOENT);
	FAILS(chmod("f/x", 0600), ENOTDIR);
	FAILS(chmod("", 0600), ENOENT);
	FAILS(fchmodat(fd, "x", 0600, 0), ENOTDIR);
	FAILS(fchmodat(AT_FDCWD, "f", 0600, 0x40000000), EINVAL);
	ck_assert_int_eq(close(fd), 0);
	FAILS(fchmod(fd, 0600), EBADF);
	FAILS(fchmodat(fd, "x", 0600, 0), EBADF);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* access(), faccessat(). */
START_TEST(access_tells_what_is_allowed)
{
	int dir, fd;

	fd = make("f", 0644);
	ck_assert_int_eq(access("f", F_OK), 0);
	ck_assert_int_eq(access("f", R_OK | W_OK), 0);
	FAILS(access("f", X_OK), EACCES);
	FAILS(access("none", F_OK), ENOENT);
	FAILS(access("f/x", F_OK), ENOTDIR);
	FAILS(access("f", 8), EINVAL);
	ck_assert_int_eq(access(".", R_OK | W_OK | X_OK), 0);
	dir = open(".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(faccessat(dir, "f", R_OK, 0), 0);
	ck_assert_int_eq(faccessat(dir, "f", R_OK, AT_EACCESS), 0);
	FAILS(faccessat(dir, "none", F_OK, 0), ENOENT);
	FAILS(faccessat(fd, "f", F_OK, 0), ENOTDIR);
	FAILS(faccessat(dir, "f", F_OK, 0x40000000), EINVAL);
	ck_assert_int_eq(close(dir) + close(fd), 0);
	FAILS(faccessat(dir, "f", F_OK, 0), EBADF);
	ck_assert_int_eq(access("/dev/null", R_OK | W_OK), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* stat(), lstat(), fstat(), fstatat() agree. */
START_TEST(all_of_the_stat_family_agree)
{
	struct stat a, b, c, d;
	int dir, fd = make("f.exe", 0755);

	ck_assert_int_eq(write(fd, "12345", 5), 5);
	ck_assert_int_eq(link("f.exe", "g"), 0);
	dir = open(".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(stat("f.exe", &a), 0);
	ck_assert_int_eq(lstat("f.exe", &b), 0);
	ck_assert_int_eq(fstat(fd, &c), 0);
	ck_assert_int_eq(fstatat(dir, "f.exe", &d, AT_SYMLINK_NOFOLLOW), 0);
	ck_assert_mem_eq(&a, &b, sizeof(a));
	ck_assert_mem_eq(&a, &c, sizeof(a));
	ck_assert_mem_eq(&a, &d, sizeof(a));
	ck_assert_int_eq(a.st_mode, S_IFREG | 0755);
	ck_assert_int_eq((int)a.st_nlink, 2);
	ck_assert_int_eq((int)a.st_size, 5);
	ck_assert_int_eq(stat("g", &b), 0);
	ck_assert_int_eq(a.st_ino == b.st_ino && a.st_dev == b.st_dev, 1);
	ck_assert_int_eq(fstatat(fd, "", &d, AT_EMPTY_PATH), 0);
	ck_assert_mem_eq(&a, &d, sizeof(a));
	FAILS(fstatat(dir, "", &d, 0), ENOENT);
	FAILS(fstatat(fd, "x", &d, 0), ENOTDIR);
	FAILS(fstatat(dir, "none", &d, 0), ENOENT);
	FAILS(fstatat(dir, "g", &d, 0x40000000), EINVAL);
	ck_assert_int_eq(close(dir) + close(fd), 0);
	FAILS(fstatat(dir, "g", &d, 0), EBADF);
	ck_assert_int_eq(unlink("f.exe") + unlink("g"), 0);
}
END_TEST

/* <sys/stat.h>: st_dev, st_blocks, st_blksize, st_ctim. */
START_TEST(stat_tells_the_disk_and_its_blocks)
{
	const struct timespec old[2] = { { 1, 0 }, { 2, 0 } };
	static char data[100000];
	struct stat a, b, dir;
	int fd = make("f", 0644), other = make("g", 0644);

	ck_assert_int_eq(write(fd, data, sizeof(data)), (int)sizeof(data));
	ck_assert_int_eq(fsync(fd), 0);
	ck_assert_int_eq(futimens(fd, old), 0);
	ck_assert_int_eq(fstat(fd, &a), 0);
	ck_assert_int_eq(fstat(other, &b), 0);
	ck_assert_int_eq(stat(".", &dir), 0);
	ck_assert(a.st_dev != 0);
	ck_assert(a.st_dev == b.st_dev && a.st_dev == dir.st_dev);
	ck_assert(a.st_ino != b.st_ino && a.st_ino != dir.st_ino);
	ck_assert_int_ge(a.st_blocks * 512, (int)sizeof(data));
	ck_assert_int_le(a.st_blocks * 512, (int)sizeof(data) + 65536);
	ck_assert_int_eq(b.st_blocks, 0);
	ck_assert_int_ge(a.st_blksize, 512);
	ck_assert_int_eq(a.st_mtim.tv_sec, 2);
	ck_assert(a.st_ctim.tv_sec > 1600000000);
	ck_assert_int_eq(close(fd) + close(other), 0);
	ck_assert_int_eq(unlink("f") + unlink("g"), 0);
}
END_TEST

/* LIM-FILE-1: NT runs by the name, Linux by the mode; here they agree. */
START_TEST(programs_are_executable)
{
	static const char *const name[] = { "A.EXE", "b.Bat", "c.cmd",
	    "d.com", "e.x.exe" };
	struct stat a, b;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		fd = make(name[i], 0755);
		ck_assert_int_eq(stat(name[i], &a), 0);
		ck_assert_uint_eq(a.st_mode, S_IFREG | 0755);
		ck_assert_int_eq(fstat(fd, &b), 0);
		ck_assert_uint_eq(b.st_mode, S_IFREG | 0755);
		ck_assert_int_eq(access(name[i], X_OK), 0);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_int_eq(unlink(name[i]), 0);
	}
	fd = make("exe", 0644);
	ck_assert_int_eq(fmode_of(fd), 0644);
	FAILS(access("exe", X_OK), EACCES);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("exe"), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_eq(stat("d", &a), 0);
	ck_assert_uint_eq(a.st_mode, S_IFDIR | 0755);
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* access(): "EACCES", where nobody may. */
START_TEST(access_knows_what_is_not_allowed)
{
	int fd = make("f", 0444);

	host_give_up_root();
	FAILS(access("f", W_OK), EACCES);
	FAILS(access("f", R_OK | W_OK), EACCES);
	FAILS(eaccess("f", W_OK), EACCES);
	FAILS(euidaccess("f", W_OK), EACCES);
	ck_assert_int_eq(access("f", R_OK), 0);
	host_take_root();
	FAILS(access("/dev/null", X_OK), EACCES);
	FAILS(fchmodat(AT_FDCWD, "f", 0600, AT_EACCESS), EINVAL);
	FAILS(utimensat(AT_FDCWD, "f", NULL, AT_EACCESS), EINVAL);
	ck_assert_int_eq(mode_of("f"), 0444);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* statvfs(), fstatvfs(); statfs(2). */
START_TEST(the_file_system_can_be_asked)
{
	int ends[2], fd = make("f", 0644);
	struct statvfs a, b;
	struct statfs c;

	ck_assert_int_eq(statvfs(".", &a), 0);
	ck_assert_int_eq(fstatvfs(fd, &b), 0);
	ck_assert_uint_ge(a.f_frsize, 512);
	ck_assert_int_eq(a.f_blocks > 0, 1);
	ck_assert_int_eq(a.f_bavail <= a.f_bfree, 1);
	ck_assert_int_eq(a.f_bfree <= a.f_blocks, 1);
	ck_assert_uint_eq(a.f_namemax, 255);
	ck_assert_uint_eq(a.f_flag & ST_RDONLY, 0);
	ck_assert_int_eq(a.f_fsid == b.f_fsid, 1);
	ck_assert_int_eq(a.f_blocks == b.f_blocks, 1);
	ck_assert_int_eq(statfs("f", &c), 0);
	ck_assert_int_eq((unsigned long)c.f_bsize == a.f_bsize, 1);
	ck_assert_int_eq(c.f_namelen, 255);
	ck_assert_int_eq(fstatfs(fd, &c), 0);
	FAILS(statvfs("none", &a), ENOENT);
	FAILS(statvfs("f/x", &a), ENOTDIR);
	FAILS(statfs("none", &c), ENOENT);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(close(ends[0]) + close(ends[1]), 0);
	ck_assert_int_eq(close(fd), 0);
	FAILS(fstatvfs(fd, &a), EBADF);
	FAILS(fstatfs(fd, &c), EBADF);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* mkstemp(), mkdtemp() and their kin. */
START_TEST(temporary_names_are_new_and_private)
{
	char a[] = "aXXXXXX", b[] = "aXXXXXX", c[] = "cXXXXXX.txt",
	    d[] = "dXXXXXX", bad[] = "XXXXX", tail[] = "XXXXXXx";
	int fa, fb, fc;

	fa = mkstemp(a);
	fb = mkostemp(b, O_APPEND | O_CLOEXEC);
	fc = mkstemps(c, 4);
	ck_assert_int_ge(fa, 0);
	ck_assert_int_ge(fb, 0);
	ck_assert_int_ge(fc, 0);
	ck_assert_str_ne(a, b);
	ck_assert_str_eq(c + 7, ".txt");
	ck_assert_int_eq(fmode_of(fa), 0600);
	ck_assert_int_eq(mode_of(c), 0600);
	ck_assert_int_eq(fcntl(fb, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(fb, F_GETFL) & O_APPEND, 0);
	ck_assert_ptr_eq(mkdtemp(d), d);
	ck_assert_int_eq(mode_of(d), 0700);
	FAILS(mkstemp(bad), EINVAL);
	FAILS(mkstemp(tail), EINVAL);
	FAILS(mkstemps(c, 9), EINVAL);
	errno = 0;
	ck_assert_ptr_null(mkdtemp(tail));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(close(fa) + close(fb) + close(fc), 0);
	ck_assert_int_eq(unlink(a) + unlink(b) + unlink(c) + rmdir(d), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		new_files_have_the_modes_asked_for,
		modes_can_be_changed,
		an_open_file_keeps_its_access,
		modes_of_nothing_cannot_be_changed,
		access_tells_what_is_allowed,
		all_of_the_stat_family_agree,
		stat_tells_the_disk_and_its_blocks,
		programs_are_executable,
		access_knows_what_is_not_allowed,
		the_file_system_can_be_asked,
		temporary_names_are_new_and_private,
	};

	(void)umask(022);
	return run_cases("attr", tests, sizeof(tests) / sizeof(tests[0]));
}
