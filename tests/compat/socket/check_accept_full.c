/* accept(2) and the numbers of descriptors: EMFILE, "the lowest". */
#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define PATH "s"
#define PROBES 500		/* a thread begins within ms */

/* The lowest number that is free. */
static int
next_number(int fd)
{
	int n = dup(fd);

	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(close(n), 0);
	return n;
}

static struct rlimit
allow(int numbers)
{
	struct rlimit old, now;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	now = old;
	now.rlim_cur = (rlim_t)numbers;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &now), 0);
	return old;
}

/* c is in l's queue, and stays there until there is a number for it. */
static void
expect_to_stay(int l, int c)
{
	struct rlimit old = allow(next_number(l));
	int a, i;

	ck_assert_int_eq(net_wait(l, POLLIN), POLLIN);
	for (i = 0; i < 3; i++)
		FAILS(accept(l, NULL, NULL), EMFILE);
	ck_assert_int_eq(net_wait(l, POLLIN), POLLIN);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(c, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}

/* accept(2), EMFILE. */
START_TEST(a_connection_waits_for_a_free_number)
{
	uint16_t port;
	int l = net_listen(&port);

	expect_to_stay(l, net_connect(port));
}
END_TEST

START_TEST(a_unix_connection_waits_for_a_free_number)
{
	int l = uds_listen(PATH, 1);

	expect_to_stay(l, uds_connect(PATH));
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

/* There is nothing to wait for. */
START_TEST(without_a_free_number_accept_does_not_block)
{
	uint16_t port;
	int l = net_listen(&port);
	struct rlimit old = allow(next_number(l));

	FAILS(accept(l, NULL, NULL), EMFILE);
	FAILS(accept4(l, NULL, NULL, SOCK_NONBLOCK), EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

static void *
accept_in_thread(void *arg)
{
	int *fd = arg;

	*fd = accept(*fd, NULL, NULL);
	return NULL;
}

/*
 * Of n numbers from the lowest on, the one that is not to be had, or -1.  Who
 * takes one meanwhile takes the next after these.
 */
static int
missing(int fd, int lowest, int n)
{
	int copy[PROBES], i, found = -1;

	for (i = 0; i < n; i++) {
		copy[i] = dup(fd);
		ck_assert_int_ge(copy[i], 0);
		if (copy[i] != lowest + i && found < 0)
			found = lowest + i;
	}
	for (i = 0; i < n; i++)
		ck_assert_int_eq(close(copy[i]), 0);
	return found;
}

/* dup2(2), EBUSY: a number that a blocked accept() has taken is not open. */
START_TEST(a_blocked_accept_has_its_number)
{
	const struct timespec ms = { 0, 1000000 };
	uint16_t port;
	int l = net_listen(&port), how = l, c, n = -1, i, lowest;
	pthread_t t;

	lowest = next_number(l);
	ck_assert_int_eq(pthread_create(&t, NULL, accept_in_thread, &how), 0);
	for (i = 1; n < 0 && i <= PROBES; i++) {
		n = missing(l, lowest, i);
		/* A new thread may open files for itself. */
		if (n >= 0 && fcntl(n, F_GETFD) != -1)
			n = -1;
		(void)nanosleep(&ms, NULL);
	}
	ck_assert_int_ge(n, lowest);
	FAILS(close(n), EBADF);
	FAILS(dup2(l, n), EBUSY);
	c = net_connect(port);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(how, n);
	uds_exchange(c, n);
	ck_assert_int_eq(close(n), 0);
	ck_assert_int_eq(close(c), 0);
	/* Who gives up gives the number back. */
	net_nonblock(l);
	FAILS(accept(l, NULL, NULL), EAGAIN);
	ck_assert_int_eq(next_number(l), lowest);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_connection_waits_for_a_free_number,
		a_unix_connection_waits_for_a_free_number,
		without_a_free_number_accept_does_not_block,
		a_blocked_accept_has_its_number,
	};

	return run_cases("accept", tests, sizeof(tests) / sizeof(tests[0]));
}
