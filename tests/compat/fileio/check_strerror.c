/* strerror_r() of POSIX, for which a program on glibc must not be GNU. */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include <errno.h>

#include "support/main.h"

/* strerror_r(), RETURN VALUE; errno is left alone. */
START_TEST(a_known_error_has_a_sentence)
{
	char buf[64];

	errno = 7;
	ck_assert_int_eq(strerror_r(ENOENT, buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "No such file or directory");
	ck_assert_int_eq(strerror_r(ECONNREFUSED, buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "Connection refused");
	ck_assert_int_eq(errno, 7);
}
END_TEST

/* strerror_r(), EINVAL */
START_TEST(an_unknown_error_is_einval_and_has_a_text)
{
	char buf[64];

	ck_assert_int_eq(strerror_r(54321, buf, sizeof(buf)), EINVAL);
	ck_assert_str_eq(buf, "Unknown error 54321");
	ck_assert_int_eq(strerror_r(-1, buf, sizeof(buf)), EINVAL);
	ck_assert_str_eq(buf, "Unknown error -1");
}
END_TEST

/* strerror_r(), ERANGE; what fits is there, and nothing behind it. */
START_TEST(a_short_buffer_is_erange_and_stays_terminated)
{
	char buf[8] = "0123456";

	ck_assert_int_eq(strerror_r(ENOENT, buf, 3), ERANGE);
	ck_assert_str_eq(buf, "No");
	ck_assert_int_eq(buf[3], '3');
	ck_assert_int_eq(strerror_r(ENOENT, buf, 0), ERANGE);
	ck_assert_int_eq(buf[0], 'N');
}
END_TEST

int
main(void)
{
	static const TTest *tests[3];
	int n = 0;

	tests[n++] = a_known_error_has_a_sentence;
	tests[n++] = an_unknown_error_is_einval_and_has_a_text;
	tests[n++] = a_short_buffer_is_erange_and_stays_terminated;
	return run_cases("strerror", tests, n);
}
