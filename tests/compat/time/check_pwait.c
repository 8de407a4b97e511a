/*
 * ppoll(2), pselect(), epoll_pwait(2), epoll_pwait2(2): the signal mask holds
 * during the wait and only then.
 */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/time/timing.h"

/* Wait for fd, ns (-1: no limit) with a mask: what the call returns. */
typedef int wait_fn(int fd, int64_t ns, const sigset_t *mask);

static const struct timespec *
timeout_of(int64_t ns, struct timespec *ts)
{
	*ts = ts_of(ns);
	return ns < 0 ? NULL : ts;
}

static int
by_ppoll(int fd, int64_t ns, const sigset_t *mask)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec ts;

	return ppoll(&p, 1, timeout_of(ns, &ts), mask);
}

static int
by_pselect(int fd, int64_t ns, const sigset_t *mask)
{
	struct timespec ts;
	fd_set rd;

	FD_ZERO(&rd);
	FD_SET(fd, &rd);
	return pselect(fd + 1, &rd, NULL, NULL, timeout_of(ns, &ts), mask);
}

static int
with_epoll(int fd, int64_t ns, const sigset_t *mask, int is_new)
{
	int ep = epoll_create1(0), n, err;
	struct epoll_event ev;
	struct timespec ts;

	memset(&ev, 0, sizeof(ev));
	ev.events = EPOLLIN;
	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) != 0)
		abort();
	if (is_new)
		n = epoll_pwait2(ep, &ev, 1, timeout_of(ns, &ts), mask);
	else
		n = epoll_pwait(ep, &ev, 1,
		    ns < 0 ? -1 : (int)((ns + MS - 1) / MS), mask);
	err = errno;
	if (close(ep) != 0)
		abort();
	errno = err;
	return n;
}

static int
by_epoll_pwait(int fd, int64_t ns, const sigset_t *mask)
{
	return with_epoll(fd, ns, mask, 0);
}

static int
by_epoll_pwait2(int fd, int64_t ns, const sigset_t *mask)
{
	return with_epoll(fd, ns, mask, 1);
}

static wait_fn *const calls[] = {
	by_ppoll, by_pselect, by_epoll_pwait, by_epoll_pwait2,
};
#define CALLS ((int)(sizeof(calls) / sizeof(calls[0])))

static sigset_t none, usr1;

static void
setup(void)
{
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	handle_usr1(SA_RESTART);	/* makes no difference to these calls */
	block_usr1();
}

/* Let what is pending come, so that the next test begins with nothing. */
static void
teardown(void)
{
	unblock_usr1();
}

static int
is_pending(void)
{
	sigset_t set;

	ck_assert_int_eq(sigpending(&set), 0);
	return sigismember(&set, SIGUSR1);
}

static int
is_blocked(void)
{
	sigset_t set;

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &set), 0);
	return sigismember(&set, SIGUSR1);
}

