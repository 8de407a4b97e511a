/* utimensat() and its kin. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "support/fails.h"
#include "support/main.h"

static int
make(const char *name, mode_t mode)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, mode);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void
has_times(const char *name, time_t a, long ans, time_t m, long mns)
{
	struct stat st;

	ck_assert_int_eq(stat(name, &st), 0);
	ck_assert_int_eq(st.st_atim.tv_sec, a);
	ck_assert_int_eq(st.st_atim.tv_nsec, ans);
	ck_assert_int_eq(st.st_mtim.tv_sec, m);
	ck_assert_int_eq(st.st_mtim.tv_nsec, mns);
}

/* utimensat(), futimens(): "set to the values", here what NT can hold. */
START_TEST(times_are_set_as_asked)
{
	const struct timespec t[2] = { { 1000000000, 123456700 },
	    { 1500000000, 999999900 } };
	const struct timespec omit[2] = { { 5, UTIME_OMIT }, { 6, 0 } };
	const struct timespec old[2] = { { 1, 0 }, { -1, 500000000 } };
	const struct timeval tv[2] = { { 7, 8 }, { 9, 10 } };
	const struct utimbuf tb = { 11, 12 };
	int dir, fd = make("f", 0644);

	ck_assert_int_eq(utimensat(AT_FDCWD, "f", t, 0), 0);
	has_times("f", 1000000000, 123456700, 1500000000, 999999900);
	ck_assert_int_eq(futimens(fd, omit), 0);
	has_times("f", 1000000000, 123456700, 6, 0);
	dir = open(".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(utimensat(dir, "f", old, AT_SYMLINK_NOFOLLOW), 0);
	has_times("f", 1, 0, -1, 500000000);
	ck_assert_int_eq(close(dir), 0);
	ck_assert_int_eq(utimes("f", tv), 0);
	has_times("f", 7, 8000, 9, 10000);
	ck_assert_int_eq(utime("f", &tb), 0);
	ck_assert_int_eq(lutimes("f", tv), 0);
	has_times("f", 7, 8000, 9, 10000);
	ck_assert_int_eq(utime("f", &tb), 0);
	ck_assert_int_eq(futimes(fd, tv), 0);
	has_times("f", 7, 8000, 9, 10000);
	ck_assert_int_eq(utime("f", &tb), 0);
	has_times("f", 11, 0, 12, 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "d", t, 0), 0);
	has_times("d", 1000000000, 123456700, 1500000000, 999999900);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(rmdir("d") + unlink("f"), 0);
}
END_TEST

/* NULL and UTIME_NOW: the current time; and files can be read-only. */
START_TEST(times_can_be_now)
{
	const struct timespec now[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };
	const struct timespec old[2] = { { 1, 0 }, { 2, 0 } };
	struct timespec before;
	struct stat st;
	int fd = make("f", 0644);

	ck_assert_int_eq(close(fd), 0);
	fd = open("f", O_RDONLY);
	ck_assert_int_eq(chmod("f", 0444), 0);
	ck_assert_int_eq(futimens(fd, old), 0);
	has_times("f", 1, 0, 2, 0);
	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &before), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "f", now, 0), 0);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_ge(st.st_atim.tv_sec, before.tv_sec - 1);
	ck_assert_int_eq(st.st_mtim.tv_sec, 2);
	ck_assert_int_eq(utime("f", NULL), 0);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_ge(st.st_mtim.tv_sec, before.tv_sec - 1);
	ck_assert_int_le(st.st_mtim.tv_sec, before.tv_sec + 60);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* A descriptor whose times were set goes on to see to them. */
START_TEST(a_write_after_setting_times_counts)
{
	const struct timespec old[2] = { { 1, 0 }, { 2, 0 } };
	struct stat st;
	int fd = make("f", 0644);

	ck_assert_int_eq(futimens(fd, old), 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_gt(st.st_mtim.tv_sec, 2);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* utimensat() and its kin, ERRORS. */
START_TEST(bad_times_are_refused)
{
	const struct timespec bad[2] = { { 1, 1000000000 }, { 2, 0 } };
	const struct timespec ok[2] = { { 1, 0 }, { 2, 0 } };
	const struct timespec minus[2] = { { 1, 0 }, { 2, -1 } };
	const struct timeval bad_tv[2] = { { 1, 0 }, { 2, 1000000 } };
	const struct timeval minus_tv[2] = { { 1, -1 }, { 2, 0 } };
	int fd = make("f", 0644);

	FAILS(utimensat(AT_FDCWD, "f", bad, 0), EINVAL);
	FAILS(futimens(fd, bad), EINVAL);
	FAILS(utimensat(AT_FDCWD, "f", minus, 0), EINVAL);
	FAILS(utimes("f", bad_tv), EINVAL);
	FAILS(utimes("f", minus_tv), EINVAL);
	FAILS(futimes(fd, minus_tv), EINVAL);
	FAILS(lutimes("f", bad_tv), EINVAL);
	FAILS(utimensat(AT_FDCWD, "none", ok, 0), ENOENT);
	FAILS(utimensat(AT_FDCWD, "f/x", ok, 0), ENOTDIR);
	FAILS(utimensat(fd, "x", ok, 0), ENOTDIR);
	FAILS(utimensat(AT_FDCWD, "f", ok, 0x40000000), EINVAL);
	ck_assert_int_eq(close(fd), 0);
	FAILS(futimens(fd, ok), EBADF);
	FAILS(futimens(-1, NULL), EBADF);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* faccessat(2), utimensat(2): AT_EMPTY_PATH; and no name at all. */
START_TEST(a_descriptor_stands_for_its_name)
{
	const struct timespec old[2] = { { 1, 0 }, { 2, 0 } };
	const char *volatile none = NULL;
	int fd = make("f", 0644), gone = dup(fd);
	struct stat st;

	ck_assert_int_eq(close(gone), 0);
	ck_assert_int_eq(faccessat(fd, "", R_OK, AT_EMPTY_PATH), 0);
	FAILS(faccessat(gone, "", R_OK, AT_EMPTY_PATH), EBADF);
	FAILS(faccessat(fd, "", R_OK, 0), ENOENT);
	ck_assert_int_eq(utimensat(fd, "", old, AT_EMPTY_PATH), 0);
	has_times("f", 1, 0, 2, 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "", old, AT_EMPTY_PATH), 0);
	has_times(".", 1, 0, 2, 0);
	ck_assert_int_eq(fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH), 0);
	ck_assert(S_ISDIR(st.st_mode));
	FAILS(utimensat(fd, "", old, 0), ENOENT);
	FAILS(utimensat(fd, none, old, 0), EINVAL);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		times_are_set_as_asked,
		times_can_be_now,
		a_write_after_setting_times_counts,
		bad_times_are_refused,
		a_descriptor_stands_for_its_name,
	};

	return run_cases("times of files", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
