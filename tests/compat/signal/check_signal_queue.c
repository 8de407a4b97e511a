/* Queued signals: their order, their values, and who gets them. */
#include <sys/types.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

#define NUMBERS (SIGRTMAX - SIGRTMIN + 1)
#define EACH 20
#define WAITERS 4
#define VALUES 2000

static int seen[64 * EACH][2];
static volatile sig_atomic_t nseen;

static void
must(int condition)
{
	if (!condition)
		abort();
}

static sigset_t
realtime(void)
{
	sigset_t set;
	int signo;

	sigemptyset(&set);
	for (signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		sigaddset(&set, signo);
	return set;
}

static void
queue(int signo, int value)
{
	union sigval v = { .sival_int = value };

	ck_assert_int_eq(sigqueue(getpid(), signo, v), 0);
}

/* EACH values of each number, the numbers in a random order. */
static void
queue_at_random(void)
{
	int next[64] = { 0 }, left = NUMBERS * EACH, n;
	unsigned int random = 4711;

	while (left > 0) {
		random = random * 1103515245 + 12345;
		n = (int)(random >> 16) % NUMBERS;
		if (next[n] < EACH) {
			queue(SIGRTMIN + n, next[n]++);
			left--;
		}
	}
}

static void
see(int signo, int value)
{
	seen[nseen][0] = signo;
	seen[nseen][1] = value;
	nseen++;
}

static void
check_order(void)
{
	int i;

	ck_assert_int_eq(nseen, NUMBERS * EACH);
	for (i = 0; i < nseen; i++) {
		ck_assert_int_eq(seen[i][0], SIGRTMIN + i / EACH);
		ck_assert_int_eq(seen[i][1], i % EACH);
	}
}

/*
 * XSH 2.4.2: "FIFO order"; sigwaitinfo(): "the lowest-numbered one"; its
 * si_code and si_value.
 */
START_TEST(sigwaitinfo_takes_the_lowest_and_oldest)
{
	sigset_t set = realtime(), old;
	siginfo_t info;

	nseen = 0;
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	queue_at_random();
	while (nseen < NUMBERS * EACH) {
		ck_assert_int_eq(sigwaitinfo(&set, &info), info.si_signo);
		ck_assert_int_eq(info.si_code, SI_QUEUE);
		ck_assert_int_eq(info.si_pid, getpid());
		see(info.si_signo, info.si_value.sival_int);
	}
	check_order();
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

static void
on_value(int signo, siginfo_t *info, void *context)
{
	(void)context;
	see(signo, info->si_value.sival_int);
}

/* XSH 2.4.1: the lowest number is delivered first. */
START_TEST(handlers_run_lowest_and_oldest_first)
{
	sigset_t set = realtime(), old;
	struct sigaction act;
	int signo;

	memset(&act, 0, sizeof(act));
	act.sa_sigaction = on_value;
	act.sa_flags = SA_SIGINFO;
	act.sa_mask = set;
	for (signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		ck_assert_int_eq(sigaction(signo, &act, NULL), 0);
	nseen = 0;
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	queue_at_random();
	ck_assert_int_eq(nseen, 0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	check_order();
}
END_TEST

/* XSH sigqueue(): "the signal shall be queued"; kill() may queue too. */
START_TEST(kill_and_sigqueue_share_one_queue)
{
	sigset_t set = realtime(), old;
	siginfo_t info;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	queue(SIGRTMIN, 1);
	ck_assert_int_eq(kill(getpid(), SIGRTMIN), 0);
	queue(SIGRTMIN, 2);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_code, SI_QUEUE);
	ck_assert_int_eq(info.si_value.sival_int, 1);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_code, SI_USER);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_value.sival_int, 2);
	ck_assert_int_eq(raise(SIGRTMIN), 0);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_code, SI_USER);
	ck_assert_int_eq(info.si_pid, getpid());
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

/* XSH sigqueue(): the value may be a pointer. */
START_TEST(a_value_can_be_a_pointer)
{
	sigset_t set = realtime(), old;
	union sigval v = { .sival_ptr = &set };
	siginfo_t info;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	ck_assert_int_eq(sigqueue(getpid(), SIGRTMAX, v), 0);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMAX);
	ck_assert_ptr_eq(info.si_value.sival_ptr, &set);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

/* XSH sigqueue(), ERRORS; 0 asks whether pid is there. */
START_TEST(sigqueue_refuses_what_kill_does)
{
	union sigval v = { .sival_int = 1 };

	ck_assert_int_eq(sigqueue(getpid(), 0, v), 0);
	FAILS(sigqueue(getpid(), NSIG, v), EINVAL);
	FAILS(sigqueue(getpid(), -1, v), EINVAL);
	FAILS(sigqueue(2000000001, SIGRTMIN, v), ESRCH);
	FAILS(sigqueue(2000000001, 0, v), ESRCH);
}
END_TEST

/* XSH 2.4.1: a standard signal that is pending need not be queued again. */
START_TEST(of_a_standard_signal_one_is_kept)
{
	static const struct timespec now;
	sigset_t set, old;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	queue(SIGUSR1, 1);
	queue(SIGUSR1, 2);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGUSR1);
	ck_assert_int_eq(info.si_value.sival_int, 1);
	FAILS(sigtimedwait(&set, &info, &now), EAGAIN);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

/* --- several that wait --- */

static atomic_int taken, sum, got[WAITERS];

/*
 * Until the value -1 comes.  On Linux, who is woken for a signal that another
 * thread has taken meanwhile is told EINTR.
 */
static void *
take_values(void *arg)
{
	sigset_t set = realtime();
	siginfo_t info;
	int signo;

	for (;;) {
		while ((signo = sigwaitinfo(&set, &info)) == -1)
			must(errno == EINTR);
		must(signo == SIGRTMIN);
		if (info.si_value.sival_int == -1)
			return NULL;
		sum += info.si_value.sival_int;
		got[*(int *)arg]++;
		taken++;
	}
}

/* XSH sigwait(): "no more than one of these threads shall return". */
START_TEST(of_several_waiters_one_gets_each_value)
{
	sigset_t set = realtime(), old;
	pthread_t threads[WAITERS];
	int numbers[WAITERS], i;

	taken = sum = 0;
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
	for (i = 0; i < WAITERS; i++) {
		numbers[i] = i;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_values,
		    &numbers[i]), 0);
	}
	for (i = 1; i <= VALUES; i++)
		queue(SIGRTMIN, i);
	for (i = 0; i < WAITERS; i++)
		queue(SIGRTMIN, -1);
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(taken, VALUES);
	ck_assert_int_eq(sum, VALUES * (VALUES + 1) / 2);
	ck_assert_int_eq(got[0] + got[1] + got[2] + got[3], VALUES);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

