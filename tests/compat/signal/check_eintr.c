/*
 * Signals that end, or do not end, a blocking call.  The sender signals again
 * and again: whenever the call begins, some signal finds it waiting.
 *
 * Check's assertions write to a file, which bears neither a second thread nor
 * a signal: there are none in the senders, and none while a sender runs.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int handled, done;
static int fds[2];

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
	errno = EDOM;			/* must not show */
}

static void
action(int flags)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	act.sa_flags = flags;
	sigemptyset(&act.sa_mask);
	ck_assert_int_eq(sigaction(SIGUSR1, &act, NULL), 0);
	handled = done = 0;
}

static void
mask(int how)
{
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if (pthread_sigmask(how, &usr1, NULL) != 0)
		abort();
}

static void
send_one(void)
{
	if (kill(getpid(), SIGUSR1) != 0)
		abort();
	sched_yield();
}

/* Only the main thread can handle the signal: this one blocks it. */
static void *
send_until_done(void *arg)
{
	(void)arg;
	while (!done)
		send_one();
	return NULL;
}

/* Ten have been handled in the one call; then there is something to read. */
static void *
send_ten_then_write(void *arg)
{
	static const uint64_t one = 1;

	while (handled < 10)
		send_one();
	if (write(*(int *)arg, &one, sizeof(one)) != sizeof(one))
		abort();
	return NULL;
}

static pthread_t
start(void *(*run)(void *), int *arg)
{
	pthread_t thread;

	mask(SIG_BLOCK);
	if (pthread_create(&thread, NULL, run, arg) != 0)
		abort();
	mask(SIG_UNBLOCK);
	return thread;
}

static void
finish(pthread_t thread)
{
	done = 1;
	if (pthread_join(thread, NULL) != 0)
		abort();
}

static void
read_is_interrupted(int fd)
{
	pthread_t thread;
	uint64_t value;
	ssize_t n;
	int err;

	action(0);
	thread = start(send_until_done, NULL);
	n = read(fd, &value, sizeof(value));
	err = errno;
	finish(thread);
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_int_ge(handled, 1);
}

static void
read_is_restarted(int fd, int other)
{
	pthread_t thread;
	uint64_t value = 0;
	ssize_t n;

	action(SA_RESTART);
	thread = start(send_ten_then_write, &other);
	n = read(fd, &value, sizeof(value));
	finish(thread);
	ck_assert_int_eq(n, sizeof(value));
	ck_assert_uint_eq(value, 1);
	ck_assert_int_ge(handled, 10);
}

/* XSH read(), EINTR; XSH sigaction(), SA_RESTART. */
START_TEST(a_signal_ends_or_restarts_an_eventfd_read)
{
	int fd = eventfd(0, 0);

	ck_assert_int_ge(fd, 0);
	read_is_interrupted(fd);
	read_is_restarted(fd, fd);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_signal_ends_or_restarts_a_pipe_read)
{
	ck_assert_int_eq(pipe(fds), 0);
	read_is_interrupted(fds[0]);
	read_is_restarted(fds[0], fds[1]);
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

START_TEST(a_signal_ends_or_restarts_a_socket_read)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	read_is_interrupted(fds[0]);
	read_is_restarted(fds[0], fds[1]);
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* signal(7): epoll_wait is never restarted. */
START_TEST(epoll_wait_ends_whatever_the_flags)
{
	struct epoll_event ev;
	pthread_t thread;
	int ep = epoll_create1(0), flags[] = { 0, SA_RESTART }, i, n, err;

	for (i = 0; i < 2; i++) {
		action(flags[i]);
		thread = start(send_until_done, NULL);
		n = epoll_wait(ep, &ev, 1, -1);
		err = errno;
		finish(thread);
		ck_assert_int_eq(n, -1);
		ck_assert_int_eq(err, EINTR);
	}
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* epoll_pwait(2): the mask holds for the wait, atomically. */
START_TEST(epoll_pwait_lets_a_blocked_signal_in)
{
	struct epoll_event ev;
	sigset_t none, now;
	int ep = epoll_create1(0);

	action(0);
	mask(SIG_BLOCK);
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
	mask(SIG_UNBLOCK);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

START_TEST(pause_ends_after_a_handler)
{
	pthread_t thread;
	int n, err;

	action(SA_RESTART);
	thread = start(send_until_done, NULL);
	n = pause();
	err = errno;
	finish(thread);
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(err, EINTR);
}
END_TEST

/* XSH sleep(): "the unslept amount"; usleep(3): EINTR. */
START_TEST(sleep_ends_after_a_handler)
{
	pthread_t thread;
	unsigned int left;
	int n, err;

	action(SA_RESTART);
	thread = start(send_until_done, NULL);
	left = sleep(100);
	n = usleep(50000000);
	err = errno;
	finish(thread);
	ck_assert_uint_ge(left, 1);
	ck_assert_uint_le(left, 100);
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(err, EINTR);
	ck_assert_uint_eq(sleep(0), 0);
	ck_assert_int_eq(usleep(1000), 0);
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
	tcase_add_test(tc, pause_ends_after_a_handler);
	tcase_add_test(tc, sleep_ends_after_a_handler);
	tcase_add_test(tc, a_signal_ends_or_restarts_an_eventfd_read);
	tcase_add_test(tc, a_signal_ends_or_restarts_a_pipe_read);
	tcase_add_test(tc, a_signal_ends_or_restarts_a_socket_read);
	tcase_add_test(tc, epoll_wait_ends_whatever_the_flags);
	tcase_add_test(tc, epoll_pwait_lets_a_blocked_signal_in);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
