/* epoll_create, epoll_ctl, epoll_wait: arguments, results, timeouts. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "support/handle.h"

#define BAD_FD 9999

static int ep, ev;

static void
setup(void)
{
	ck_assert_int_ge(ep = epoll_create1(0), 0);
	ck_assert_int_ge(ev = eventfd(0, EFD_NONBLOCK), 0);
}

static void
teardown(void)
{
	ck_assert_int_eq(close(ev), 0);
	ck_assert_int_eq(close(ep), 0);
}

/* <linux/eventpoll.h>: on x86-64 as on i386, where 64 bits align to 4. */
START_TEST(an_event_has_no_hole)
{
#ifdef __x86_64__
	ck_assert_uint_eq(offsetof(struct epoll_event, data), 4);
	ck_assert_uint_eq(sizeof(struct epoll_event), 12);
#endif
}
END_TEST

/* epoll_create(2). */
START_TEST(create_gives_the_lowest_descriptor)
{
	int a = epoll_create(1), b;

	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(b = epoll_create1(0), a);
	ck_assert_int_eq(fcntl(b, F_GETFD), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(b = epoll_create1(EPOLL_CLOEXEC), a);
	ck_assert_int_eq(fcntl(b, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* epoll_create(2), ERRORS. */
START_TEST(create_refuses_bad_arguments)
{
	ck_assert_fails(epoll_create(0), EINVAL);
	ck_assert_fails(epoll_create(-1), EINVAL);
	ck_assert_fails(epoll_create1(1), EINVAL);
}
END_TEST

/* epoll_ctl(2), ERRORS, and which of two comes first. */
START_TEST(ctl_refuses_bad_arguments)
{
	struct epoll_event e;

	memset(&e, 0, sizeof(e));
	e.events = EPOLLIN;
	ck_assert_fails(epoll_ctl(BAD_FD, EPOLL_CTL_ADD, ev, &e), EBADF);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, BAD_FD, &e), EBADF);
	ck_assert_fails(epoll_ctl(-1, EPOLL_CTL_ADD, -1, &e), EBADF);
	ck_assert_fails(epoll_ctl(ev, EPOLL_CTL_ADD, ep, &e), EINVAL);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e), EINVAL);
	ck_assert_fails(epoll_ctl(ep, 4711, ev, &e), EINVAL);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, ev, NULL), EFAULT);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e), ENOENT);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL), ENOENT);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e), 0);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e), EEXIST);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL), 0);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_DEL, ev, NULL), ENOENT);
}
END_TEST

/* epoll_ctl(2), EPERM. */
START_TEST(ctl_refuses_regular_files)
{
	struct epoll_event e;
	int fd = open("epoll_basic.tmp", O_RDWR | O_CREAT, 0600);

	memset(&e, 0, sizeof(e));
	ck_assert_int_ge(fd, 0);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), EPERM);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("epoll_basic.tmp"), 0);
}
END_TEST

/* Linux: of the devices without data only random(4) can be waited for. */
START_TEST(random_is_ready_and_null_is_refused)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT };
	int fd = open("/dev/random", O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), 0);
	e.events = 0;
	ck_assert_int_eq(epoll_wait(ep, &e, 1, -1), 1);
	ck_assert_uint_eq(e.events, EPOLLIN);
	ck_assert_int_eq(close(fd), 0);
	fd = open("/dev/null", O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), EPERM);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* epoll_ctl(2), EPOLLEXCLUSIVE. */
START_TEST(exclusive_goes_with_add_only)
{
	struct epoll_event e;
	int inner = epoll_create1(0);

	memset(&e, 0, sizeof(e));
	ck_assert_int_ge(inner, 0);
	e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e), EINVAL);
	e.events = EPOLLIN | EPOLLEXCLUSIVE;
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_ADD, inner, &e), EINVAL);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e), 0);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e), EINVAL);
	e.events = EPOLLIN;
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e), EINVAL);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, 0, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(inner), 0);
}
END_TEST

/* epoll_wait(2), ERRORS. */
START_TEST(wait_refuses_bad_arguments)
{
	volatile int negative = -1;	/* no compiler warning about it */
	struct epoll_event e;

	ck_assert_fails(epoll_wait(BAD_FD, &e, 1, 0), EBADF);
	ck_assert_fails(epoll_wait(ev, &e, 1, 0), EINVAL);
	ck_assert_fails(epoll_wait(ep, &e, 0, 0), EINVAL);
	ck_assert_fails(epoll_wait(ep, &e, negative, 0), EINVAL);
}
END_TEST

