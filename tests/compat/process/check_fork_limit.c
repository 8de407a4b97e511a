/* LIM-PROC-11: a process cannot be copied.  LIM-PROC-12: limits NT has not. */
#include <sys/resource.h>

#include <errno.h>
#include <unistd.h>

#include "support/main.h"

START_TEST(there_is_no_fork)
{
	errno = 0;
	ck_assert_int_eq((int)fork(), -1);
	ck_assert_int_eq(errno, ENOSYS);
}
END_TEST

START_TEST(limits_that_nt_has_not_cannot_be_set)
{
	struct rlimit r = { 1 << 20, 1 << 20 };

	errno = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &r), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &r), -1);
	ck_assert_int_eq(errno, EPERM);
}
END_TEST

int
main(void)
{
	static const TTest *tests[2];

	tests[0] = there_is_no_fork;
	tests[1] = limits_that_nt_has_not_cannot_be_set;
	return run_cases("fork_limit", tests, 2);
}
