/* getrlimit() and setrlimit() of POSIX.1-2024. */
#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

/* RLIMIT_NOFILE: "one greater than the maximum value"; EMFILE. */
START_TEST(no_descriptor_is_beyond_the_limit)
{
	struct rlimit old, low;
	int fd, last = -1, n = 0;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert(old.rlim_cur <= old.rlim_max);
	ck_assert_int_eq(sysconf(_SC_OPEN_MAX), (long)old.rlim_cur);
	low = old;
	low.rlim_cur = 100;
	errno = 7;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(sysconf(_SC_OPEN_MAX), 100);
	ck_assert_int_eq(getdtablesize(), 100);
	while ((fd = dup(1)) >= 0) {
		last = fd;
		n++;
	}
	ck_assert_int_eq(errno, EMFILE);
	ck_assert_int_eq(last, 99);
	FAILS(open(".", O_RDONLY), EMFILE);
	FAILS(dup2(1, 100), EBADF);
	FAILS(fcntl(1, F_DUPFD, 100), EINVAL);
	ck_assert_int_eq(dup2(1, 99), 99);
	low.rlim_cur = 101;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	ck_assert_int_eq(dup(1), 100);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	for (; n >= 0; n--)
		ck_assert_int_eq(close(last + 1 - n), 0);
}
END_TEST

/* What is open beyond a new limit stays open. */
START_TEST(a_lower_limit_closes_nothing)
{
	struct rlimit old, low;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert_int_eq(dup2(1, 200), 200);
	low = old;
	low.rlim_cur = 100;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	ck_assert_int_ge(fcntl(200, F_GETFD), 0);
	ck_assert_int_eq(close(200), 0);
	FAILS(dup2(1, 200), EBADF);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
}
END_TEST

/* EINVAL; EPERM is also root's, for more than the system has. */
START_TEST(bad_limits_are_refused)
{
	struct rlimit r;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &r), 0);
	r.rlim_cur = 11;
	r.rlim_max = 10;
	FAILS(setrlimit(RLIMIT_NOFILE, &r), EINVAL);
	r.rlim_cur = r.rlim_max = RLIM_INFINITY;
	FAILS(setrlimit(RLIMIT_NOFILE, &r), EPERM);
	FAILS(getrlimit(12345, &r), EINVAL);
	FAILS(setrlimit(-1, &r), EINVAL);
}
END_TEST

/* Setting what is there already succeeds. */
START_TEST(other_limits_can_be_asked_for)
{
	static const int all[] = { RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU,
	    RLIMIT_DATA, RLIMIT_FSIZE };
	struct rlimit r;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		ck_assert_int_eq(getrlimit(all[i], &r), 0);
		ck_assert(r.rlim_cur <= r.rlim_max);
		ck_assert_int_eq(setrlimit(all[i], &r), 0);
	}
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = no_descriptor_is_beyond_the_limit;
	tests[n++] = a_lower_limit_closes_nothing;
	tests[n++] = bad_limits_are_refused;
	tests[n++] = other_limits_can_be_asked_for;
	return run_cases("rlimit", tests, n);
}
