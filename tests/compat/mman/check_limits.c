/* What NT cannot: one test for an entry of LIMITATIONS.md. */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/file.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/main.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

/* LIM-FILE-6 */
START_TEST(mapped_files_do_not_shrink)
{
	int fd = new_file("f", 3 * PAGE);
	void *p = map_ok(PAGE, RW, MAP_SHARED, fd, 0);

	FAILS(ftruncate(fd, PAGE), EBUSY);
	FAILS(open("f", O_RDWR | O_TRUNC), EBUSY);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 3 * PAGE);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(ftruncate(fd, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-MMAP-3 */
START_TEST(a_shared_file_needs_granules)
{
	int fd = new_file("f", 40 * PAGE);
	unsigned char *p = map_ok(64 * PAGE, PROT_NONE, ANON, -1, 0);
	unsigned char *q = map_ok(40 * PAGE, RW, MAP_SHARED, fd, 0);

	NO_MAP(mmap(p + PAGE, PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0),
	    ENOMEM);
	ck_assert_ptr_eq(mmap(p + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0),
	    p + PAGE);
	p[PAGE] = 'k';
	NO_MAP(mmap(p, PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0), ENOMEM);
	ck_assert_int_eq(p[PAGE], 'k');
	NO_MAP(mmap(q + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
	ck_assert_int_eq(q[2], pattern(2));
	ck_assert_int_eq(munmap(p, 64 * PAGE), 0);
	ck_assert_int_eq(munmap(q, 40 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-MMAP-3: a function of the program, and the stack. */
START_TEST(memory_of_others_is_not_replaced)
{
	unsigned char here[2 * PAGE];
	uintptr_t page = ((uintptr_t)here + PAGE) & ~(uintptr_t)(PAGE - 1);

	NO_MAP(mmap((void *)page, PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
	NO_MAP(mmap((void *)page, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1,
	    0), EEXIST);
}
END_TEST

/* LIM-MMAP-4 */
START_TEST(a_file_becomes_executable_by_mmap_only)
{
	int fd = new_file("f", PAGE);
	void *p = map_ok(PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	FAILS(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-MMAP-5 */
START_TEST(mlockall_is_refused)
{
	FAILS(mlockall(MCL_CURRENT), ENOSYS);
	FAILS(mlockall(MCL_CURRENT | MCL_FUTURE), ENOSYS);
	FAILS(munlockall(), ENOSYS);
}
END_TEST

/* LIM-MMAP-6 */
START_TEST(a_private_file_is_not_discarded)
{
	int fd = new_file("f", PAGE);
	unsigned char *p = map_ok(PAGE, RW, MAP_PRIVATE, fd, 0);

	p[0] = 'k';
	FAILS(madvise(p, PAGE, MADV_DONTNEED), EINVAL);
	ck_assert_int_eq(p[0], 'k');
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-MMAP-7 */
START_TEST(a_private_file_does_not_grow_by_mremap)
{
	int fd = new_file("f", 2 * PAGE);
	unsigned char *p = map_ok(PAGE, RW, MAP_PRIVATE, fd, 0);
	unsigned char *q = map_ok(PAGE, RW, ANON, -1, 0);

	NO_MAP(mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EINVAL);
	NO_MAP(mremap(q, PAGE, 2 * PAGE, 0), ENOMEM);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	ck_assert_int_eq(munmap(q, PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-MMAP-11 */
START_TEST(a_mapping_keeps_no_lock)
{
	int fd = new_file("f", PAGE), other = open("f", O_RDWR);
	void *p = map_ok(2 * PAGE, RW, MAP_SHARED, fd, 0);

	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	FAILS(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(flock(other, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(munmap(p, 2 * PAGE), 0);
	ck_assert_int_eq(close(other), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { mapped_files_do_not_shrink,
	    a_shared_file_needs_granules, memory_of_others_is_not_replaced,
	    a_file_becomes_executable_by_mmap_only, mlockall_is_refused,
	    a_private_file_is_not_discarded,
	    a_private_file_does_not_grow_by_mremap, a_mapping_keeps_no_lock };

	return run_cases("mman_limits", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