/* epoll_ctl(2): "the user data variable"; all 64 bits come back. */
START_TEST(wait_returns_the_data)
{
	struct epoll_event e;

	memset(&e, 0, sizeof(e));
	e.events = EPOLLIN;
	e.data.u64 = UINT64_C(0x0123456789abcdef);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e), 0);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	memset(&e, 0, sizeof(e));
	ck_assert_int_eq(epoll_wait(ep, &e, 1, LONG_MS), 1);
	ck_assert_uint_eq(e.events, EPOLLIN);
	ck_assert(e.data.u64 == UINT64_C(0x0123456789abcdef));

	e.events = EPOLLIN | EPOLLOUT;
	e.data.u64 = 7;
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_MOD, ev, &e), 0);
	ck_assert_int_eq(epoll_wait(ep, &e, 1, LONG_MS), 1);
	ck_assert_uint_eq(e.events, EPOLLIN | EPOLLOUT);
	ck_assert_uint_eq(e.data.u32, 7);
}
END_TEST

/* epoll(7): level-triggered means reported as long as it holds. */
START_TEST(level_is_reported_again)
{
	uint64_t v;

	ep_add(ep, ev, EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_int_eq(eventfd_read(ev, &v), 0);
	ck_assert_idle(ep);
}
END_TEST

/* epoll(7), EPOLLET: once per write, read or not. */
START_TEST(edge_is_reported_once)
{
	ep_add(ep, ev, EPOLLIN | EPOLLET);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
	ep_mod(ep, ev, EPOLLIN | EPOLLET);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
}
END_TEST

/* epoll_ctl(2), EPOLLONESHOT: disabled until the next MOD. */
START_TEST(oneshot_is_reported_once)
{
	ep_add(ep, ev, EPOLLIN | EPOLLONESHOT);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_idle(ep);
	ep_mod(ep, ev, EPOLLIN | EPOLLONESHOT);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
	ck_assert_idle(ep);
}
END_TEST

/* epoll(7), Questions: the key is the number and the description. */
START_TEST(duplicate_is_a_registration_of_its_own)
{
	struct epoll_event e[4];
	int dupfd = dup(ev);

	ck_assert_int_ge(dupfd, 0);
	ep_add(ep, ev, EPOLLIN);
	ep_add(ep, dupfd, EPOLLIN);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_int_eq(epoll_wait(ep, e, 4, LONG_MS), 2);
	ck_assert_int_eq(e[0].data.fd + e[1].data.fd, ev + dupfd);
	ep_del(ep, ev);
	ck_assert_int_eq(epoll_wait(ep, e, 4, LONG_MS), 1);
	ck_assert_int_eq(e[0].data.fd, dupfd);
	ck_assert_int_eq(close(dupfd), 0);
}
END_TEST

/* epoll(7): closing removes it, unless a duplicate keeps the description. */
START_TEST(close_removes_unless_duplicated)
{
	struct epoll_event e;
	int a = eventfd(1, 0), b;

	ck_assert_int_ge(a, 0);
	ck_assert_int_ge(b = dup(a), 0);
	ep_add(ep, a, EPOLLIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_uint_eq(ep_wait_for(ep, a, LONG_MS), EPOLLIN);
	memset(&e, 0, sizeof(e));
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_DEL, a, &e), EBADF);
	ck_assert_int_eq(close(b), 0);
	ck_assert_idle(ep);
}
END_TEST

