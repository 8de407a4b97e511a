/*
 * posix_fallocate and fallocate, posix_fadvise and readahead, sync.
 */
#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

static void
ck_size(int fd, off_t size)
{
	struct stat st;

	ck_assert(fstat(fd, &st) == 0 && st.st_size == size);
}

/* POSIX.1-2024 posix_fallocate(): never shorter, and data stays. */
START_TEST(space_makes_a_file_longer_and_never_shorter)
{
	char buf[16] = "";
	int fd = make("long", "hello"), wo;

	errno = 77;
	ck_assert_int_eq(posix_fallocate(fd, 3, 97), 0);
	ck_size(fd, 100);
	ck_assert_int_eq(posix_fallocate(fd, 0, 50), 0);
	ck_size(fd, 100);
	ck_assert_int_eq(posix_fallocate(fd, 200, 1), 0);
	ck_size(fd, 201);
	ck_assert_int_eq(errno, 77);	/* it is not where the error goes */
	ck_assert_int_eq(pread(fd, buf, 8, 0), 8);
	ck_assert_mem_eq(buf, "hello\0\0\0", 8);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	wo = open("long", O_WRONLY);
	ck_assert_int_eq(posix_fallocate(wo, 0, 1000), 0);
	ck_size(fd, 1000);
	ck_assert_int_eq(fallocate(wo, 0, 1000, 24), 0);
	ck_size(fd, 1024);
	ck_assert_int_eq(close(wo), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	int fd = make("bad", "hello"), p[2], dir, ro;

	ck_assert_int_eq(posix_fallocate(fd, -1, 5), EINVAL);
	ck_assert_int_eq(posix_fallocate(fd, 0, 0), EINVAL);
	ck_assert_int_eq(posix_fallocate(fd, 0, -1), EINVAL);
	ck_assert_int_eq(posix_fallocate(fd, INT64_MAX, 1), EFBIG);
	ck_assert_int_eq(posix_fallocate(9999, 0, 1), EBADF);
	FAILS(fallocate(fd, 0, 0, 0), EINVAL);
	FAILS(fallocate(fd, 0x4000, 0, 1), EOPNOTSUPP);
	FAILS(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), EOPNOTSUPP);
	FAILS(fallocate(-1, 0, 0, 1), EBADF);
	ck_assert_int_ge(ro = open("bad", O_RDONLY), 0);
	ck_assert_int_eq(posix_fallocate(ro, 0, 10), EBADF);
	FAILS(fallocate(ro, 0, 0, 10), EBADF);
	ck_assert_int_ge(dir = open(".", O_RDONLY), 0);
	ck_assert_int_eq(posix_fallocate(dir, 0, 10), EBADF);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(posix_fallocate(p[1], 0, 10), ESPIPE);
	FAILS(fallocate(p[1], 0, 0, 10), ESPIPE);
	ck_size(fd, 5);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0 && close(dir) == 0);
	ck_assert(close(ro) == 0 && close(fd) == 0);
}
END_TEST

/* fallocate(2), FALLOC_FL_ZERO_RANGE. */
START_TEST(a_range_can_be_zeroed)
{
	char buf[16] = "";
	int fd = make("zero", "0123456789");

	ck_assert_int_eq(fallocate(fd, FALLOC_FL_ZERO_RANGE |
	    FALLOC_FL_KEEP_SIZE, 2, 3), 0);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 10);
	ck_assert_mem_eq(buf, "01\0\0\0" "56789", 10);
	ck_assert_int_eq(fallocate(fd, FALLOC_FL_ZERO_RANGE, 8, 4), 0);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 12);
	ck_assert_mem_eq(buf, "01\0\0\0" "567\0\0\0\0", 12);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* fallocate(2), FALLOC_FL_PUNCH_HOLE: reads as zeros, the size stays. */
