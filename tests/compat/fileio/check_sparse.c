/*
 * Holes: files that are longer than what was ever written into them.
 */
#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "support/fails.h"
#include "support/main.h"

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

#define GIB ((off_t)1 << 30)
#define MIB ((off_t)1 << 20)

/* POSIX.1-2024 ftruncate(): "shall appear as if it were zero-filled". */
START_TEST(what_truncate_adds_is_zeros)
{
	static char buf[8192];
	static const char zeros[8192];
	struct stat st;
	int fd = make("t", "hello");

	ck_assert_int_eq(ftruncate(fd, 3), 0);
	ck_assert_int_eq(ftruncate(fd, 8), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 8);
	ck_assert_mem_eq(buf, "hel\0\0\0\0\0", 8);
	ck_assert_int_eq(truncate("t", 6 * GIB), 0);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == 6 * GIB);
	ck_assert_int_eq(pread(fd, buf, 8192, 5 * GIB + 1), 8192);
	ck_assert_mem_eq(buf, zeros, 8192);
	ck_assert_int_eq(pread(fd, buf, 8192, 6 * GIB - 100), 100);
	ck_assert_int_eq(pread(fd, buf, 8192, 6 * GIB), 0);
	ck_assert_int_eq(pwrite(fd, "end", 3, 6 * GIB - 3), 3);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(ftruncate(fd, 4), 0);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 4);
	ck_assert_mem_eq(buf, zeros, 4);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Offsets are 64 bits wide everywhere: each mark is found where it was put. */
START_TEST(marks_beyond_4_gib_stay_apart)
{
	static const off_t at[] = { 0, 2 * GIB - 4, 2 * GIB + 4, 4 * GIB - 4,
	    4 * GIB, 4 * GIB + 8, 8 * GIB, 9 * GIB + 12345 };
	uint32_t mark, got;
	int fd = make("marks", ""), i;

	for (i = 7; i >= 0; i--) {
		mark = 0x1000u + (uint32_t)i;
		ck_assert(lseek(fd, at[i], SEEK_SET) == at[i]);
		ck_assert_int_eq(write(fd, &mark, 4), 4);
		ck_assert(lseek(fd, 0, SEEK_CUR) == at[i] + 4);
	}
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(pread(fd, &got, 4, at[i]), 4);
		ck_assert_uint_eq(got, 0x1000u + (uint32_t)i);
		ck_assert(lseek(fd, at[i], SEEK_SET) == at[i]);
		ck_assert_int_eq(read(fd, &got, 4), 4);
		ck_assert_uint_eq(got, 0x1000u + (uint32_t)i);
	}
	ck_assert(lseek(fd, 0, SEEK_END) == 9 * GIB + 12349);
	ck_assert(lseek(fd, -12349, SEEK_CUR) == 9 * GIB);
	/* Nothing at the same offsets modulo 4 GiB. */
	ck_assert_int_eq(pread(fd, &got, 4, 5 * GIB + 12345), 4);
	ck_assert_uint_eq(got, 0);
	ck_assert_int_eq(pread(fd, &got, 4, 6 * GIB + 4), 4);
	ck_assert_uint_eq(got, 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * lseek(), SEEK_DATA and SEEK_HOLE: the file system may call any zeros data,
 * and must call no data a hole.
 */
static void
ck_walk(int fd, const off_t *data, int n, off_t size)
{
	off_t at = 0, from, to;
	int found = 0, i;

	while (at < size) {
		from = lseek(fd, at, SEEK_DATA);
		if (from == -1) {
			ck_assert_int_eq(errno, ENXIO);
			break;
		}
		ck_assert(from >= at && from < size);
		ck_assert(lseek(fd, 0, SEEK_CUR) == from);
		ck_assert(lseek(fd, from, SEEK_DATA) == from);
		to = lseek(fd, from, SEEK_HOLE);
		ck_assert(to > from && to <= size);
		for (i = 0; i < n; i++)
			found += data[i] >= from && data[i] < to;
		at = to;
	}
	ck_assert_int_eq(found, n);
}

START_TEST(no_data_is_called_a_hole)
{
	static const off_t at[] = { 0, 3 * MIB, 5 * GIB, 5 * GIB + 2 * MIB };
	off_t size = 6 * GIB;
	int fd = make("holes", ""), i;

	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pwrite(fd, "x", 1, at[i]), 1);
	ck_assert_int_eq(ftruncate(fd, size), 0);
	ck_walk(fd, at, 4, size);
	ck_assert(lseek(fd, size - 1, SEEK_HOLE) >= size - 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_full_file_has_one_hole_at_its_end)
{
	int fd = make("full", "hello");

	ck_assert_int_eq(lseek(fd, 0, SEEK_DATA), 0);
	ck_assert_int_eq(lseek(fd, 3, SEEK_DATA), 3);
	ck_assert_int_eq(lseek(fd, 0, SEEK_HOLE), 5);
	ck_assert_int_eq(lseek(fd, 4, SEEK_HOLE), 5);
	ck_assert_int_eq(lseek(fd, 1, SEEK_SET), 1);
	FAILS(lseek(fd, 5, SEEK_DATA), ENXIO);
	FAILS(lseek(fd, 5, SEEK_HOLE), ENXIO);
	FAILS(lseek(fd, -1, SEEK_DATA), ENXIO);
	FAILS(lseek(fd, -1, SEEK_HOLE), ENXIO);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 1);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	FAILS(lseek(fd, 0, SEEK_DATA), ENXIO);
	FAILS(lseek(fd, 0, SEEK_HOLE), ENXIO);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* lseek(2): only the offset changes; a hole comes with the next write. */
START_TEST(seeking_alone_makes_no_file_longer)
{
	struct stat st;
	char c = 'x';
	int fd = make("seek", "abc");

	ck_assert(lseek(fd, 5 * GIB, SEEK_SET) == 5 * GIB);
	ck_assert_int_eq(read(fd, &c, 1), 0);
	ck_assert_int_eq(write(fd, &c, 0), 0);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == 3);
	ck_assert_int_eq(write(fd, &c, 1), 1);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == 5 * GIB + 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_truncate_adds_is_zeros,
		marks_beyond_4_gib_stay_apart,
		no_data_is_called_a_hole,
		a_full_file_has_one_hole_at_its_end,
		seeking_alone_makes_no_file_longer,
	};

	return run_cases("sparse", tests, sizeof(tests) / sizeof(tests[0]));
}