static atomic_int ended;

static void *
wait_for_usr1(void *arg)
{
	sigset_t set;
	int signo;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigwait(&set, &signo) == 0 && signo == SIGUSR1);
	ended++;
	return NULL;
}

/* Block SIGUSR1, and let all wait for it; *old gets the mask. */
static void
start_waiters(pthread_t threads[WAITERS], sigset_t *old)
{
	sigset_t set;
	int i;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	ended = 0;
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, old), 0);
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
		    wait_for_usr1, NULL), 0);
}

/* One signal of the process, one waiter; the next when that one is back. */
START_TEST(of_several_waiters_one_wakes_by_a_signal)
{
	pthread_t threads[WAITERS];
	sigset_t old, pending;
	int i;

	start_waiters(threads, &old);
	for (i = 1; i <= WAITERS; i++) {
		ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
		while (ended < i)
			sched_yield();
		ck_assert_int_eq(ended, i);
		ck_assert_int_eq(sigpending(&pending), 0);
		ck_assert_int_eq(sigismember(&pending, SIGUSR1), 0);
	}
	for (i = 0; i < WAITERS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

/* XSH sigwait(): a signal for one thread is not another's to take. */
START_TEST(a_waiter_gets_its_own_thread_s_signal)
{
	pthread_t threads[WAITERS];
	sigset_t old;
	int i;

	start_waiters(threads, &old);
	for (i = WAITERS - 1; i >= 0; i--) {
		ck_assert_int_eq(pthread_kill(threads[i], SIGUSR1), 0);
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_int_eq(ended, WAITERS - i);
	}
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = sigwaitinfo_takes_the_lowest_and_oldest;
	tests[n++] = handlers_run_lowest_and_oldest_first;
	tests[n++] = kill_and_sigqueue_share_one_queue;
	tests[n++] = a_value_can_be_a_pointer;
	tests[n++] = sigqueue_refuses_what_kill_does;
	tests[n++] = of_a_standard_signal_one_is_kept;
	tests[n++] = of_several_waiters_one_gets_each_value;
	tests[n++] = of_several_waiters_one_wakes_by_a_signal;
	tests[n++] = a_waiter_gets_its_own_thread_s_signal;
	return run_cases("signal_queue", tests, n);
}
