/*
 * The strict mode that holds between programs linked with it only
 * (COMPAT_TEST_STRICT=2): it looks at others' locks where there are any, and
 * nowhere else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "support/native.h"
#include "support/strict.h"

static int a, b;

static void
open_both(void)
{
	a = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	b = open("data", O_RDWR);
	ck_assert(a >= 0 && b >= 0);
	ck_assert_int_eq(fcntl(a, F_LCK_MANDATORY, 1), 0);
	ck_assert_int_eq(fcntl(b, F_LCK_MANDATORY, 1), 0);
}

static void
close_both(void)
{
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}

static void
lock(int fd, int cmd, short type, off_t start, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET,
	    .l_start = start, .l_len = len };

	ck_assert_int_eq(fcntl(fd, cmd, &fl), 0);
}

/* Of descriptions, or the process would be let through to its own. */
START_TEST(locks_of_one_another_refuse)
{
	unsigned int before = strict_refusals(), refused;
	char c;

	open_both();
	lock(a, F_OFD_SETLK, F_WRLCK, 4, 4);
	lock(a, F_OFD_SETLK, F_RDLCK, 100, 4);
	FAILS(pwrite(b, "x", 1, 7), EBUSY);
	FAILS(pread(b, &c, 1, 4), EBUSY);
	FAILS(pwrite(b, "x", 1, 103), EBUSY);
	ck_assert_uint_ge(refused = strict_refusals(), before + 3);
	ck_assert_int_eq(pwrite(b, "x", 1, 8), 1);
	ck_assert_int_eq(pwrite(b, "x", 1, 3), 1);
	ck_assert_int_eq(pwrite(b, "x", 1, 104), 1);
	ck_assert_uint_eq(strict_refusals(), refused);
	lock(a, F_OFD_SETLK, F_UNLCK, 0, 0);
	ck_assert_int_eq(pwrite(b, "x", 1, 7), 1);
	lock(b, F_OFD_SETLK, F_WRLCK, 0, 1);
	FAILS(pwrite(a, "x", 1, 0), EBUSY);
	close_both();
}
END_TEST

/* What this mode is for, and what it costs. */
START_TEST(strangers_are_seen_between_ones_own_locks_only)
{
	struct native *other;

	open_both();
	ck_assert_uint_eq(native_open("data", 1, &other), 0);
	ck_assert_uint_eq(native_lock(other, 1, 20, 1), 0);
	ck_assert_int_eq(pwrite(b, "x", 1, 20), 1);
	lock(a, F_OFD_SETLK, F_WRLCK, 10, 1);
	ck_assert_int_eq(pwrite(b, "x", 1, 20), 1);
	lock(a, F_OFD_SETLK, F_WRLCK, 30, 1);
	FAILS(pwrite(b, "x", 1, 20), EBUSY);
	native_close(other);
	close_both();
}
END_TEST

int
main(void)
{
	static const TTest *tests[2];
	int n = 0;

	if (setenv("COMPAT_TEST_STRICT", "2", 1) != 0)
		return EXIT_FAILURE;
	tests[n++] = locks_of_one_another_refuse;
	tests[n++] = strangers_are_seen_between_ones_own_locks_only;
	return run_cases("strict among its own", tests, n);
}
