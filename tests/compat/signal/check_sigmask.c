/* Masks, pending signals, sigsuspend, the sigwait family, queued values. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "support/handle.h"

static volatile sig_atomic_t count, last;
static int values[64];
static volatile sig_atomic_t nvalues;

static void
on_signal(int signo)
{
	count++;
	last = signo;
}

static void
on_value(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	values[nvalues++] = info->si_value.sival_int;
}

static sigset_t
set_of(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return set;
}

static void
setup(void)
{
	sigset_t none;

	handle_signal(SIGUSR1, on_signal, 0);
	handle_signal(SIGUSR2, on_signal, 0);
	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	count = last = nvalues = 0;
}

START_TEST(a_blocked_signal_waits_until_it_is_unblocked)
{
	sigset_t usr1 = set_of(SIGUSR1), pending;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&pending, SIGUSR2), 0);

	/* XSH sigprocmask(): at least one delivered before it returns. */
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &usr1, NULL), 0);
	ck_assert_int_ge(count, 1);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGUSR1), 0);
}
END_TEST

/* XSH 2.4.1: several instances of a standard signal may become one. */
START_TEST(a_standard_signal_does_not_queue)
{
	sigset_t usr1 = set_of(SIGUSR1);

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(count, 1);
}
END_TEST

START_TEST(the_old_mask_comes_back)
{
	sigset_t usr1 = set_of(SIGUSR1), usr2 = set_of(SIGUSR2), old;

	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &usr1, NULL), 0);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &usr2, &old), 0);
	ck_assert_int_eq(sigismember(&old, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&old, SIGUSR2), 0);
	ck_assert_int_eq(sigprocmask(0, NULL, &old), 0);
	ck_assert_int_eq(sigismember(&old, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&old, SIGUSR2), 1);
}
END_TEST

/* XSH pthread_sigmask(): EINVAL; it does not use errno. */
START_TEST(an_unknown_how_is_refused)
{
	sigset_t usr1 = set_of(SIGUSR1);

	errno = 0;
	ck_assert_int_eq(sigprocmask(4711, &usr1, NULL), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(pthread_sigmask(4711, &usr1, NULL), EINVAL);
	ck_assert_int_eq(errno, 0);
	ck_assert_int_eq(sigprocmask(4711, NULL, NULL), 0);
	ck_assert_int_eq(sigprocmask(0, NULL, &usr1), 0);
	ck_assert_int_eq(sigismember(&usr1, SIGUSR1), 0);
}
END_TEST

/* XSH sigprocmask(): no error for the two, and no effect. */
START_TEST(kill_and_stop_are_never_blocked)
{
	sigset_t all, now;

	sigfillset(&all);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGKILL), 0);
	ck_assert_int_eq(sigismember(&now, SIGSTOP), 0);
	ck_assert_int_eq(sigismember(&now, SIGTERM), 1);
}
END_TEST

/* XSH sigsuspend(): the mask is back when it returns. */
START_TEST(sigsuspend_lets_a_pending_signal_in)
{
	sigset_t usr1 = set_of(SIGUSR1), none, now;

	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	errno = 0;
	ck_assert_int_eq(sigsuspend(&none), -1);
	ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(sigprocmask(0, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
}
END_TEST

/* XSH sigaction(): what is pending goes when the signal is ignored. */
START_TEST(ignoring_drops_what_is_pending)
{
	sigset_t usr1 = set_of(SIGUSR1), pending;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGUSR1), 0);
}
END_TEST

START_TEST(sigwait_takes_a_pending_signal)
{
	sigset_t usr1 = set_of(SIGUSR1), pending;
	int signo = 0;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(sigwait(&usr1, &signo), 0);
	ck_assert_int_eq(signo, SIGUSR1);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGUSR1), 0);
}
END_TEST

/* XSH sigtimedwait(): EAGAIN when the time is over, EINVAL for a bad one. */
START_TEST(sigtimedwait_gives_up)
{
	static const struct timespec now = { 0, 0 }, soon = { 0, 60000000 },
	    bad = { 0, 1000000000 };
	sigset_t usr1 = set_of(SIGUSR1);
	struct timespec begin, end;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr1, NULL), 0);
	errno = 0;
	ck_assert_int_eq(sigtimedwait(&usr1, NULL, &now), -1);
	ck_assert_int_eq(errno, EAGAIN);
	errno = 0;
	ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &begin), 0);
	ck_assert_int_eq(sigtimedwait(&usr1, NULL, &soon), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &end), 0);
	ck_assert((end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec -
	    begin.tv_nsec >= soon.tv_nsec);
	errno = 0;
	ck_assert_int_eq(sigtimedwait(&usr1, NULL, &bad), -1);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* XSH 2.4.2: realtime signals queue, each with its value, in order. */
START_TEST(queued_values_arrive_in_order)
{
	int signo = SIGRTMIN + 1, i;
	sigset_t set = set_of(signo);
	union sigval value;

	handle_info(signo, on_value, 0);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	for (i = 0; i < 20; i++) {
		value.sival_int = i;
		ck_assert_int_eq(sigqueue(getpid(), signo, value), 0);
	}
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	ck_assert_int_eq(nvalues, 20);
	for (i = 0; i < 20; i++)
		ck_assert_int_eq(values[i], i);
}
END_TEST

/* XSH sigwaitinfo(): the lowest realtime signal first. */
START_TEST(the_lowest_realtime_signal_comes_first)
{
	union sigval value = { .sival_int = 7 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	sigaddset(&set, SIGRTMIN + 5);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(sigqueue(getpid(), SIGRTMIN + 5, value), 0);
	value.sival_int = 8;
	ck_assert_int_eq(sigqueue(getpid(), SIGRTMIN + 2, value), 0);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN + 2);
	ck_assert_int_eq(info.si_value.sival_int, 8);
	ck_assert_int_eq(info.si_code, SI_QUEUE);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN + 5);
	ck_assert_int_eq(info.si_value.sival_int, 7);
}
END_TEST

