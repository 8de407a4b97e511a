/*
 * What a call that a signal ends tells besides EINTR; whether one does is the
 * matter of the other check_eintr_*.
 *
 * Check's assertions write to a file, which bears neither a second thread nor
 * a signal: there are none in the senders, and none while a sender runs.
 */
#include <sys/epoll.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/handle.h"

static atomic_int handled, done;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
	errno = EDOM;			/* must not show */
}

static void
action(void)
{
	handle_signal(SIGUSR1, on_signal, 0);
	handled = done = 0;
}

/* Only the main thread can handle the signal: this one blocks it. */
static void *
send_until_done(void *arg)
{
	(void)arg;
	while (!done) {
		if (kill(getpid(), SIGUSR1) != 0)
			abort();
		sched_yield();
	}
	return NULL;
}

static pthread_t
start(void)
{
	pthread_t thread;

	mask_signal(SIG_BLOCK, SIGUSR1);
	if (pthread_create(&thread, NULL, send_until_done, NULL) != 0)
		abort();
	mask_signal(SIG_UNBLOCK, SIGUSR1);
	return thread;
}

static void
finish(pthread_t thread)
{
	done = 1;
	if (pthread_join(thread, NULL) != 0)
		abort();
}

/* epoll_pwait(2): the mask holds for the wait, atomically. */
START_TEST(epoll_pwait_lets_a_blocked_signal_in)
{
	struct epoll_event ev;
	sigset_t none, now;
	int ep = epoll_create1(0);

	action();
	mask_signal(SIG_BLOCK, SIGUSR1);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(handled, 0);
	sigemptyset(&none);
	errno = 0;
	ck_assert_int_eq(epoll_pwait(ep, &ev, 1, -1, &none), -1);
	ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(sigprocmask(0, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* XSH sleep(): "the unslept amount". */
START_TEST(sleep_tells_the_time_that_is_left)
{
	pthread_t thread;
	unsigned int left;

	action();
	thread = start();
	left = sleep(100);
	finish(thread);
	ck_assert_uint_ge(left, 1);
	ck_assert_uint_le(left, 100);
	ck_assert_uint_eq(sleep(0), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("eintr");
	TCase *tc = tcase_create("eintr");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, sleep_tells_the_time_that_is_left);
	tcase_add_test(tc, epoll_pwait_lets_a_blocked_signal_in);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