/* A new description with an old number does not inherit a registration. */
START_TEST(reused_number_is_not_registered)
{
	struct epoll_event e;
	int a = eventfd(1, 0), b;

	ep_add(ep, a, EPOLLIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(b = eventfd(1, 0), a);
	ck_assert_idle(ep);
	memset(&e, 0, sizeof(e));
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_MOD, b, &e), ENOENT);
	ep_add(ep, b, EPOLLIN);
	ck_assert_uint_eq(ep_wait_for(ep, b, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* epoll(7), Questions: "the combination" of number and description. */
START_TEST(reused_number_is_a_registration_of_its_own)
{
	int old = eventfd(1, 0), copy = dup(old), new;
	struct epoll_event e[4];

	ep_add(ep, old, EPOLLIN);
	ck_assert_int_eq(close(old), 0);
	ck_assert_int_eq(new = eventfd(1, 0), old);
	ep_add(ep, new, EPOLLIN);
	ck_assert_int_eq(epoll_wait(ep, e, 4, 0), 2);
	ep_del(ep, new);
	ck_assert_int_eq(epoll_wait(ep, e, 4, 0), 1);
	ck_assert_fails(epoll_ctl(ep, EPOLL_CTL_DEL, new, NULL), ENOENT);
	ck_assert_int_eq(close(copy), 0);
	ck_assert_idle(ep);
	ck_assert_int_eq(close(new), 0);
}
END_TEST

/* epoll_wait(2), NOTES: successive calls go round the ready set. */
START_TEST(small_buffer_starves_nobody)
{
	struct epoll_event e;
	int fd[8], seen[8] = { 0 }, i, n;

	for (i = 0; i < 8; i++) {
		ck_assert_int_ge(fd[i] = eventfd(1, 0), 0);
		ep_add(ep, fd[i], EPOLLIN);
	}
	for (n = 0; n < 8; n++) {
		ck_assert_int_eq(epoll_wait(ep, &e, 1, LONG_MS), 1);
		for (i = 0; i < 8; i++)
			seen[i] += e.data.fd == fd[i];
	}
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(seen[i], 1);
		ck_assert_int_eq(close(fd[i]), 0);
	}
}
END_TEST

/* epoll_wait(2): timeout is the least time that it blocks, in ms. */
START_TEST(timeout_is_kept)
{
	static const int ms[] = { 0, 1, 5, 50 };
	struct epoll_event e;
	double start, took;
	size_t i;

	ep_add(ep, ev, EPOLLIN);
	for (i = 0; i < sizeof(ms) / sizeof(ms[0]); i++) {
		start = now_ms();
		ck_assert_int_eq(epoll_wait(ep, &e, 1, ms[i]), 0);
		took = now_ms() - start;
		ck_assert_msg(took >= ms[i] && took < ms[i] + 2000,
		    "%d ms took %d us", ms[i], (int)(took * 1000));
	}
}
END_TEST

/* epoll_pwait(2): "may be NULL, in which case it is equivalent". */
START_TEST(pwait_without_a_mask_waits)
{
	struct epoll_event e;
	sigset_t mask;

	ep_add(ep, ev, EPOLLOUT);
	ck_assert_int_eq(epoll_pwait(ep, &e, 1, LONG_MS, NULL), 1);
	ck_assert_uint_eq(e.events, EPOLLOUT);
	sigemptyset(&mask);
	ck_assert_int_eq(epoll_pwait(ep, &e, 1, LONG_MS, &mask), 1);
	ck_assert_uint_eq(e.events, EPOLLOUT);
}
END_TEST

static volatile sig_atomic_t handled;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

/*
 * epoll_pwait(2): the mask is replaced atomically, so a signal that was
 * blocked before ends the wait; signal(7): SA_RESTART does not restart it.
 */
START_TEST(pwait_is_ended_by_a_signal_it_unblocks)
{
	struct epoll_event e;
	sigset_t block, old, now;

	handle_signal(SIGTERM, on_signal, SA_RESTART);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &block, &old), 0);
	ck_assert_int_eq(raise(SIGTERM), 0);
	ck_assert_int_eq(handled, 0);
	ck_assert_int_eq(epoll_pwait(ep, &e, 1, 1, &block), 0);
	ck_assert_int_eq(handled, 0);
	ck_assert_fails(epoll_pwait(ep, &e, 1, LONG_MS, &old), EINTR);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGTERM), 1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

START_TEST(thousand_instances_leave_nothing_behind)
{
	int i, fd;

	for (i = 0; i < 1000; i++) {
		ck_assert_int_ge(fd = epoll_create1(0), 0);
		ep_add(fd, ev, EPOLLIN);
		ck_assert_int_eq(close(fd), 0);
	}
	ep_add(ep, ev, EPOLLIN);
	ck_assert_int_eq(eventfd_write(ev, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, ev, LONG_MS), EPOLLIN);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("epoll_basic");
	TCase *tc = tcase_create("epoll");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_event_has_no_hole);
	tcase_add_test(tc, create_gives_the_lowest_descriptor);
	tcase_add_test(tc, create_refuses_bad_arguments);
	tcase_add_test(tc, ctl_refuses_bad_arguments);
	tcase_add_test(tc, ctl_refuses_regular_files);
	tcase_add_test(tc, random_is_ready_and_null_is_refused);
	tcase_add_test(tc, exclusive_goes_with_add_only);
	tcase_add_test(tc, wait_refuses_bad_arguments);
	tcase_add_test(tc, wait_returns_the_data);
	tcase_add_test(tc, level_is_reported_again);
	tcase_add_test(tc, edge_is_reported_once);
	tcase_add_test(tc, oneshot_is_reported_once);
	tcase_add_test(tc, duplicate_is_a_registration_of_its_own);
	tcase_add_test(tc, close_removes_unless_duplicated);
	tcase_add_test(tc, reused_number_is_not_registered);
	tcase_add_test(tc, reused_number_is_a_registration_of_its_own);
	tcase_add_test(tc, small_buffer_starves_nobody);
	tcase_add_test(tc, timeout_is_kept);
	tcase_add_test(tc, pwait_without_a_mask_waits);
	tcase_add_test(tc, pwait_is_ended_by_a_signal_it_unblocks);
	tcase_add_test(tc, thousand_instances_leave_nothing_behind);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