static void *
report_mask(void *arg)
{
	if (pthread_sigmask(SIG_SETMASK, NULL, arg) != 0)
		abort();
	return NULL;
}

/* XSH pthread_create(): "inherited from the creating thread". */
START_TEST(a_new_thread_has_its_creators_mask)
{
	sigset_t usr2 = set_of(SIGUSR2), none, seen;
	pthread_t thread;

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &usr2, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, report_mask, &seen), 0);
	sigemptyset(&none);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &none, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(sigismember(&seen, SIGUSR2), 1);
	ck_assert_int_eq(sigismember(&seen, SIGUSR1), 0);
}
END_TEST

static pthread_t handler_thread;

static void
note_thread(int signo)
{
	(void)signo;
	handler_thread = pthread_self();
	count++;
}

static void *
suspend(void *arg)
{
	sigset_t none;

	(void)arg;
	sigemptyset(&none);
	while (count == 0)
		(void)sigsuspend(&none);
	return NULL;
}

/* XSH pthread_kill(): it interrupts that thread and no other. */
START_TEST(pthread_kill_reaches_its_thread)
{
	sigset_t usr2 = set_of(SIGUSR2);
	pthread_t thread;

	ck_assert(signal(SIGUSR2, note_thread) != SIG_ERR);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &usr2, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, suspend, NULL), 0);
	ck_assert_int_eq(pthread_kill(thread, 0), 0);
	ck_assert_int_eq(pthread_kill(thread, NSIG), EINVAL);
	ck_assert_int_eq(pthread_kill(thread, SIGUSR2), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(count, 1);
	ck_assert(pthread_equal(handler_thread, thread));
	ck_assert(!pthread_equal(handler_thread, pthread_self()));
}
END_TEST

static void *
end(void *arg)
{
	return arg;
}

/* Also one that has just been made, or has ended, and was not joined. */
START_TEST(pthread_kill_takes_any_thread_that_is_not_joined)
{
	pthread_t thread;
	int i;

	ck_assert(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(pthread_create(&thread, NULL, end, NULL), 0);
		ck_assert_int_eq(pthread_kill(thread, SIGUSR2), 0);
		ck_assert_int_eq(pthread_join(thread, NULL), 0);
	}
}
END_TEST

static void *
wait_usr1(void *arg)
{
	sigset_t usr1 = set_of(SIGUSR1);

	if (sigwait(&usr1, arg) != 0)
		abort();
	return NULL;
}

/* Blocked in every thread, taken by the one that waits for it. */
START_TEST(sigwait_in_a_thread_takes_a_signal_of_the_process)
{
	sigset_t usr1 = set_of(SIGUSR1);
	pthread_t thread;
	int signo = 0;

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &usr1, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_usr1, &signo), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(signo, SIGUSR1);
	ck_assert_int_eq(count, 0);
}
END_TEST

/* XSH kill(), ESRCH. */
START_TEST(a_process_that_is_not_there_is_esrch)
{
	errno = 0;
	ck_assert_int_eq(kill(0x7ffffffe, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	errno = 0;
	ck_assert_int_eq(kill(0x7ffffffe, SIGKILL), -1);
	ck_assert_int_eq(errno, ESRCH);
	ck_assert_int_eq(kill(getpid(), 0), 0);
	ck_assert_int_eq(kill(0, 0), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sigmask");
	TCase *tc = tcase_create("sigmask");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_blocked_signal_waits_until_it_is_unblocked);
	tcase_add_test(tc, a_standard_signal_does_not_queue);
	tcase_add_test(tc, the_old_mask_comes_back);
	tcase_add_test(tc, an_unknown_how_is_refused);
	tcase_add_test(tc, kill_and_stop_are_never_blocked);
	tcase_add_test(tc, sigsuspend_lets_a_pending_signal_in);
	tcase_add_test(tc, ignoring_drops_what_is_pending);
	tcase_add_test(tc, sigwait_takes_a_pending_signal);
	tcase_add_test(tc, sigtimedwait_gives_up);
	tcase_add_test(tc, queued_values_arrive_in_order);
	tcase_add_test(tc, the_lowest_realtime_signal_comes_first);
	tcase_add_test(tc, a_new_thread_has_its_creators_mask);
	tcase_add_test(tc, pthread_kill_reaches_its_thread);
	tcase_add_test(tc, pthread_kill_takes_any_thread_that_is_not_joined);
	tcase_add_test(tc, sigwait_in_a_thread_takes_a_signal_of_the_process);
	tcase_add_test(tc, a_process_that_is_not_there_is_esrch);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
