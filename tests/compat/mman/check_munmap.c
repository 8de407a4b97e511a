#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/main.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

/* munmap(): "remove any mappings for those entire pages". */
START_TEST(a_part_can_be_unmapped)
{
	int fd = new_file("f", 9 * PAGE), kind;
	unsigned char *p;

	for (kind = 0; kind < 3; kind++) {
		p = kind == 0 ? map_ok(9 * PAGE, RW, ANON, -1, 0) :
		    map_ok(9 * PAGE, RW, kind == 1 ? MAP_SHARED : MAP_PRIVATE,
		    fd, 0);
		p[0] = 1, p[2 * PAGE] = 2, p[8 * PAGE] = 3;
		ck_assert_int_eq(munmap(p + 3 * PAGE, 2 * PAGE), 0);
		ck_assert(mapped(p + 2 * PAGE) && !mapped(p + 3 * PAGE));
		ck_assert(!mapped(p + 4 * PAGE) && mapped(p + 5 * PAGE));
		ck_assert(!readable(p + 3 * PAGE) && readable(p + 5 * PAGE));
		ck_assert_int_eq(munmap(p, PAGE), 0);
		ck_assert_int_eq(p[2 * PAGE] + p[8 * PAGE], 5);
		ck_assert_int_eq(munmap(p, 9 * PAGE), 0);
		ck_assert(!mapped(p + 2 * PAGE) && !mapped(p + 8 * PAGE));
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* munmap(2): "It is not an error if the range contains no mapped pages". */
START_TEST(unmapping_what_is_not_mapped_succeeds)
{
	unsigned char *p = map_ok(4 * PAGE, RW, ANON, -1, 0);

	ck_assert_int_eq(munmap(p, 4 * PAGE), 0);
	ck_assert_int_eq(munmap(p, 4 * PAGE), 0);
	ck_assert_int_eq(munmap(p + PAGE, 1), 0);
}
END_TEST

/* One call takes what several mappings left of each other's pages. */
START_TEST(one_call_unmaps_several_mappings)
{
	unsigned char *p = map_ok(64 * PAGE, PROT_NONE, ANON, -1, 0);
	int fd = new_file("f", 3 * PAGE), i;

	for (i = 0; i < 8; i++)
		ck_assert_ptr_eq(mmap(p + i * 3 * PAGE, 2 * PAGE, RW, ANON |
		    MAP_FIXED, -1, 0), p + i * 3 * PAGE);
	ck_assert_ptr_eq(mmap(p + 24 * PAGE, 3 * PAGE, RW, MAP_PRIVATE |
	    MAP_FIXED, fd, 0), p + 24 * PAGE);
	ck_assert_int_eq(p[24 * PAGE + 2], pattern(2));
	p[0] = 1, p[21 * PAGE] = 2;
	ck_assert_int_eq(munmap(p + PAGE, 25 * PAGE), 0);
	ck_assert(mapped(p) && !mapped(p + PAGE) && !mapped(p + 25 * PAGE));
	ck_assert_int_eq(p[26 * PAGE + 1], pattern(2 * PAGE + 1));
	ck_assert_int_eq(munmap(p, 64 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* munmap(), ERRORS. */
START_TEST(munmap_errors)
{
	unsigned char *p = map_ok(PAGE, RW, ANON, -1, 0);

	FAILS(munmap(p + 1, PAGE), EINVAL);
	FAILS(munmap(p, 0), EINVAL);
	FAILS(munmap(p, (size_t)1 << 63), EINVAL);
	ck_assert_int_eq(munmap(p, 1), 0);
	ck_assert(!mapped(p));
}
END_TEST

/* mmap(), MAP_FIXED: "shall replace any previous mappings". */
START_TEST(a_fixed_mapping_replaces_pages)
{
	unsigned char *p = map_ok(40 * PAGE, RW, ANON, -1, 0);

	(void)memset(p, 'a', 40 * PAGE);
	ck_assert_ptr_eq(mmap(p + 5 * PAGE, 3 * PAGE, RW, ANON | MAP_FIXED,
	    -1, 0), p + 5 * PAGE);
	ck_assert_int_eq(p[5 * PAGE - 1], 'a');
	ck_assert_int_eq(p[5 * PAGE], 0);
	ck_assert_int_eq(p[8 * PAGE - 1], 0);
	ck_assert_int_eq(p[8 * PAGE], 'a');
	p[6 * PAGE] = 'b';
	ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
}
END_TEST

/* A loader's way: private pages of a file, at any page, then zeros. */
START_TEST(a_private_file_can_be_put_on_any_page)
{
	unsigned char *p = map_ok(40 * PAGE, PROT_NONE, ANON, -1, 0), c = 0;
	int fd = new_file("f", 5 * PAGE + 7);

	ck_assert_ptr_eq(mmap(p + 3 * PAGE, 4 * PAGE + 7, RW, MAP_PRIVATE |
	    MAP_FIXED, fd, PAGE), p + 3 * PAGE);
	ck_assert_int_eq(p[3 * PAGE + 9], pattern(PAGE + 9));
	ck_assert_int_eq(p[7 * PAGE + 6], pattern(5 * PAGE + 6));
	ck_assert_int_eq(p[7 * PAGE + 7], 0);
	p[3 * PAGE] = 'x';
	ck_assert_int_eq(pread(fd, &c, 1, PAGE), 1);
	ck_assert_int_eq(c, pattern(PAGE));
	ck_assert(!readable(p + 2 * PAGE));
	ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The ring that is mapped twice, on top of a reservation. */
static void
make_ring(int prot)
{
	const size_t size = 32 * PAGE;
	int fd = memfd_create("ring", 0);
	unsigned char *p = map_ok(3 * size, prot, ANON, -1, 0), *q;
	volatile unsigned char *ring;	/* one byte, two addresses */

	/* Linux places p on any page, NT on a granule: both do with this. */
	q = (unsigned char *)(((uintptr_t)p + 65535) & ~(uintptr_t)65535);
	ck_assert_int_eq(ftruncate(fd, (off_t)size), 0);
	if (prot != PROT_NONE)
		p[3 * size - 1] = 'k';
	ck_assert_ptr_eq(mmap(q, size, RW, MAP_SHARED | MAP_FIXED, fd, 0), q);
	ck_assert_ptr_eq(mmap(q + size, size, RW, MAP_SHARED | MAP_FIXED, fd,
	    0), q + size);
	ring = q;
	ring[size + 9] = 'r';
	ring[size - 1] = 's';
	ck_assert_int_eq(ring[9], 'r');
	ck_assert_int_eq(ring[2 * size - 1], 's');
	if (prot != PROT_NONE)
		ck_assert_int_eq(p[3 * size - 1], 'k');
	ck_assert_int_eq(munmap(p, 3 * size), 0);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_ring_can_be_mapped_twice)
{
	make_ring(PROT_NONE);
	make_ring(RW);
}
END_TEST

/* MAP_FIXED_NOREPLACE takes a free place, and refuses another. */
START_TEST(noreplace_does_not_replace)
{
	unsigned char *p = map_ok(32 * PAGE, RW, ANON, -1, 0);

	p[0] = 'k';
	NO_MAP(mmap(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	ck_assert_int_eq(p[0], 'k');
	ck_assert_int_eq(munmap(p + 16 * PAGE, 16 * PAGE), 0);
	ck_assert_ptr_eq(mmap(p + 16 * PAGE, PAGE, RW, ANON |
	    MAP_FIXED_NOREPLACE, -1, 0), p + 16 * PAGE);
	p[16 * PAGE] = 1;
	ck_assert_int_eq(munmap(p, 32 * PAGE), 0);
}
END_TEST

/* mprotect(): each page gets what was asked for. */
START_TEST(pages_can_be_protected_one_by_one)
{
	int fd = new_file("f", 6 * PAGE), kind;
	unsigned char *p;

	for (kind = 0; kind < 3; kind++) {
		p = kind == 0 ? map_ok(6 * PAGE, RW, ANON, -1, 0) :
		    map_ok(6 * PAGE, RW, kind == 1 ? MAP_SHARED : MAP_PRIVATE,
		    fd, 0);
		p[PAGE] = 'k';
		ck_assert_int_eq(mprotect(p + PAGE, PAGE, PROT_READ), 0);
		ck_assert_int_eq(mprotect(p + 3 * PAGE, PAGE, PROT_NONE), 0);
		ck_assert(writable(p) && writable(p + 2 * PAGE));
		ck_assert(readable(p + PAGE) && !writable(p + PAGE));
		ck_assert(!readable(p + 3 * PAGE) && mapped(p + 3 * PAGE));
		ck_assert_int_eq(mprotect(p, 6 * PAGE, RW), 0);
		ck_assert_int_eq(p[PAGE], 'k');
		p[3 * PAGE] = 1;
		ck_assert_int_eq(munmap(p, 6 * PAGE), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* An allocator's way: reserve much, commit what is needed. */
START_TEST(a_reservation_becomes_memory_page_by_page)
{
	const size_t size = (size_t)64 << 30;
	unsigned char *p = map_ok(size, PROT_NONE, ANON | MAP_NORESERVE, -1,
	    0);

	ck_assert(!readable(p));
	ck_assert_int_eq(mprotect(p + size / 2, 3 * PAGE, RW), 0);
	(void)memset(p + size / 2, 7, 3 * PAGE);
	ck_assert(!readable(p + size / 2 + 3 * PAGE));
	ck_assert_int_eq(mprotect(p + size / 2, PAGE, PROT_NONE), 0);
	ck_assert_int_eq(mprotect(p + size / 2, PAGE, PROT_READ), 0);
	ck_assert_int_eq(p[size / 2], 7);
	ck_assert_int_eq(munmap(p, size), 0);
}
END_TEST

/* Machine code can be written, then run. */
START_TEST(memory_can_be_made_executable)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	int fd = new_file("x", 0);
	union {
		void *p;
		int (*fn)(void);
	} u;

	u.p = map_ok(PAGE, RW, ANON, -1, 0);
	(void)memcpy(u.p, code, sizeof(code));
	ck_assert_int_eq(mprotect(u.p, PAGE, PROT_READ | PROT_EXEC), 0);
	ck_assert_int_eq(u.fn(), 42);
	ck_assert_int_eq(munmap(u.p, PAGE), 0);
	ck_assert_int_eq(write(fd, code, sizeof(code)), sizeof(code));
	u.p = map_ok(PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	ck_assert_int_eq(u.fn(), 42);
	ck_assert_int_eq(munmap(u.p, PAGE), 0);
	u.p = map_ok(PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	ck_assert_int_eq(u.fn(), 42);
	ck_assert_int_eq(munmap(u.p, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mprotect(2) works on any page, malloc's too. */
START_TEST(memory_of_others_can_be_protected)
{
	unsigned char *block = malloc(8 * PAGE), *p;

	ck_assert_ptr_nonnull(block);
	p = (unsigned char *)(((uintptr_t)block + PAGE) &
	    ~(uintptr_t)(PAGE - 1));
	p[0] = 'h';
	ck_assert_int_eq(mprotect(p, 2 * PAGE, PROT_READ), 0);
	ck_assert(readable(p) && !writable(p));
	ck_assert_int_eq(mprotect(p, 2 * PAGE, RW), 0);
	ck_assert_int_eq(p[0], 'h');
	free(block);
}
END_TEST

/* mprotect(), ERRORS. */
START_TEST(mprotect_errors)
{
	int fd = new_file("f", PAGE), ro = open("f", O_RDONLY);
	unsigned char *p = map_ok(3 * PAGE, RW, ANON, -1, 0);
	unsigned char *q = map_ok(PAGE, PROT_READ, MAP_SHARED, ro, 0);

	FAILS(mprotect(p + 1, PAGE, RW), EINVAL);
	FAILS(mprotect(p, PAGE, 0x40), EINVAL);
	FAILS(mprotect(q, PAGE, RW), EACCES);
	ck_assert_int_eq(mprotect(q, PAGE, PROT_NONE), 0);
	ck_assert_int_eq(mprotect(p, 0, RW), 0);
	ck_assert_int_eq(munmap(p + PAGE, PAGE), 0);
	FAILS(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
	ck_assert(!writable(p) && writable(p + 2 * PAGE));
	ck_assert_int_eq(munmap(p, 3 * PAGE), 0);
	ck_assert_int_eq(munmap(q, PAGE), 0);
	(void)close(fd), (void)close(ro);
}
END_TEST

/* msync(): the flags, and ranges of several mappings. */
START_TEST(msync_checks_flags_and_ranges)
{
	int fd = new_file("f", 20 * PAGE);
	unsigned char *p = map_ok(40 * PAGE, RW, MAP_SHARED, fd, 0);

	p[0] = 's', p[19 * PAGE] = 't';
	ck_assert_int_eq(msync(p, 20 * PAGE, MS_SYNC), 0);
	ck_assert_int_eq(msync(p + PAGE, 1, MS_SYNC | MS_INVALIDATE), 0);
	ck_assert_int_eq(msync(p, 20 * PAGE, MS_ASYNC), 0);
	ck_assert_int_eq(msync(p, 40 * PAGE, MS_SYNC), 0);
	ck_assert_int_eq(msync(p, 0, MS_SYNC), 0);
	FAILS(msync(p + 1, PAGE, MS_SYNC), EINVAL);
	FAILS(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
	FAILS(msync(p, PAGE, 0x100), EINVAL);
	ck_assert_int_eq(munmap(p + 2 * PAGE, PAGE), 0);
	FAILS(msync(p, 4 * PAGE, MS_SYNC), ENOMEM);
	ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* madvise(2), MADV_DONTNEED: "zero-fill-on-demand pages for anonymous". */
START_TEST(dontneed_zeroes_anonymous_memory)
{
	unsigned char *p = map_ok(8 * PAGE, RW, ANON, -1, 0);

	(void)memset(p, 'a', 8 * PAGE);
	ck_assert_int_eq(madvise(p + 2 * PAGE, 3 * PAGE, MADV_DONTNEED), 0);
	ck_assert_int_eq(p[2 * PAGE - 1], 'a');
	ck_assert_int_eq(p[2 * PAGE] + p[5 * PAGE - 1], 0);
	ck_assert_int_eq(p[5 * PAGE], 'a');
	ck_assert_int_eq(posix_madvise(p, 8 * PAGE, POSIX_MADV_DONTNEED), 0);
	ck_assert_int_eq(p[0], 'a');
	ck_assert_int_eq(madvise(p, 8 * PAGE, MADV_SEQUENTIAL), 0);
	ck_assert_int_eq(madvise(p, 8 * PAGE, MADV_WILLNEED), 0);
	FAILS(madvise(p, PAGE, 12345), EINVAL);
	FAILS(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL);
	errno = 4711;
	ck_assert_int_eq(posix_madvise(p, PAGE, 99), EINVAL);
	ck_assert_int_eq(errno, 4711);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	FAILS(madvise(p, 2 * PAGE, MADV_NORMAL), ENOMEM);
	ck_assert_int_eq(posix_madvise(p, PAGE, POSIX_MADV_NORMAL), ENOMEM);
	ck_assert_int_eq(munmap(p, 8 * PAGE), 0);
}
END_TEST

/* mlock(), munlock(): any address; ENOMEM where nothing is mapped. */
START_TEST(pages_can_be_locked)
{
	unsigned char *p = map_ok(4 * PAGE, RW, ANON, -1, 0);

	ck_assert_int_eq(mlock(p + 10, 2 * PAGE), 0);
	ck_assert_int_eq(munlock(p + 10, 2 * PAGE), 0);
	ck_assert_int_eq(munlock(p, 4 * PAGE), 0);
	ck_assert_int_eq(munmap(p + PAGE, PAGE), 0);
#ifndef __SANITIZE_ADDRESS__	/* which has all four of its own: 0 */
	FAILS(mlock(p, 4 * PAGE), ENOMEM);
	FAILS(munlock(p, 4 * PAGE), ENOMEM);
	FAILS(mlockall(0), EINVAL);
	FAILS(mlockall(0x100), EINVAL);
#endif
	ck_assert_int_eq(munmap(p, 4 * PAGE), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_part_can_be_unmapped,
	    unmapping_what_is_not_mapped_succeeds,
	    one_call_unmaps_several_mappings, munmap_errors,
	    a_fixed_mapping_replaces_pages,
	    a_private_file_can_be_put_on_any_page, a_ring_can_be_mapped_twice,
	    noreplace_does_not_replace, pages_can_be_protected_one_by_one,
	    a_reservation_becomes_memory_page_by_page,
	    memory_can_be_made_executable, memory_of_others_can_be_protected,
	    mprotect_errors, msync_checks_flags_and_ranges,
	    dontneed_zeroes_anonymous_memory, pages_can_be_locked };

	return run_cases("munmap", tests, sizeof(tests) / sizeof(tests[0]));
}
