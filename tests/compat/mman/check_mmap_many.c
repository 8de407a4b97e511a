/* Many mappings, many times, from many threads. */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/host.h"
#include "support/main.h"

#define MANY 10000
#define THREADS 8
#define ROUNDS 1000

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

/* 10,000 mappings at once: each its own memory, all found again. */
START_TEST(ten_thousand_mappings_can_live_at_once)
{
	unsigned char **p = calloc(MANY, sizeof(*p));
	int fd = new_file("f", 100 * PAGE), i;

	ck_assert_ptr_nonnull(p);
	for (i = 0; i < MANY; i++) {
		/* Every second one away from its neighbours on Linux, too. */
		p[i] = i % 4 == 3 ? map_ok(PAGE, PROT_READ, MAP_SHARED, fd,
		    (long long)(i % 100) * PAGE) :
		    map_ok(PAGE, RW, ANON, -1, 0);
		if (i % 4 != 3)
			(void)memcpy(p[i], &i, sizeof(i));
	}
	for (i = 0; i < MANY; i++) {
		if (i % 4 == 3)
			ck_assert_int_eq(p[i][7],
			    pattern((size_t)(i % 100) * PAGE + 7));
		else
			ck_assert_mem_eq(p[i], &i, sizeof(i));
	}
	for (i = 0; i < MANY; i += 2)
		ck_assert_int_eq(munmap(p[i], PAGE), 0);
	for (i = 1; i < MANY; i += 2)
		ck_assert_int_eq(munmap(p[i], PAGE), 0);
	free(p);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * Nothing is left behind: neither handles nor addresses.  1 TB of addresses
 * goes through here, in pieces of 100 MB; a part of each is unmapped by itself.
 */
START_TEST(ten_thousand_rounds_leave_nothing_behind)
{
	const size_t size = 100 << 20;
	int fd = new_file("f", 3 * PAGE), i, handles = 0;
	unsigned char *p;

	for (i = 0; i < MANY; i++) {
		if (i == 100)
			handles = host_handles();
		p = i % 2 ? map_ok(size, PROT_NONE, ANON, -1, 0) :
		    map_ok(size, RW, i % 4 ? MAP_SHARED : MAP_PRIVATE, fd,
		    PAGE);
		if (i % 2 == 0)
			p[PAGE] = (unsigned char)i;
		ck_assert_int_eq(munmap(p + 20 * PAGE, 7 * PAGE), 0);
		ck_assert_int_eq(munmap(p, size), 0);
	}
	ck_assert_int_eq(host_handles(), handles);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static struct {
	int fd;
	unsigned char *grown;
	atomic_int pages, wrong, stop;
} all;

/* No ck_assert here: it would leave the thread by longjmp. */
static void *
map_and_unmap(void *arg)
{
	int me = (int)(intptr_t)arg, i;
	unsigned char *p, *q;

	for (i = 0; i < ROUNDS; i++) {
		p = mmap(NULL, 3 * PAGE, RW, ANON, -1, 0);
		q = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, all.fd,
		    (off_t)me * PAGE);
		if (p == MAP_FAILED || q == MAP_FAILED) {
			atomic_fetch_add(&all.wrong, 1);
			return NULL;
		}
		(void)memset(p, me, 3 * PAGE);
		q[i % PAGE] = (unsigned char)me;
		if (munmap(p + PAGE, PAGE) != 0 || p[0] != me ||
		    p[2 * PAGE] != me || q[i % PAGE] != me ||
		    mprotect(p, PAGE, PROT_READ) != 0 ||
		    munmap(p, 3 * PAGE) != 0 || munmap(q, 2 * PAGE) != 0)
			atomic_fetch_add(&all.wrong, 1);
	}
	return NULL;
}

/* Looks at the pages that are there, while more come. */
static void *
watch_growth(void *arg)
{
	int n, i;

	(void)arg;
	while (!atomic_load(&all.stop)) {
		n = atomic_load(&all.pages);
		for (i = 0; i < n; i++)
			if (all.grown[i * PAGE + 9] != (i & 255))
				atomic_fetch_add(&all.wrong, 1);
	}
	return NULL;
}

START_TEST(threads_map_and_unmap_at_once)
{
	pthread_t t[THREADS];
	int i;

	all.fd = new_file("f", (THREADS + 2) * PAGE);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, map_and_unmap,
		    (void *)(intptr_t)i), 0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(atomic_load(&all.wrong), 0);
	ck_assert_int_eq(close(all.fd), 0);
}
END_TEST

/* The view is replaced under threads that read it, 500 times. */
START_TEST(growth_does_not_disturb_readers)
{
	const int pages = 500;
	int fd = new_file("g", 0), i;
	unsigned char c;
	pthread_t t[3];

	all.grown = map_ok((size_t)pages * PAGE, RW, MAP_SHARED, fd, 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, watch_growth,
		    NULL), 0);
	for (i = 0; i < pages; i++) {
		c = (unsigned char)i;
		ck_assert_int_eq(pwrite(fd, &c, 1, (off_t)i * PAGE + 9), 1);
		ck_assert_int_eq(all.grown[i * PAGE + 9], c);
		atomic_store(&all.pages, i + 1);
	}
	atomic_store(&all.stop, 1);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	if (host_is_wine())
		host_skip("what the readers saw", "LIM-MMAP-12: a new view "
		    "of Wine's shows zeros for a moment");
	else
		ck_assert_int_eq(atomic_load(&all.wrong), 0);
	for (i = 0; i < pages; i++)
		ck_assert_int_eq(all.grown[i * PAGE + 9], i & 255);
	ck_assert_int_eq(munmap(all.grown, (size_t)pages * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    ten_thousand_mappings_can_live_at_once,
	    ten_thousand_rounds_leave_nothing_behind,
	    threads_map_and_unmap_at_once, growth_does_not_disturb_readers };

	return run_cases("mmap_many", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
