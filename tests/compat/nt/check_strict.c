/*
 * The strict mode of the tests (support/strict.h) refuses what NT refuses and
 * Wine does not.  A test of the tests: without it, what passes there proves
 * nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "support/native.h"
#include "support/strict.h"

static struct native *other;
static int fd;

static void
open_both(void)
{
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "0123456789abcdefghij", 20), 20);
	ck_assert_uint_eq(native_open("data", 1, &other), 0);
}

static void
close_both(void)
{
	native_close(other);
	ck_assert_int_eq(close(fd), 0);
}

/* LockFileEx: "denies all other processes both read and write access". */
START_TEST(an_exclusive_lock_refuses_all)
{
	unsigned int before = strict_refusals();
	char buf[20];

	open_both();
	ck_assert_uint_eq(native_lock(other, 1, 5, 10), 0);
	FAILS(pread(fd, buf, 20, 0), EBUSY);
	FAILS(pread(fd, buf, 1, 14), EBUSY);
	FAILS(pwrite(fd, "x", 1, 5), EBUSY);
	ck_assert_uint_eq(strict_refusals(), before + 3);
	ck_assert_int_eq(pread(fd, buf, 5, 0), 5);
	ck_assert_int_eq(pread(fd, buf, 5, 15), 5);
	ck_assert_int_eq(pwrite(fd, "x", 1, 4), 1);
	ck_assert_int_eq(pwrite(fd, "x", 1, 15), 1);
	ck_assert_uint_eq(native_unlock(other, 5, 10), 0);
	ck_assert_int_eq(pread(fd, buf, 20, 0), 20);
	ck_assert_int_eq(memcmp(buf, "0123x56789abcdexghij", 20), 0);
	close_both();
}
END_TEST

/* LockFileEx: "denies all processes write access", and lets all read. */
START_TEST(a_shared_lock_refuses_writers)
{
	char buf[20];

	open_both();
	ck_assert_uint_eq(native_lock(other, 0, 5, 10), 0);
	ck_assert_int_eq(pread(fd, buf, 20, 0), 20);
	FAILS(pwrite(fd, "x", 1, 14), EBUSY);
	ck_assert_int_eq(pwrite(fd, "x", 1, 15), 1);
	close_both();
}
END_TEST

/* What is appended goes where the file ends, and a lock may be there. */
START_TEST(a_lock_beyond_the_end_refuses_who_appends)
{
	int a;

	open_both();
	a = open("data", O_WRONLY | O_APPEND);
	ck_assert_uint_eq(native_lock(other, 1, 25, 10), 0);
	ck_assert_int_eq(write(a, "12345", 5), 5);
	FAILS(write(a, "6", 1), EBUSY);
	ck_assert_int_eq(close(a), 0);
	close_both();
}
END_TEST

/* flock's byte is none of them: it is where nobody reads and writes. */
START_TEST(flock_refuses_nobody)
{
	unsigned int before = strict_refusals();
	int a;

	open_both();
	a = open("data", O_RDWR);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(pwrite(fd, "x", 1, 0), 1);
	ck_assert_int_eq(ftruncate(fd, 1 << 20), 0);
	ck_assert_uint_eq(strict_refusals(), before);
	ck_assert_int_eq(close(a), 0);
	close_both();
}
END_TEST

/* CreateFile, dwShareMode: without FILE_SHARE_DELETE nobody may take a name. */
START_TEST(who_does_not_share_keeps_the_name)
{
	open_both();
	native_close(other);
	ck_assert_uint_eq(native_open("data", 0, &other), 0);
	FAILS(unlink("data"), EACCES);
	FAILS(rename("data", "gone"), EACCES);
	ck_assert_int_eq(access("data", F_OK), 0);
	close_both();
	ck_assert_int_eq(unlink("data"), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[5];
	int n = 0;

	if (setenv("COMPAT_TEST_STRICT", "1", 1) != 0)
		return EXIT_FAILURE;
	tests[n++] = an_exclusive_lock_refuses_all;
	tests[n++] = a_shared_lock_refuses_writers;
	tests[n++] = a_lock_beyond_the_end_refuses_who_appends;
	tests[n++] = flock_refuses_nobody;
	tests[n++] = who_does_not_share_keeps_the_name;
	return run_cases("strict mode", tests, n);
}