/* XSH pselect(): the mask is replaced "before examining the descriptors". */
START_TEST(a_pending_signal_comes_inside_the_wait)
{
	int fd = eventfd(0, 0), n, err;

	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 0);
	errno = 0;
	n = calls[_i](fd, -1, &none);
	err = errno;
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(is_pending(), 0);
	ck_assert_int_eq(is_blocked(), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* NULL, or a mask that blocks it too: it stays where it is. */
START_TEST(a_blocked_signal_stays_pending)
{
	int fd = eventfd(0, 0);
	int64_t start = mono_ns();

	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(calls[_i](fd, 10 * MS, NULL), 0);
	ck_assert_int_eq(calls[_i](fd, 10 * MS, &usr1), 0);
	ck_assert(mono_ns() - start >= 20 * MS);
	ck_assert_int_eq(handled, 0);
	ck_assert_int_eq(is_pending(), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Linux, since 5.3: what is ready wins, and the signal was not let in. */
START_TEST(a_ready_descriptor_beats_a_pending_signal)
{
	int fd = eventfd(1, 0);

	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(calls[_i](fd, -1, &none), 1);
	ck_assert_int_eq(handled, 0);
	ck_assert_int_eq(is_pending(), 1);
	ck_assert_int_eq(is_blocked(), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Without time to wait ppoll and pselect let it in; epoll does not wait. */
START_TEST(a_poll_without_time_lets_a_signal_in)
{
	int fd = eventfd(0, 0), is_epoll = _i >= 2, n, err;

	ck_assert_int_eq(raise(SIGUSR1), 0);
	errno = 0;
	n = calls[_i](fd, 0, &none);
	err = errno;
	ck_assert_int_eq(n, is_epoll ? 0 : -1);
	if (!is_epoll)
		ck_assert_int_eq(err, EINTR);
	ck_assert_int_eq(handled, !is_epoll);
	ck_assert_int_eq(is_pending(), is_epoll);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_signal_ends_a_wait_that_lets_it_in)
{
	int fd = eventfd(0, 0), n, err;

	sender_start(SIGUSR1);
	n = calls[_i](fd, -1, &none);
	err = errno;
	sender_stop();
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_int_ge(handled, 1);
	ck_assert_int_eq(is_blocked(), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The mask blocks what the thread does not: it comes when the wait is over. */
START_TEST(a_signal_waits_for_the_end_of_a_wait)
{
	int fd = eventfd(0, 0), n, err;

	unblock_usr1();
	sender_start(SIGUSR1);
	errno = 0;
	n = calls[_i](fd, 30 * MS, &usr1);
	err = errno;
	sender_stop();
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(err, 0);
	ck_assert_int_eq(is_blocked(), 0);
	ck_assert_int_ge(handled, 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_timeout_is_never_early)
{
	static const int64_t lengths[] = { 1, 1000, 300000, 5 * MS + 1 };
	int fd = eventfd(0, 0);
	int64_t start, took;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		start = mono_ns();
		ck_assert_int_eq(calls[_i](fd, lengths[i], &none), 0);
		took = mono_ns() - start;
		ck_assert(took >= lengths[i]);
		ck_assert(took < LONG_NS);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* EINVAL for a time that is none, and what epoll_pwait2() says besides. */
START_TEST(arguments_are_checked)
{
	static const struct timespec bad[] = {
		{ 0, 1000000000 }, { 0, -1 }, { -1, 0 },
	};
	int fd = eventfd(0, 0), ep = epoll_create1(0);
	struct epoll_event ev;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_fails(ppoll(NULL, 0, &bad[i], NULL), EINVAL);
		ck_assert_fails(pselect(0, NULL, NULL, NULL, &bad[i], NULL),
		    EINVAL);
		ck_assert_fails(epoll_pwait2(ep, &ev, 1, &bad[i], NULL),
		    EINVAL);
	}
	ck_assert_fails(epoll_pwait2(ep, &ev, 0, NULL, NULL), EINVAL);
	ck_assert_fails(epoll_pwait2(fd, &ev, 1, NULL, NULL), EINVAL);
	ck_assert_fails(epoll_pwait2(-1, &ev, 1, NULL, NULL), EBADF);
	ck_assert_fails(epoll_pwait(-1, &ev, 1, 0, &none), EBADF);
	ck_assert_int_eq(is_blocked(), 1);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pwait");
	TCase *tc = tcase_create("pwait");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_pending_signal_comes_inside_the_wait, 0,
	    CALLS);
	tcase_add_loop_test(tc, a_blocked_signal_stays_pending, 0, CALLS);
	tcase_add_loop_test(tc, a_ready_descriptor_beats_a_pending_signal, 0,
	    CALLS);
	tcase_add_loop_test(tc, a_poll_without_time_lets_a_signal_in, 0,
	    CALLS);
	tcase_add_loop_test(tc, a_signal_ends_a_wait_that_lets_it_in, 0,
	    CALLS);
	tcase_add_loop_test(tc, a_signal_waits_for_the_end_of_a_wait, 0,
	    CALLS);
	tcase_add_loop_test(tc, a_timeout_is_never_early, 0, CALLS);
	tcase_add_test(tc, arguments_are_checked);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
