/* LIM-PROC-10: there is one user, and nothing can be given to another. */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>

#include "support/fails.h"
#include "support/main.h"

START_TEST(a_file_keeps_its_owner)
{
	int fd = open("f", O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_eq(getuid(), 0);
	ck_assert_uint_eq(getgid(), 0);
	FAILS(fchown(fd, 1, (gid_t)-1), EPERM);
	FAILS(fchown(fd, (uid_t)-1, 1), EPERM);
	FAILS(chown("f", 1, 1), EPERM);
	FAILS(lchown("f", 0, 1), EPERM);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(nobody_becomes_another)
{
	const gid_t none[] = { 0 }, some[] = { 0, 1 };

	FAILS(setuid(1), EPERM);
	FAILS(seteuid(1), EPERM);
	FAILS(setgid(1), EPERM);
	FAILS(setegid(1), EPERM);
	FAILS(setreuid(0, 1), EPERM);
	FAILS(setregid(1, 0), EPERM);
	FAILS(setresuid(0, 0, 1), EPERM);
	FAILS(setresgid(0, 1, 0), EPERM);
	ck_assert_int_eq(setgroups(0, NULL) | setgroups(1, none), 0);
	FAILS(setgroups(2, some), EPERM);
	FAILS(setgroups(65537, some), EINVAL);
	ck_assert_int_eq(initgroups("whoever", 0), 0);
	FAILS(initgroups("whoever", 1), EPERM);
	ck_assert_uint_eq(geteuid(), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[2];

	tests[0] = a_file_keeps_its_owner;
	tests[1] = nobody_becomes_another;
	return run_cases("owner_limit", tests, 2);
}
