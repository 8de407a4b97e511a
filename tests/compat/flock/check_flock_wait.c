/*
 * flock that waits: for another process, for signals, for its turn.
 */
#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/main.h"
#include "support/proc.h"

#define FAILS(call, number) do { \
		errno = 0; \
		ck_assert_int_eq((call), -1); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

static const char *self;
static int a, b;
static atomic_int caught, done, waiting;

static void
open_both(void)
{
	a = open("lock", O_RDWR | O_CREAT | O_TRUNC, 0644);
	b = open("lock", O_RDWR);
	ck_assert(a >= 0 && b >= 0);
}

static void
close_both(void)
{
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}

static void
count(int signo)
{
	(void)signo;
	(void)atomic_fetch_add(&caught, 1);
}

static void
handle(int flags)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = flags };

	ck_assert_int_eq(sigemptyset(&sa.sa_mask), 0);
	ck_assert_int_eq(sigaction(SIGUSR1, &sa, NULL), 0);
	atomic_store(&caught, 0);
	atomic_store(&done, 0);
}

static void
nap(void)
{
	struct timespec ts = { .tv_nsec = 1000000 };

	(void)nanosleep(&ts, NULL);
}

/* Signals for the thread that is in flock, until it says that it is not. */
static void *
pester(void *arg)
{
	while (!atomic_load(&done)) {
		(void)pthread_kill(*(pthread_t *)arg, SIGUSR1);
		nap();
	}
	return NULL;
}

/* Three signals, then the lock that the other one waits for. */
static void *
pester_and_free(void *arg)
{
	int n;

	for (n = 0; atomic_load(&caught) < 3 && n < 5000; n++) {
		(void)pthread_kill(*(pthread_t *)arg, SIGUSR1);
		nap();
	}
	return flock(a, LOCK_UN) == 0 ? NULL : arg;
}

/* flock(2), EINTR: "interrupted by delivery of a signal caught by a handler" */
START_TEST(a_signal_ends_the_wait)
{
	pthread_t me = pthread_self(), other;

	open_both();
	handle(0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(pthread_create(&other, NULL, pester, &me), 0);
	FAILS(flock(b, LOCK_EX), EINTR);
	FAILS(flock(b, LOCK_SH), EINTR);
	atomic_store(&done, 1);
	ck_assert_int_eq(pthread_join(other, NULL), 0);
	ck_assert_int_gt(atomic_load(&caught), 0);
	/* Neither of the two that gave up has left a lock, or a place. */
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	close_both();
}
END_TEST

/* signal(7): flock is restarted after a handler with SA_RESTART. */
START_TEST(a_restarting_signal_does_not)
{
	pthread_t me = pthread_self(), other;
	void *failed;

	open_both();
	handle(SA_RESTART);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(pthread_create(&other, NULL, pester_and_free, &me), 0);
	ck_assert_int_eq(flock(b, LOCK_EX), 0);
	ck_assert_int_eq(pthread_join(other, &failed), 0);
	ck_assert_ptr_null(failed);
	ck_assert_int_ge(atomic_load(&caught), 3);
	FAILS(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	close_both();
}
END_TEST

static void *
lock_a(void *arg)
{
	(void)arg;
	atomic_store(&waiting, 1);
	return flock(a, LOCK_EX) == 0 ? NULL : &a;
}

/*
 * The lock is the description's: what one thread waits for by it, another one
 * may have already, and in another kind.  No thread waits for its own.
 */
START_TEST(a_second_thread_is_the_same_holder)
{
	pthread_t other;
	void *failed;

	open_both();
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	atomic_store(&waiting, 0);
	ck_assert_int_eq(pthread_create(&other, NULL, lock_a, NULL), 0);
	while (!atomic_load(&waiting))
		(void)sched_yield();
	nap();
	ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(pthread_join(other, &failed), 0);
	ck_assert_ptr_null(failed);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both();
}
END_TEST

/* Adds 1 to a number in the file, under the lock, many times. */
static int
be_adder(const char *file, int rounds)
{
	int fd = open(file, O_RDWR);
	long n;

	for (; rounds > 0; rounds--) {
		if (flock(fd, LOCK_EX) != 0 ||
		    pread(fd, &n, sizeof(n), 0) != sizeof(n))
			return 1;
		n++;
		if (pwrite(fd, &n, sizeof(n), 0) != sizeof(n) ||
		    flock(fd, LOCK_UN) != 0)
			return 2;
	}
	return 0;
}

static struct proc *
start(const char *what, const char *arg)
{
	char here[64], path[80];
	const char *argv[] = { self, what, path, arg, NULL };
	struct proc *p;

	(void)snprintf(here, sizeof(here), "scratch.%ld", (long)getpid());
	(void)snprintf(path, sizeof(path), "%s/lock", here);
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_int_eq(proc_spawn(argv, &p), 0);
	ck_assert_int_eq(chdir(here), 0);
	return p;
}

/* Who waits gets the lock, and it excludes, from each of four processes. */
START_TEST(four_processes_take_turns)
{
	struct proc *p[4];
	long n = 0;
	int i;

	open_both();
	ck_assert_int_eq(pwrite(a, &n, sizeof(n), 0), sizeof(n));
	for (i = 0; i < 4; i++)
		p[i] = start("add", "100");
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	ck_assert_int_eq(pread(a, &n, sizeof(n), 0), sizeof(n));
	ck_assert_int_eq(n, 400);
	close_both();
}
END_TEST

/* One after the other is killed while it waits, or holds it. */
START_TEST(killed_waiters_leave_no_trace)
{
	struct proc *p;
	int i;

	open_both();
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	for (i = 0; i < 5; i++) {
		p = start("add", "1");
		nap();
		proc_kill(p);
		(void)proc_wait(p);
	}
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	close_both();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	if (argc == 4 && strcmp(argv[1], "add") == 0)
		return be_adder(argv[2], atoi(argv[3]));
	self = argv[0];
	tests[n++] = a_signal_ends_the_wait;
	tests[n++] = a_restarting_signal_does_not;
	tests[n++] = a_second_thread_is_the_same_holder;
	tests[n++] = four_processes_take_turns;
	tests[n++] = killed_waiters_leave_no_trace;
	return run_cases("flock that waits", tests, n);
}
