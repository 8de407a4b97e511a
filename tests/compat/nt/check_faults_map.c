/* Mappings when NT refuses: the errno, and nothing lost or left behind. */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/fault_run.h"
#include "support/host.h"

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define NO_COMMIT 0xC000012Du		/* STATUS_COMMITMENT_LIMIT */
#define NO_MEMORY 8u			/* ERROR_NOT_ENOUGH_MEMORY */

#define NO_MAP(call, number) do {					\
	errno = 0;							\
	ck_assert_ptr_eq((call), MAP_FAILED);				\
	ck_assert_int_eq(errno, (number));				\
} while (0)

static int
make(int pages)
{
	static char page[PAGE];
	int fd = open("m", O_RDWR | O_CREAT | O_TRUNC, 0644), i;

	ck_assert_int_ge(fd, 0);
	(void)memset(page, 'm', sizeof(page));
	for (i = 0; i < pages; i++)
		ck_assert_int_eq(write(fd, page, PAGE), PAGE);
	return fd;
}

static volatile unsigned char *
map(int fd, int pages, int flags)
{
	void *p = mmap(NULL, (size_t)pages * PAGE, RW, flags, fd, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

/* Every call of one mapping fails in turn, for each kind of mapping. */
START_TEST(a_mapping_that_fails_leaves_nothing)
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE, ANON };
	int fd = make(20), kind, n, refused = 0;
	unsigned int handles;
	void *p;

	/* What is kept for ever, as an event, is there before counting. */
	ck_assert_int_eq(munmap((void *)(uintptr_t)map(fd, 40, MAP_PRIVATE),
	    40 * PAGE), 0);
	handles = fault_handles();
	for (kind = 0; kind < 3; kind++) {
		for (n = 1; n < 40; n++) {
			fault_nth((unsigned int)n);
			errno = 0;
			p = mmap(NULL, 40 * PAGE, RW, kinds[kind],
			    kind == 2 ? -1 : fd, kind == 2 ? 0 : 3 * PAGE);
			if (fault_hits() == 0)
				break;
			if (p == MAP_FAILED) {
				refused++;
				ck_assert_msg(errno == ENOMEM ||
				    errno == ENOBUFS, "%s: errno %d",
				    fault_name(), errno);
				p = NULL;
			}
			fault_reset();
			if (p != NULL)
				ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
			ck_assert_int_eq(fault_handles(), handles);
		}
		ck_assert_int_lt(n, 40);
		fault_reset();
		ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
	}
	(void)printf("%d mappings were refused\n", refused);
	ck_assert_int_ge(refused, 8);
	ck_assert_int_eq(fault_handles(), handles);
	/* No view is left: NT would not let the file become shorter. */
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* One that is refused for good, in words. */
START_TEST(the_errno_says_what_is_missing)
{
	int fd = make(2);

	fault_set("NtCreateSection", 0, 1, NO_COMMIT);
	NO_MAP(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), ENOMEM);
	fault_set("NtMapViewOfSection", 0, FOR_EVER, 0xC0000017u);
	NO_MAP(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), ENOMEM);
	NO_MAP(mmap(NULL, 9 * PAGE, RW, MAP_SHARED, fd, 0), ENOMEM);
	fault_reset();
	fault_set("VirtualAlloc", 1, 1, 1455);	/* COMMITMENT_LIMIT */
	NO_MAP(mmap(NULL, PAGE, RW, ANON, -1, 0), ENOMEM);
	fault_set("NtCreateSection", 0, 1, 0xC0000054u);  /* a lock is held */
	NO_MAP(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), EAGAIN);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A longer view cannot be had: the old pages are there as they were. */
