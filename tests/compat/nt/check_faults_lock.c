/*
 * Mandatory record locks when NT refuses a step in the middle.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "compat/nt/fault.h"
#include "support/fails.h"
#include "support/main.h"
#include "support/native.h"

#define VIOLATION 33u			/* ERROR_LOCK_VIOLATION */

static struct native *other;
static int fd;

static int
set(int type, off_t start, off_t len)
{
	struct flock fl = { .l_type = (short)type, .l_whence = SEEK_SET,
	    .l_start = start, .l_len = len };

	return fcntl(fd, F_SETLK, &fl);
}

static void
begin(void)
{
	fault_reset();
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_eq(fcntl(fd, F_LCK_MANDATORY, 1), 0);
	ck_assert_uint_eq(native_open("data", 1, &other), 0);
}

static void
end(void)
{
	native_close(other);
	ck_assert_int_eq(close(fd), 0);
}

/* What a native program may lock, for itself or with others. */
static int
is_free(int exclusive, uint64_t at)
{
	if (native_lock(other, exclusive, at, 1) != 0)
		return 0;
	ck_assert_uint_eq(native_unlock(other, at, 1), 0);
	return 1;
}

START_TEST(a_request_that_fails_leaves_nothing)
{
	begin();
	ck_assert_int_eq(set(F_RDLCK, 4, 1), 0);
	fault_set("LockFileEx", 1, 1, NO_RESOURCES);
	FAILS(set(F_RDLCK, 0, 10), ENOBUFS);
	fault_reset();
	ck_assert(is_free(1, 0));
	ck_assert(!is_free(1, 4));
	ck_assert(is_free(1, 5));
	end();
}
END_TEST

/* Refused once, it is asked for again. */
START_TEST(a_part_that_was_taken_for_a_moment_comes_back)
{
	begin();
	ck_assert_int_eq(set(F_WRLCK, 0, 10), 0);
	fault_set("LockFileEx", 2, 1, VIOLATION);
	ck_assert_int_eq(set(F_UNLCK, 4, 6), 0);
	ck_assert_uint_eq(fault_hits(), 1);
	ck_assert(!is_free(0, 0));
	ck_assert(is_free(1, 4));
	end();
}
END_TEST

/* Lost: the caller is told, and the table knows no more than NT. */
START_TEST(a_part_that_somebody_else_has_is_lost)
{
	begin();
	ck_assert_int_eq(set(F_WRLCK, 0, 10), 0);
	fault_set("LockFileEx", 2, FOR_EVER, VIOLATION);
	FAILS(set(F_UNLCK, 4, 6), ENOLCK);
	fault_reset();
	ck_assert(is_free(1, 0));
	ck_assert(is_free(1, 9));
	ck_assert_int_eq(set(F_WRLCK, 0, 10), 0);
	ck_assert(!is_free(0, 0));
	ck_assert(!is_free(0, 9));
	end();
}
END_TEST

START_TEST(a_lock_that_cannot_be_raised_stays)
{
	begin();
	ck_assert_int_eq(set(F_RDLCK, 0, 10), 0);
	fault_set("LockFileEx", 0, 1, VIOLATION);
	FAILS(set(F_WRLCK, 0, 10), EAGAIN);
	ck_assert(is_free(0, 0));
	ck_assert(!is_free(1, 0));
	end();
}
END_TEST

START_TEST(an_unlock_that_fails_can_be_repeated)
{
	begin();
	ck_assert_int_eq(set(F_WRLCK, 0, 10), 0);
	fault_set("UnlockFileEx", 0, 1, NO_RESOURCES);
	FAILS(set(F_UNLCK, 0, 10), ENOBUFS);
	ck_assert(!is_free(0, 0));
	ck_assert_int_eq(set(F_UNLCK, 0, 10), 0);
	ck_assert(is_free(1, 0));
	end();
}
END_TEST

int
main(void)
{
	static const TTest *tests[5];
	int n = 0;

	tests[n++] = a_request_that_fails_leaves_nothing;
	tests[n++] = a_part_that_was_taken_for_a_moment_comes_back;
	tests[n++] = a_part_that_somebody_else_has_is_lost;
	tests[n++] = a_lock_that_cannot_be_raised_stays;
	tests[n++] = an_unlock_that_fails_can_be_repeated;
	return run_cases("faults of locks", tests, n);
}
