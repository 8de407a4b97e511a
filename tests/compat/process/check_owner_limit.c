/* LIM-PROC-10: there is one user, and nothing can be given to another. */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>

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

int
main(void)
{
	static const TTest *tests[1];

	tests[0] = a_file_keeps_its_owner;
	return run_cases("owner_limit", tests, 1);
}
