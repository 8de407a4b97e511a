/*
 * Threads on one description.  POSIX.1-2024, 2.9.7: read, write, pread, pwrite
 * and lseek are atomic with respect to each other on regular files.
 */
#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

#include "support/main.h"

#define THREADS 8
#define RECORD 64
#define PER_THREAD 2000
#define RECORDS (THREADS * PER_THREAD)

static int fd;
static atomic_int bad;
static atomic_uchar seen[RECORDS];

static void
fill(uint32_t *record, uint32_t number)
{
	int i;

	for (i = 0; i < RECORD / 4; i++)
		record[i] = number * 31 + (uint32_t)i;
}

static int
is_record(const uint32_t *record, uint32_t number)
{
	uint32_t want[RECORD / 4];

	fill(want, number);
	return memcmp(record, want, RECORD) == 0;
}

static void
make_records(const char *name)
{
	uint32_t record[RECORD / 4], i;

	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(fd, 0);
	for (i = 0; i < RECORDS; i++) {
		fill(record, i);
		ck_assert_int_eq(write(fd, record, RECORD), RECORD);
	}
	bad = 0;
}

/* All begin at once: one alone could be done before the next is there. */
static pthread_barrier_t ready;

static void
run_threads(void *(*fn)(void *))
{
	pthread_t t[THREADS];
	uintptr_t i;

	ck_assert_int_eq(pthread_barrier_init(&ready, NULL, THREADS), 0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, fn, (void *)i),
		    0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	(void)pthread_barrier_destroy(&ready);
}

/* The first word says which record it is. */
static void *
read_each_once(void *arg)
{
	uint32_t record[RECORD / 4], half[2][RECORD / 8], number;
	struct iovec iov[2] = { { half[0], RECORD / 2 },
	    { half[1], RECORD / 2 } };
	int vector = (uintptr_t)arg % 2 != 0;
	ssize_t n;

	(void)pthread_barrier_wait(&ready);
	while ((n = vector ? readv(fd, iov, 2) :
	    read(fd, record, RECORD)) == RECORD) {
		if (vector)
			(void)memcpy(record, half, RECORD);
		number = record[0] / 31;
		if (number >= RECORDS || !is_record(record, number) ||
		    atomic_fetch_add(&seen[number], 1) != 0)
			bad = 1;
	}
	if (n != 0)
		bad = 1;
	return NULL;
}

/* read(): of what one offset leads to, no two threads get the same bytes. */
START_TEST(threads_that_read_share_the_file_out)
{
	int i;

	make_records("out");
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	run_threads(read_each_once);
	ck_assert_int_eq(bad, 0);
	for (i = 0; i < RECORDS; i++)
		ck_assert_int_eq(seen[i], 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), RECORDS * RECORD);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void *
write_each_once(void *arg)
{
	uint32_t record[RECORD / 4], first = (uint32_t)(uintptr_t)arg, i;
	struct iovec iov[2] = { { record, 4 }, { record + 1, RECORD - 4 } };

	(void)pthread_barrier_wait(&ready);
	for (i = 0; i < PER_THREAD; i++) {
		fill(record, first * PER_THREAD + i);
		if ((i % 2 ? writev(fd, iov, 2) : write(fd, record,
		    RECORD)) != RECORD)
			bad = 1;
	}
	return NULL;
}

/* write(): and none overwrites what another wrote. */
START_TEST(threads_that_write_lose_nothing)
{
	uint32_t record[RECORD / 4];
	unsigned char count[RECORDS] = { 0 };
	int i;

	fd = open("in", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(fd, 0);
	bad = 0;
	run_threads(write_each_once);
	ck_assert_int_eq(bad, 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), RECORDS * RECORD);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	for (i = 0; i < RECORDS; i++) {
		ck_assert_int_eq(read(fd, record, RECORD), RECORD);
		ck_assert(record[0] / 31 < RECORDS);
		ck_assert(is_record(record, record[0] / 31));
		ck_assert_int_eq(count[record[0] / 31]++, 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Positioned calls all over the file, reads by offset, and writes of its own
 * records: every thread finds every record whole. */
static void *
mix(void *arg)
{
	uint32_t record[RECORD / 4], at = (uint32_t)(uintptr_t)arg * 977, i;

	(void)pthread_barrier_wait(&ready);
	for (i = 0; i < 4 * PER_THREAD; i++) {
		at = at * 1664525 + 1013904223;
		if (pread(fd, record, RECORD, (off_t)(at / 7 % RECORDS) *
		    RECORD) != RECORD || !is_record(record, at / 7 % RECORDS))
			bad = 1;
		if (i % 4 == 0 && pwrite(fd, record, RECORD,
		    (off_t)(at / 7 % RECORDS) * RECORD) != RECORD)
			bad = 1;
		if (i % 4 == 1 && read(fd, record, RECORD) == RECORD &&
		    !is_record(record, record[0] / 31))
			bad = 1;
		if (i % 16 == 2 && lseek(fd, 0, SEEK_CUR) % RECORD != 0)
			bad = 1;
	}
	return NULL;
}

START_TEST(mixed_calls_of_eight_threads_are_whole)
{
	make_records("mix");
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	run_threads(mix);
	ck_assert_int_eq(bad, 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), RECORDS * RECORD);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), RECORDS * RECORD);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		threads_that_read_share_the_file_out,
		threads_that_write_lose_nothing,
		mixed_calls_of_eight_threads_are_whole,
	};

	return run_cases("io threads", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