START_TEST(a_hole_can_be_punched)
{
	static char buf[300000];
	int fd = make("punch", ""), i;

	(void)memset(buf, 'x', sizeof(buf));
	ck_assert_int_eq(write(fd, buf, sizeof(buf)), (int)sizeof(buf));
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1000,
	    200000) != 0) {
		ck_assert_int_eq(errno, EOPNOTSUPP);
		ck_assert(host_is_wine());
		host_skip("a_hole_can_be_punched",
		    "Wine has no FSCTL_SET_ZERO_DATA (LIM-IO-2)");
	} else {
		ck_assert_int_eq(pread(fd, buf, sizeof(buf), 0),
		    (int)sizeof(buf));
		for (i = 0; i < 300000; i++)
			ck_assert_int_eq(buf[i], i >= 1000 && i < 201000 ? 0 :
			    'x');
		ck_assert(lseek(fd, 1000, SEEK_HOLE) < 201000);
		ck_assert_int_eq(posix_fallocate(fd, 0, 300000), 0);
		ck_assert_int_eq(lseek(fd, 0, SEEK_END), 300000);
	}
	ck_assert_int_eq(pread(fd, buf, 1000, 0), 1000);
	ck_assert_int_eq(buf[999], 'x');
	ck_size(fd, 300000);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* posix_fadvise(): gives the error back; only a wrong one matters. */
START_TEST(advice_is_checked)
{
	int fd = make("advice", "hello"), p[2], i;

	errno = 77;
	for (i = POSIX_FADV_NORMAL; i <= POSIX_FADV_NOREUSE; i++)
		ck_assert_int_eq(posix_fadvise(fd, 0, 0, i), 0);
	ck_assert_int_eq(posix_fadvise(fd, 3, 100, POSIX_FADV_WILLNEED), 0);
	ck_assert_int_eq(posix_fadvise(fd, 0, 0, 99), EINVAL);
	ck_assert_int_eq(posix_fadvise(fd, 0, -1, 0), EINVAL);
	ck_assert_int_eq(posix_fadvise(-1, 0, 0, 0), EBADF);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(posix_fadvise(p[0], 0, 0, 0), ESPIPE);
	ck_assert_int_eq(errno, 77);
	ck_assert_int_eq(readahead(fd, 0, 100), 0);
	ck_assert_int_eq(readahead(fd, 100, 100), 0);
	FAILS(readahead(p[0], 0, 10), EINVAL);
	FAILS(readahead(-1, 0, 10), EBADF);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0 && close(fd) == 0);
	fd = open("advice", O_WRONLY);
	FAILS(readahead(fd, 0, 10), EBADF);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* fsync(): any descriptor of a file or directory will do, no pipe. */
START_TEST(everything_on_a_disk_can_be_synced)
{
	int fd = make("sync", "hello"), p[2], dir, ro;

	ck_assert_int_ge(ro = open("sync", O_RDONLY), 0);
	ck_assert_int_ge(dir = open(".", O_RDONLY | O_DIRECTORY), 0);
	ck_assert(fsync(fd) == 0 && fdatasync(fd) == 0);
	ck_assert(fsync(ro) == 0 && fdatasync(ro) == 0);
	ck_assert(fsync(dir) == 0 && fdatasync(dir) == 0);
	ck_assert(syncfs(fd) == 0 && syncfs(ro) == 0 && syncfs(dir) == 0);
	sync();
	ck_assert_int_eq(pipe(p), 0);
	FAILS(fsync(p[1]), EINVAL);
	FAILS(fdatasync(p[0]), EINVAL);
	FAILS(fsync(-1), EBADF);
	FAILS(syncfs(-1), EBADF);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0 && close(dir) == 0);
	ck_assert(close(ro) == 0 && close(fd) == 0);
}
END_TEST

/* open(), O_SYNC and O_DSYNC are kept, and what is written is there. */
START_TEST(synchronous_writes_are_writes)
{
	char buf[8] = "";
	int fd = open("osync", O_RDWR | O_CREAT | O_SYNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_SYNC, O_SYNC);
	ck_assert_int_eq(write(fd, "abc", 3), 3);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_ge(fd = open("osync", O_RDWR | O_DSYNC | O_APPEND), 0);
	ck_assert_int_eq(write(fd, "d", 1), 1);
	ck_assert_int_eq(pread(fd, buf, 8, 0), 4);
	ck_assert_str_eq(buf, "abcd");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		space_makes_a_file_longer_and_never_shorter,
		wrong_arguments_are_refused,
		a_range_can_be_zeroed,
		a_hole_can_be_punched,
		advice_is_checked,
		everything_on_a_disk_can_be_synced,
		synchronous_writes_are_writes,
	};

	return run_cases("fallocate", tests, sizeof(tests) / sizeof(tests[0]));
}