START_TEST(a_view_that_cannot_grow_keeps_its_pages)
{
	int fd = make(3);
	volatile unsigned char *p = map(fd, 40, MAP_SHARED);
	char c;

	p[2 * PAGE] = 'k';
	ck_assert_int_eq(ftruncate(fd, 30 * PAGE), 0);
	fault_set("NtMapViewOfSection", 0, 16, S_NO_RESOURCES);
	errno = 0;
	ck_assert_int_eq(pwrite(fd, (char *)(uintptr_t)p + 25 * PAGE, 1, 0),
	    -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(p[2 * PAGE], 'k');
	ck_assert_int_eq(p[PAGE], 'm');
	fault_reset();
	ck_assert_int_eq(p[25 * PAGE], 0);
	p[29 * PAGE] = 'g';
	ck_assert_int_eq(pread(fd, &c, 1, 29 * PAGE), 1);
	ck_assert_int_eq(c, 'g');
	ck_assert_int_eq(munmap((void *)(uintptr_t)p, 40 * PAGE), 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The place is gone for good: an access faults, munmap still works. */
START_TEST(a_view_that_is_lost_can_be_unmapped)
{
	int fd = make(3);
	volatile unsigned char *p = map(fd, 40, MAP_SHARED);
	char *at = (char *)(uintptr_t)p;

	ck_assert_int_eq(ftruncate(fd, 30 * PAGE), 0);
	fault_set("NtMapViewOfSection", 0, FOR_EVER, S_NO_RESOURCES);
	FAILS(pwrite(fd, at + 25 * PAGE, 1, 0), EFAULT);
	FAILS(pwrite(fd, at, 1, 0), EFAULT);
	fault_reset();
	FAILS(pwrite(fd, at, 1, 0), EFAULT);
	ck_assert_int_eq(munmap(at, 40 * PAGE), 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* POSIX, msync(): EIO; the disk is full. */
START_TEST(msync_says_that_the_disk_did_not_take_it)
{
	int fd = make(2);
	volatile unsigned char *p = map(fd, 2, MAP_SHARED);
	void *at = (void *)(uintptr_t)p;

	p[0] = 's';
	fault_set("FlushViewOfFile", 0, 1, FULL);
	FAILS(msync(at, PAGE, MS_SYNC), ENOSPC);
	fault_set("FlushFileBuffers", 0, 1, 1117);	/* IO_DEVICE */
	FAILS(msync(at, PAGE, MS_SYNC), EIO);
	ck_assert_int_eq(msync(at, PAGE, MS_SYNC), 0);
	ck_assert_int_eq(munmap(at, 2 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A protection that NT refuses is not believed afterwards. */
START_TEST(mprotect_and_mlock_tell)
{
	unsigned char *p = mmap(NULL, 2 * PAGE, RW, ANON, -1, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	fault_set("VirtualProtect", 0, 1, NO_MEMORY);
	FAILS(mprotect(p, PAGE, PROT_READ), ENOMEM);
	p[0] = 1;
	fault_set("VirtualLock", 0, 2, 1453);	/* WORKING_SET_QUOTA */
	FAILS(mlock(p, PAGE), ENOMEM);
	fault_set("VirtualLock", 0, 1, 1453);
	ck_assert_int_eq(mlock(p, PAGE), 0);
	ck_assert_int_eq(munlock(p, PAGE), 0);
	ck_assert_int_eq(munmap(p, 2 * PAGE), 0);
}
END_TEST

/* A reservation that is cut in vain still has its bytes. */
START_TEST(a_cut_that_fails_keeps_the_bytes)
{
	int fd = make(16);
	unsigned char *p = mmap(NULL, 48 * PAGE, RW, ANON, -1, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	(void)memset(p, 'k', 48 * PAGE);
	fault_set("NtMapViewOfSection", 0, 1, S_NO_RESOURCES);
	NO_MAP(mmap(p + 16 * PAGE, 16 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd,
	    0), ENOMEM);
	ck_assert_int_eq(p[16 * PAGE - 1] + p[32 * PAGE], 2 * 'k');
	ck_assert_ptr_eq(mmap(p + 16 * PAGE, 16 * PAGE, RW, MAP_SHARED |
	    MAP_FIXED, fd, 0), p + 16 * PAGE);
	ck_assert_int_eq(p[16 * PAGE], 'm');
	ck_assert_int_eq(munmap(p, 48 * PAGE), 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_mapping_that_fails_leaves_nothing,
	    the_errno_says_what_is_missing,
	    a_view_that_cannot_grow_keeps_its_pages,
	    a_view_that_is_lost_can_be_unmapped,
	    msync_says_that_the_disk_did_not_take_it,
	    mprotect_and_mlock_tell, a_cut_that_fails_keeps_the_bytes };

	return fault_run("faults_map", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
