#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/main.h"

/* mmap(): "off ... a multiple of the page size as returned by sysconf()". */
START_TEST(the_page_is_4096_bytes)
{
	ck_assert_int_eq(sysconf(_SC_PAGESIZE), PAGE);
	ck_assert_int_eq(getpagesize(), PAGE);
}
END_TEST

/* mmap(), MAP_SHARED: write and read agree with the mapping at once. */
START_TEST(shared_mapping_agrees_with_read_and_write)
{
	int fd = new_file("f", 3 * PAGE);
	unsigned char *p = map_ok(3 * PAGE, RW, MAP_SHARED, fd, 0), c = 0;

	ck_assert_int_eq(p[PAGE + 5], pattern(PAGE + 5));
	p[PAGE + 5] = 'm';
	ck_assert_int_eq(pread(fd, &c, 1, PAGE + 5), 1);
	ck_assert_int_eq(c, 'm');
	ck_assert_int_eq(pwrite(fd, "w", 1, 2 * PAGE), 1);
	ck_assert_int_eq(p[2 * PAGE], 'w');
	ck_assert_int_eq(lseek(fd, 1, SEEK_SET), 1);
	ck_assert_int_eq(write(fd, "z", 1), 1);
	ck_assert_int_eq(p[1], 'z');
	ck_assert_int_eq(munmap(p, 3 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Two mappings of a file are one memory, through any descriptor. */
START_TEST(shared_mappings_of_a_file_are_one_memory)
{
	int fd = new_file("f", 5 * PAGE), ro = open("f", O_RDONLY);
	unsigned char *p = map_ok(5 * PAGE, RW, MAP_SHARED, fd, 0);
	unsigned char *q = map_ok(2 * PAGE, PROT_READ, MAP_SHARED, ro,
	    3 * PAGE);

	p[3 * PAGE + 1] = 1;
	ck_assert_int_eq(q[1], 1);
	p[4 * PAGE + 9] = 2;
	ck_assert_int_eq(q[PAGE + 9], 2);
	ck_assert_int_eq(munmap(p, 5 * PAGE), 0);
	ck_assert_int_eq(q[1], 1);
	ck_assert_int_eq(munmap(q, 2 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(ro), 0);
}
END_TEST

/* mmap(): any multiple of the page size will do for off. */
START_TEST(every_page_offset_can_be_mapped)
{
	const int pages = 50;
	int fd = new_file("f", (size_t)pages * PAGE), i;
	unsigned char *p;

	for (i = 0; i < pages; i++) {
		p = map_ok(PAGE, PROT_READ, i % 2 ? MAP_SHARED : MAP_PRIVATE,
		    fd, (long long)i * PAGE);
		ck_assert_int_eq(p[3], pattern((size_t)i * PAGE + 3));
		ck_assert_int_eq(p[PAGE - 1],
		    pattern((size_t)i * PAGE + PAGE - 1));
		ck_assert_int_eq(munmap(p, PAGE), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mmap(), MAP_PRIVATE: "modifications ... shall not change the object". */
START_TEST(private_mapping_keeps_its_changes)
{
	int fd = new_file("f", 2 * PAGE);
	unsigned char *p = map_ok(2 * PAGE, RW, MAP_PRIVATE, fd, 0), c = 0;
	unsigned char *q = map_ok(2 * PAGE, RW, MAP_PRIVATE, fd, 0);

	p[7] = 'x';
	ck_assert_int_eq(pread(fd, &c, 1, 7), 1);
	ck_assert_int_eq(c, pattern(7));
	ck_assert_int_eq(q[7], pattern(7));
	ck_assert_int_eq(p[8], pattern(8));
	ck_assert_int_eq(munmap(p, 2 * PAGE), 0);
	ck_assert_int_eq(munmap(q, 2 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Writing to a private mapping needs no right to write to the file. */
START_TEST(private_mapping_of_a_readonly_file_can_be_written)
{
	int fd = new_file("f", PAGE);
	unsigned char *p;

	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_ge(fd = open("f", O_RDONLY), 0);
	p = map_ok(PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	ck_assert_int_eq(mprotect(p, PAGE, RW), 0);
	p[0] = 'p';
	ck_assert_int_eq(p[0], 'p');
	ck_assert_int_eq(mprotect(p, PAGE, PROT_READ), 0);
	ck_assert_int_eq(p[0], 'p');
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mmap(): "fill zero-bytes at the end of the last page". */
START_TEST(the_last_page_ends_in_zeros)
{
	int fd = new_file("f", PAGE + 100), i;
	unsigned char *p = map_ok(PAGE + 100, PROT_READ, MAP_SHARED, fd, 0);
	unsigned char *q = map_ok(PAGE + 100, PROT_READ, MAP_PRIVATE, fd, 0);

	ck_assert_int_eq(p[PAGE + 99], pattern(PAGE + 99));
	for (i = PAGE + 100; i < 2 * PAGE; i++) {
		ck_assert_int_eq(p[i], 0);
		ck_assert_int_eq(q[i], 0);
	}
	ck_assert_int_eq(munmap(p, PAGE + 100), 0);
	ck_assert_int_eq(munmap(q, PAGE + 100), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* "There is no portable way ...": what is written there is not in the file. */
START_TEST(bytes_behind_the_end_do_not_reach_the_file)
{
	int fd = new_file("f", 10);
	unsigned char *p = map_ok(10, RW, MAP_SHARED, fd, 0);

	p[9] = 'e';
	p[10] = 'b';
	ck_assert_int_eq(munmap(p, 10), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 10);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mmap() does not make a file longer, whatever the length. */
START_TEST(a_longer_mapping_leaves_the_file_alone)
{
	int fd = new_file("f", 5000);
	unsigned char *p = map_ok(1 << 20, RW, MAP_SHARED, fd, 0);
	unsigned char *q = map_ok(1 << 20, RW, MAP_PRIVATE, fd, 0);

	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 5000);
	ck_assert_int_eq(p[4999], pattern(4999));
	ck_assert_int_eq(q[4999], pattern(4999));
	ck_assert_int_eq(q[5000], 0);
	p[0] = 1;
	q[0] = 2;
	ck_assert_int_eq(munmap(p, 1 << 20), 0);
	ck_assert_int_eq(munmap(q, 1 << 20), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 5000);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* WSL#658; an empty file can be mapped, and used when it has grown. */
static void
grow_under(int flags, size_t from, const size_t *sizes, int n)
{
	int fd = new_file("grow", from), i;
	const size_t len = 40 * PAGE;
	unsigned char *p = map_ok(len, RW, flags, fd, 0);

	for (i = 0; i < n; i++) {
		ck_assert_int_eq(ftruncate(fd, (off_t)sizes[i]), 0);
		ck_assert_int_eq(pwrite(fd, "g", 1, (off_t)sizes[i] - 1), 1);
		/* Unspecified for MAP_PRIVATE, where the page was there. */
		if (flags == MAP_SHARED)
			ck_assert_int_eq(p[sizes[i] - 1], 'g');
		p[sizes[i] - 2] = (unsigned char)(i + 1);
		ck_assert_int_eq(p[sizes[i] - 2], i + 1);
		if (i > 0)
			ck_assert_int_eq(p[sizes[i - 1] - 2], i);
	}
	ck_assert_int_eq(munmap(p, len), 0);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_mapping_shows_what_the_file_grows_by)
{
	static const size_t sizes[] = { PAGE, 3 * PAGE, 15 * PAGE, 16 * PAGE,
	    17 * PAGE, 32 * PAGE, 40 * PAGE };
	static const size_t from[] = { 0, 10, PAGE };
	int i;

	for (i = 0; i < 3; i++) {
		grow_under(MAP_SHARED, from[i], sizes, 7);
		grow_under(MAP_PRIVATE, from[i], sizes, 7);
	}
}
END_TEST

/* A private page keeps what was written when pages behind it come. */
START_TEST(growth_keeps_private_changes)
{
	int fd = new_file("f", 20 * PAGE);
	unsigned char *p = map_ok(40 * PAGE, RW, MAP_PRIVATE, fd, 0);
	int i;

	for (i = 0; i < 20; i++)
		p[i * PAGE + 1] = (unsigned char)(100 + i);
	ck_assert_int_eq(ftruncate(fd, 40 * PAGE), 0);
	ck_assert_int_eq(p[39 * PAGE], 0);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(p[i * PAGE + 1], 100 + i);
		ck_assert_int_eq(p[i * PAGE + 2],
		    pattern((size_t)i * PAGE + 2));
	}
	ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mmap(): "shall add an extra reference to the file ... not removed by close". */
START_TEST(a_mapping_outlives_the_descriptor)
{
	int fd = new_file("f", 2 * PAGE);
	unsigned char *p = map_ok(4 * PAGE, RW, MAP_SHARED, fd, 0), c = 0;

	ck_assert_int_eq(close(fd), 0);
	p[PAGE] = 'o';
	ck_assert_int_eq(msync(p, 2 * PAGE, MS_SYNC), 0);
	ck_assert_int_ge(fd = open("f", O_RDWR), 0);
	ck_assert_int_eq(pread(fd, &c, 1, PAGE), 1);
	ck_assert_int_eq(c, 'o');
	ck_assert_int_eq(ftruncate(fd, 4 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
	p[3 * PAGE] = 'p';
	ck_assert_int_eq(munmap(p, 4 * PAGE), 0);
}
END_TEST

/* unlink() and rename() of a mapped file. */
START_TEST(a_mapping_outlives_the_name)
{
	int fd = new_file("f", PAGE);
	unsigned char *p = map_ok(PAGE, RW, MAP_SHARED, fd, 0);

	ck_assert_int_eq(rename("f", "g"), 0);
	p[0] = 'r';
	ck_assert_int_eq(close(fd), 0);
	ck_assert_msg(unlink("g") == 0, "unlink: errno %d", errno);
	FAILS(access("g", F_OK), ENOENT);
	p[1] = 'u';
	ck_assert_int_eq(p[0] + p[1], 'r' + 'u');
	ck_assert_int_eq(munmap(p, PAGE), 0);
}
END_TEST

/* What fopen() opened can be mapped, and stays where it was. */
START_TEST(the_file_of_a_stream_can_be_mapped)
{
	int fd = new_file("f", 3 * PAGE);
	FILE *f = fopen("f", "r+");
	unsigned char *p, *q;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fseek(f, 100, SEEK_SET), 0);
	p = map_ok(5 * PAGE, RW, MAP_SHARED, fileno(f), 0);
	q = map_ok(5 * PAGE, RW, MAP_PRIVATE, fileno(f), 0);
	ck_assert_int_eq(q[2 * PAGE + 1], pattern(2 * PAGE + 1));
	p[100] = 'f';
	ck_assert_int_eq(fgetc(f), 'f');
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(p[PAGE], pattern(PAGE));
	ck_assert_int_eq(munmap(p, 5 * PAGE), 0);
	ck_assert_int_eq(munmap(q, 5 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* MAP_ANONYMOUS: zeros, of any length, shared or private. */
START_TEST(anonymous_memory_is_zero)
{
	static const int types[] = { MAP_PRIVATE, MAP_SHARED };
	unsigned char *p;
	size_t len, i;
	int t;

	for (t = 0; t < 2; t++)
		for (len = 1; len < 300000; len = len * 3 + 1) {
			p = map_ok(len, RW, types[t] | MAP_ANONYMOUS, -1, 0);
			for (i = 0; i < len; i += 512)
				ck_assert_int_eq(p[i], 0);
			(void)memset(p, 0xff, len);
			ck_assert_int_eq(munmap(p, len), 0);
		}
}
END_TEST

/* SQLite's -shm: 32 KiB regions, the file grown one byte at a time. */
START_TEST(regions_of_a_growing_file_can_be_mapped_one_by_one)
{
	const int region = 32768, n = 6;
	int fd = new_file("shm", 3), i, j;
	unsigned char *p[6];

	for (i = 0; i < n; i++) {
		for (j = 0; j < region / PAGE; j++)
			ck_assert_int_eq(pwrite(fd, "", 1,
			    (off_t)i * region + j * PAGE + PAGE - 1), 1);
		p[i] = map_ok((size_t)region, RW, MAP_SHARED, fd,
		    (long long)i * region);
		(void)memset(p[i], i + 1, (size_t)region);
	}
	for (i = 0; i < n; i++) {
		unsigned char c = 0;

		ck_assert_int_eq(pread(fd, &c, 1, (off_t)i * region + 77), 1);
		ck_assert_int_eq(c, i + 1);
		ck_assert_int_eq(munmap(p[i], (size_t)region), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Offsets beyond 4 GiB. */
START_TEST(a_large_file_can_be_mapped_at_its_end)
{
	const long long off = 5LL << 30;
	int fd = new_file("big", 0);
	unsigned char *p, c = 0;

	ck_assert_int_eq(ftruncate(fd, (off_t)off + 3 * PAGE), 0);
	p = map_ok(PAGE, RW, MAP_SHARED, fd, off + 2 * PAGE);
	p[17] = 'L';
	ck_assert_int_eq(pread(fd, &c, 1, (off_t)off + 2 * PAGE + 17), 1);
	ck_assert_int_eq(c, 'L');
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mmap(), ERRORS. */
START_TEST(errors_are_those_of_linux)
{
	int fd = new_file("f", PAGE), ro = open("f", O_RDONLY);
	int wo = open("f", O_WRONLY), dir = open(".", O_RDONLY), pipes[2], s;
	void *here = map_ok(PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert(ro >= 0 && wo >= 0 && dir >= 0);
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_ge(s = socket(AF_INET, SOCK_DGRAM, 0), 0);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, -1, 0), EBADF);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 9999, 0), EBADF);
	NO_MAP(mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0), EINVAL);
	NO_MAP(mmap(NULL, 0, PROT_READ, MAP_SHARED, 9999, 0), EBADF);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 9999, 1), EINVAL);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 100), EINVAL);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, 0, fd, 0), EINVAL);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	NO_MAP(mmap((char *)here + 1, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS |
	    MAP_FIXED, -1, 0), EINVAL);
	NO_MAP(mmap(NULL, PAGE, RW, MAP_SHARED, ro, 0), EACCES);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, wo, 0), EACCES);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, wo, 0), EACCES);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, dir, 0), ENODEV);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, pipes[0], 0), ENODEV);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, pipes[1], 0), EACCES);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, s, 0), ENODEV);
	NO_MAP(mmap(NULL, (size_t)1 << 62, PROT_READ, MAP_PRIVATE |
	    MAP_ANONYMOUS, -1, 0), ENOMEM);
	NO_MAP(mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd,
	    (off_t)(INT64_MAX - PAGE + 1)), EOVERFLOW);
	NO_MAP(mmap(here, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS |
	    MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	NO_MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | 0x80000,
	    fd, 0), EOPNOTSUPP);
	ck_assert_int_eq(munmap(here, PAGE), 0);
	(void)close(pipes[0]), (void)close(pipes[1]), (void)close(s);
	(void)close(fd), (void)close(ro), (void)close(wo), (void)close(dir);
}
END_TEST

