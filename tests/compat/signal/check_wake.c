/*
 * No wake-up is lost: each round, one thread sends a signal at whatever moment
 * the other is on its way into its wait, and goes on when it was handled.  A
 * signal that falls between the look and the wait hangs the test.
 *
 * Check's assertions bear neither a second thread nor a signal: there are none
 * while the sender runs.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/handle.h"

#define ROUNDS 1000

static atomic_int handled;
static pthread_t waiter;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

static void
must(int condition)
{
	if (!condition)
		abort();
}

static void
await(int round)
{
	while (handled <= round)
		sched_yield();
}

static void *
kill_process(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		must(kill(getpid(), SIGUSR1) == 0);
		await(i);
	}
	return NULL;
}

static void *
kill_thread(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		must(pthread_kill(waiter, SIGUSR1) == 0);
		await(i);
	}
	return NULL;
}

static pthread_t
start(void *(*run)(void *))
{
	pthread_t thread;

	handle_signal(SIGUSR1, on_signal, 0);
	handled = 0;
	waiter = pthread_self();
	mask_signal(SIG_BLOCK, SIGUSR1);
	must(pthread_create(&thread, NULL, run, NULL) == 0);
	return thread;
}

static void
suspend_under(void *(*run)(void *))
{
	pthread_t thread = start(run);
	sigset_t none;

	sigemptyset(&none);
	while (handled < ROUNDS)
		must(sigsuspend(&none) == -1 && errno == EINTR);
	must(pthread_join(thread, NULL) == 0);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
	ck_assert_int_eq(handled, ROUNDS);
}

START_TEST(sigsuspend_misses_no_signal_of_the_process)
{
	suspend_under(kill_process);
}
END_TEST

START_TEST(sigsuspend_misses_no_signal_of_the_thread)
{
	suspend_under(kill_thread);
}
END_TEST

START_TEST(sigwait_misses_no_signal)
{
	pthread_t thread = start(kill_process);
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	while (handled < ROUNDS) {
		must(sigwait(&set, &signo) == 0 && signo == SIGUSR1);
		handled++;
	}
	must(pthread_join(thread, NULL) == 0);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
}
END_TEST

START_TEST(epoll_pwait_misses_no_signal)
{
	pthread_t thread = start(kill_process);
	struct epoll_event ev;
	sigset_t none;
	int ep = epoll_create1(0);

	must(ep >= 0);
	sigemptyset(&none);
	while (handled < ROUNDS)
		must(epoll_pwait(ep, &ev, 1, -1, &none) == -1 &&
		    errno == EINTR);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(close(ep), 0);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
}
END_TEST

static void *
kill_then_write(void *fd)
{
	static const uint64_t one = 1;

	(void)kill_process(NULL);
	must(write(*(int *)fd, &one, sizeof(one)) == sizeof(one));
	return NULL;
}

/* The one read is interrupted a thousand times, and restarted. */
START_TEST(a_restarted_read_misses_no_signal)
{
	pthread_t thread;
	uint64_t value = 0;
	ssize_t n;
	int fd = eventfd(0, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert(signal(SIGUSR1, on_signal) != SIG_ERR);
	handled = 0;
	mask_signal(SIG_BLOCK, SIGUSR1);
	must(pthread_create(&thread, NULL, kill_then_write, &fd) == 0);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
	n = read(fd, &value, sizeof(value));
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(n, sizeof(value));
	ck_assert_uint_eq(value, 1);
	ck_assert_int_eq(handled, ROUNDS);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("wake");
	TCase *tc = tcase_create("wake");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, sigsuspend_misses_no_signal_of_the_process);
	tcase_add_test(tc, sigsuspend_misses_no_signal_of_the_thread);
	tcase_add_test(tc, sigwait_misses_no_signal);
	tcase_add_test(tc, epoll_pwait_misses_no_signal);
	tcase_add_test(tc, a_restarted_read_misses_no_signal);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
