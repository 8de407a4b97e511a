/* eventfd(2). */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat/poll/util.h"

#define MAX (UINT64_MAX - 1)

static uint64_t
get(int fd)
{
	uint64_t v = 0;

	ck_assert_int_eq(read(fd, &v, sizeof(v)), sizeof(v));
	return v;
}

static void
put(int fd, uint64_t v)
{
	ck_assert_int_eq(write(fd, &v, sizeof(v)), sizeof(v));
}

START_TEST(flags_are_checked_and_kept)
{
	int fd;

	ck_assert_fails(eventfd(0, 0x10000000), EINVAL);
	ck_assert_int_ge(fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE),
	    O_NONBLOCK | O_RDWR);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* read: the counter's value, and it is 0 then. */
START_TEST(read_takes_the_sum)
{
	int fd = eventfd(3, EFD_NONBLOCK);
	uint64_t v;

	put(fd, 4);
	put(fd, UINT64_C(0x100000000));
	ck_assert(get(fd) == UINT64_C(0x100000007));
	ck_assert_fails(read(fd, &v, sizeof(v)), EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* EFD_SEMAPHORE: 1 at a time. */
START_TEST(semaphore_gives_one_at_a_time)
{
	int fd = eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);
	uint64_t v;

	ck_assert(get(fd) == 1);
	ck_assert(get(fd) == 1);
	ck_assert_fails(read(fd, &v, sizeof(v)), EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* ERRORS: EINVAL for less than eight bytes and for 2^64 - 1. */
START_TEST(small_buffers_are_refused)
{
	int fd = eventfd(1, EFD_NONBLOCK);
	char buf[16] = { 0 };

	ck_assert_fails(read(fd, buf, 7), EINVAL);
	ck_assert_fails(write(fd, buf, 7), EINVAL);
	memset(buf, 0xff, sizeof(buf));
	ck_assert_fails(write(fd, buf, 8), EINVAL);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 8);
	ck_assert_int_eq(buf[0], 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The counter holds 2^64 - 2 at most. */
START_TEST(counter_does_not_overflow)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	uint64_t one = 1, none = 0;

	put(fd, MAX);
	ck_assert_fails(write(fd, &one, sizeof(one)), EAGAIN);
	ck_assert_int_eq(write(fd, &none, sizeof(none)), 8);
	ck_assert(get(fd) == MAX);
	put(fd, one);
	ck_assert(get(fd) == 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(writing_nothing_leaves_it_unreadable)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	uint64_t v;

	put(fd, 0);
	ck_assert_fails(read(fd, &v, sizeof(v)), EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(seeking_is_refused)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	char buf[8];

	ck_assert_fails(pread(fd, buf, sizeof(buf), 0), ESPIPE);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(vector_read_spreads_the_value)
{
	int fd = eventfd(0x01020304, EFD_NONBLOCK);
	char a[3], b[16];
	struct iovec iov[2] = { { a, sizeof(a) }, { b, sizeof(b) } };

	ck_assert_int_eq(readv(fd, iov, 2), 8);
	ck_assert_int_eq(a[0], 4);
	ck_assert_int_eq(a[2], 2);
	ck_assert_int_eq(b[0], 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(glibc_helpers_work)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	eventfd_t v = 0;

	ck_assert_fails(eventfd_read(fd, &v), EAGAIN);
	ck_assert_int_eq(eventfd_write(fd, 5), 0);
	ck_assert_int_eq(eventfd_read(fd, &v), 0);
	ck_assert(v == 5);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_fails(eventfd_read(fd, &v), EBADF);
	ck_assert_fails(eventfd_write(fd, 1), EBADF);
}
END_TEST

/* poll(2): readable above 0, writable below 2^64 - 2. */
START_TEST(readiness_follows_the_counter)
{
	int fd = eventfd(0, EFD_NONBLOCK), ep = epoll_create1(0);

	ep_add(ep, fd, EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLOUT);
	put(fd, 1);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN | EPOLLOUT);
	put(fd, MAX - 1);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLIN);
	(void)get(fd);
	ck_assert_uint_eq(ep_wait_for(ep, fd, LONG_MS), EPOLLOUT);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

struct pair {
	int there, back;
};

static void *
answer(void *arg)
{
	struct pair *p = arg;
	int i;

	for (i = 0; i < 500; i++)
		put(p->back, get(p->there) + 1);
	return NULL;
}

/* Two threads that block for each other. */
START_TEST(blocked_read_ends_with_a_write)
{
	struct pair p = { eventfd(0, 0), eventfd(0, 0) };
	pthread_t t;
	int i;

	ck_assert_int_eq(pthread_create(&t, NULL, answer, &p), 0);
	for (i = 1; i <= 500; i++) {
		put(p.there, (uint64_t)i);
		ck_assert(get(p.back) == (uint64_t)i + 1);
	}
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(close(p.there), 0);
	ck_assert_int_eq(close(p.back), 0);
}
END_TEST

static void *
fill_again(void *arg)
{
	int *fd = arg;
	int i;

	for (i = 0; i < 100; i++)
		put(*fd, MAX);
	return NULL;
}

START_TEST(blocked_write_ends_with_a_read)
{
	int fd = eventfd(0, 0), i;
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, fill_again, &fd), 0);
	for (i = 0; i < 100; i++)
		ck_assert(get(fd) == MAX);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

#define TAKERS 4

static void *
take_100(void *arg)
{
	int *fd = arg;
	int i;

	for (i = 0; i < 100; i++)
		ck_assert(get(*fd) == 1);
	return NULL;
}

/* None of several blocked readers is forgotten. */
START_TEST(semaphore_feeds_all_readers)
{
	int fd = eventfd(0, EFD_SEMAPHORE), i;
	pthread_t t[TAKERS];
	uint64_t v;

	for (i = 0; i < TAKERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, take_100, &fd),
		    0);
	for (i = 0; i < TAKERS * 50; i++)
		put(fd, 2);
	for (i = 0; i < TAKERS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert_fails(read(fd, &v, sizeof(v)), EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("eventfd");
	TCase *tc = tcase_create("eventfd");

	tcase_add_test(tc, flags_are_checked_and_kept);
	tcase_add_test(tc, read_takes_the_sum);
	tcase_add_test(tc, semaphore_gives_one_at_a_time);
	tcase_add_test(tc, small_buffers_are_refused);
	tcase_add_test(tc, counter_does_not_overflow);
	tcase_add_test(tc, writing_nothing_leaves_it_unreadable);
	tcase_add_test(tc, seeking_is_refused);
	tcase_add_test(tc, vector_read_spreads_the_value);
	tcase_add_test(tc, glibc_helpers_work);
	tcase_add_test(tc, readiness_follows_the_counter);
	tcase_add_test(tc, blocked_read_ends_with_a_write);
	tcase_add_test(tc, blocked_write_ends_with_a_read);
	tcase_add_test(tc, semaphore_feeds_all_readers);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
