/*
 * LIM-PROC-11: a process cannot be copied.  LIM-PROC-12: limits NT has not.
 * LIM-PROC-19: classes for nice values.  LIM-PROC-50: prctl().
 */
#include <sys/prctl.h>
#include <sys/resource.h>

#include <errno.h>
#include <unistd.h>

#include "support/main.h"

START_TEST(there_is_no_fork)
{
	errno = 0;
	ck_assert_int_eq((int)fork(), -1);
	ck_assert_int_eq(errno, ENOSYS);
	errno = 0;
	ck_assert_int_eq((int)vfork(), -1);
	ck_assert_int_eq(errno, ENOSYS);
}
END_TEST

/* Down and up again, without privilege; groups and users have none. */
START_TEST(nice_values_have_classes)
{
	ck_assert_int_eq(nice(12), 12);
	ck_assert_int_eq(nice(-13), -1);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, 0), 0);
	errno = 0;
	ck_assert_int_eq(getpriority(PRIO_PGRP, 0), -1);
	ck_assert_int_eq(errno, ENOTSUP);
	errno = 0;
	ck_assert_int_eq(setpriority(PRIO_USER, 0, 1), -1);
	ck_assert_int_eq(errno, ENOTSUP);
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

/* Linux: any bytes, and each thread has the name of the one that made it. */
START_TEST(a_threads_name_is_text)
{
	char name[16];

	errno = 0;
	ck_assert_int_eq(prctl(PR_SET_NAME, "\377"), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(prctl(PR_SET_NAME, "12345678901234\303\244"), 0);
	ck_assert_int_eq(prctl(PR_GET_NAME, name), 0);
	ck_assert_str_eq(name, "12345678901234");
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];

	tests[0] = there_is_no_fork;
	tests[1] = limits_that_nt_has_not_cannot_be_set;
	tests[2] = nice_values_have_classes;
	tests[3] = a_threads_name_is_text;
	return run_cases("fork_limit", tests, 4);
}
