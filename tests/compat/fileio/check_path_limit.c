/* What LIMITATIONS.md says of names (LIM-FILE-2, -20 to -23), on NT. */
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "support/main.h"

#define FAILS(call, number) do { \
		errno = 0; \
		ck_assert_int_eq((call), -1); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

/* LIM-FILE-2: wherever it stands, it is never another file. */
START_TEST(a_name_nt_cannot_hold_is_refused_everywhere)
{
	static const char *const bad[] = { "a:b", "a*", "a?", "a|b", "a<b",
	    "a>b", "a\"b", "nul", "Con.txt", "com1", "LPT9.x", "aux", "prn",
	    "conin$", "com\xc2\xb9", "dot.", "blank ", "...", "\x01", "\x1f",
	    "\xff\xfe", "\xed\xa0\x80", "c:name" };
	char path[64];
	size_t i;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(path, sizeof(path), "d/%s", bad[i]);
		FAILS(open(bad[i], O_WRONLY | O_CREAT, 0644), EINVAL);
		FAILS(open(path, O_WRONLY | O_CREAT, 0644), EINVAL);
		FAILS(mkdir(path, 0755), EINVAL);
		FAILS(unlink(path), EINVAL);
		FAILS(rename("d", path), EINVAL);
		FAILS(link("d", path), EINVAL);
		FAILS(symlink("t", path), EINVAL);
		FAILS(chdir(path), EINVAL);
	}
	/* Nothing was made. */
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* LIM-FILE-2: the roots. */
START_TEST(a_drive_is_a_root)
{
	FAILS(mkdir("c:", 0755), EEXIST);
	FAILS(mkdir("C:/", 0755), EEXIST);
	FAILS(mkdir("/c:/", 0755), EEXIST);
	FAILS(rmdir("c:/.."), ENOTEMPTY);
	FAILS(rmdir("c:"), EBUSY);
	FAILS(open("c:rel", O_RDONLY), EINVAL);
}
END_TEST

/* LIM-FILE-20 */
START_TEST(an_unnamed_file_has_a_name)
{
	int fd;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_ge(fd = open("d", O_TMPFILE | O_RDWR, 0600), 0);
	FAILS(rmdir("d"), ENOTEMPTY);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}
END_TEST

/* LIM-FILE-23 */
START_TEST(a_device_cannot_be_removed)
{
	FAILS(unlink("/dev/null"), EACCES);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_name_nt_cannot_hold_is_refused_everywhere,
		a_drive_is_a_root,
		an_unnamed_file_has_a_name,
		a_device_cannot_be_removed,
	};

	return run_cases("limits of paths", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
