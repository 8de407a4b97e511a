/* select and pselect. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "compat/poll/util.h"

/* XSH select(): the sets are changed to what is ready. */
START_TEST(sets_are_reduced_to_what_is_ready)
{
	struct timeval tv = { .tv_sec = 5 };
	int a = eventfd(0, 0), b = eventfd(1, 0), n;
	fd_set rd, wr;

	FD_ZERO(&rd);
	FD_ZERO(&wr);
	FD_SET(a, &rd);
	FD_SET(b, &rd);
	FD_SET(a, &wr);
	n = (a > b ? a : b) + 1;
	ck_assert_int_eq(select(n, &rd, &wr, NULL, &tv), 2);
	ck_assert(!FD_ISSET(a, &rd));
	ck_assert(FD_ISSET(b, &rd));
	ck_assert(FD_ISSET(a, &wr));
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* "the objects pointed to ... have all bits set to zero". */
START_TEST(timeout_clears_the_sets)
{
	struct timeval tv = { .tv_usec = 20000 };
	struct timespec ts = { .tv_nsec = 5000000 };
	int a = eventfd(0, 0);
	double start = now_ms();
	fd_set rd;

	FD_ZERO(&rd);
	FD_SET(a, &rd);
	ck_assert_int_eq(select(a + 1, &rd, NULL, NULL, &tv), 0);
	ck_assert(now_ms() - start >= 20);
	ck_assert(!FD_ISSET(a, &rd));
	FD_SET(a, &rd);
	ck_assert_int_eq(pselect(a + 1, &rd, NULL, NULL, &ts, NULL), 0);
	ck_assert(!FD_ISSET(a, &rd));
	ck_assert_int_eq(close(a), 0);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	volatile int negative = -1;
	struct timeval tv = { .tv_sec = 1 };
	struct timespec ts = { .tv_nsec = 1000000000 };
	int a = eventfd(0, 0);
	fd_set rd;

	ck_assert_fails(select(negative, NULL, NULL, NULL, &tv), EINVAL);
	ck_assert_fails(pselect(0, NULL, NULL, NULL, &ts, NULL), EINVAL);
	ck_assert_int_eq(close(a), 0);
	FD_ZERO(&rd);
	FD_SET(a, &rd);
	ck_assert_fails(select(a + 1, &rd, NULL, NULL, &tv), EBADF);
	ck_assert(FD_ISSET(a, &rd));
}
END_TEST

/* The end of a stream is readable. */
START_TEST(sockets_can_be_selected)
{
	struct timeval tv = { .tv_sec = 5 };
	fd_set rd;
	int s[2];

	tcp_pair(s);
	ck_assert_int_eq(shutdown(s[1], SHUT_WR), 0);
	FD_ZERO(&rd);
	FD_SET(s[0], &rd);
	ck_assert_int_eq(select(s[0] + 1, &rd, NULL, NULL, &tv), 1);
	ck_assert(FD_ISSET(s[0], &rd));
	ck_assert(tv.tv_sec <= 5);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

START_TEST(sets_are_large_enough)
{
	fd_set set;

	ck_assert_int_ge(FD_SETSIZE, 1024);
	FD_ZERO(&set);
	FD_SET(FD_SETSIZE - 1, &set);
	ck_assert(FD_ISSET(FD_SETSIZE - 1, &set));
	ck_assert(!FD_ISSET(FD_SETSIZE - 2, &set));
	FD_CLR(FD_SETSIZE - 1, &set);
	ck_assert(!FD_ISSET(FD_SETSIZE - 1, &set));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("select");
	TCase *tc = tcase_create("select");

	tcase_add_test(tc, sets_are_reduced_to_what_is_ready);
	tcase_add_test(tc, timeout_clears_the_sets);
	tcase_add_test(tc, bad_arguments_are_refused);
	tcase_add_test(tc, sockets_can_be_selected);
	tcase_add_test(tc, sets_are_large_enough);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
