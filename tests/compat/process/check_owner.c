/* Users, groups and owners; a process owns the files that it makes. */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "support/fails.h"
#include "support/main.h"

static int
make(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* open(): "the user ID of the file shall be set to the effective user ID". */
START_TEST(a_new_file_is_its_makers)
{
	struct stat st;
	int fd = make("f");

	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_uid, geteuid());
	ck_assert_uint_eq(st.st_gid, getegid());
	ck_assert_uint_eq(getuid(), geteuid());
	ck_assert_uint_eq(getgid(), getegid());
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* chown(): -1 leaves a number as it is. */
START_TEST(giving_a_file_to_its_owner_succeeds)
{
	int fd = make("f");

	errno = 7;
	ck_assert_int_eq(fchown(fd, geteuid(), getegid()), 0);
	ck_assert_int_eq(fchown(fd, (uid_t)-1, (gid_t)-1), 0);
	ck_assert_int_eq(chown("f", geteuid(), (gid_t)-1), 0);
	ck_assert_int_eq(lchown("f", (uid_t)-1, getegid()), 0);
	ck_assert_int_eq(chown(".", geteuid(), getegid()), 0);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* chown(), ENOENT, ENOTDIR; fchown(), EBADF */
START_TEST(what_is_not_there_has_no_owner)
{
	int fd = make("f");

	FAILS(chown("missing", geteuid(), getegid()), ENOENT);
	FAILS(lchown("missing", geteuid(), getegid()), ENOENT);
	FAILS(chown("", (uid_t)-1, (gid_t)-1), ENOENT);
	FAILS(chown("f/x", (uid_t)-1, (gid_t)-1), ENOTDIR);
	ck_assert_int_eq(close(fd), 0);
	FAILS(fchown(fd, geteuid(), getegid()), EBADF);
	FAILS(fchown(-1, geteuid(), getegid()), EBADF);
}
END_TEST

int
main(void)
{
	static const TTest *tests[3];
	int n = 0;

	tests[n++] = a_new_file_is_its_makers;
	tests[n++] = giving_a_file_to_its_owner_succeeds;
	tests[n++] = what_is_not_there_has_no_owner;
	return run_cases("owner", tests, n);
}