/* Success leaves errno alone. */
START_TEST(success_leaves_errno_alone)
{
	void *p;

	errno = 4711;
	p = map_ok(PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_int_eq(mprotect(p, PAGE, PROT_READ), 0);
	ck_assert_int_eq(msync(p, PAGE, MS_SYNC), 0);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(errno, 4711);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_page_is_4096_bytes,
	    shared_mapping_agrees_with_read_and_write,
	    shared_mappings_of_a_file_are_one_memory,
	    every_page_offset_can_be_mapped, private_mapping_keeps_its_changes,
	    private_mapping_of_a_readonly_file_can_be_written,
	    the_last_page_ends_in_zeros,
	    bytes_behind_the_end_do_not_reach_the_file,
	    a_longer_mapping_leaves_the_file_alone,
	    a_mapping_shows_what_the_file_grows_by,
	    growth_keeps_private_changes, a_mapping_outlives_the_descriptor,
	    a_mapping_outlives_the_name,
	    the_file_of_a_stream_can_be_mapped, anonymous_memory_is_zero,
	    regions_of_a_growing_file_can_be_mapped_one_by_one,
	    a_large_file_can_be_mapped_at_its_end, errors_are_those_of_linux,
	    success_leaves_errno_alone };

	return run_cases("mmap", tests, sizeof(tests) / sizeof(tests[0]));
}
