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
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"

static const char *self;
static int a, b;
static atomic_int held_up, waiting;

static int
free_a(void *arg)
{
	(void)arg;
	return flock(a, LOCK_UN);
}

/* flock(2), EINTR: "interrupted by delivery of a signal caught by a handler" */
START_TEST(a_signal_ends_the_wait)
{
	open_both(&a, &b);
	handle(0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	pester();
	FAILS(flock(b, LOCK_EX), EINTR);
	FAILS(flock(b, LOCK_SH), EINTR);
	leave_alone();
	ck_assert_int_gt(caught(), 0);
	/* Neither of the two that gave up has left a lock, or a place. */
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* signal(7): flock is restarted after a handler with SA_RESTART. */
START_TEST(a_restarting_signal_does_not)
{
	open_both(&a, &b);
	handle(SA_RESTART);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	pester_until(free_a, NULL);
	ck_assert_int_eq(flock(b, LOCK_EX), 0);
	leave_alone();
	ck_assert_int_ge(caught(), 3);
	FAILS(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	close_both(a, b);
}
END_TEST

static void *
lock_a(void *arg)
{
	(void)arg;
	atomic_store(&waiting, 1);
	return flock(a, LOCK_EX) == 0 ? NULL : &a;
}

static pthread_t
lock_a_meanwhile(int naps)
{
	pthread_t other;

	atomic_store(&waiting, 0);
	ck_assert_int_eq(pthread_create(&other, NULL, lock_a, NULL), 0);
	while (!atomic_load(&waiting))
		(void)sched_yield();
	for (; naps > 0; naps--)
		nap();
	return other;
}

static void
join(pthread_t other)
{
	void *failed;

	ck_assert_int_eq(pthread_join(other, &failed), 0);
	ck_assert_ptr_null(failed);
}

/*
 * The lock is the description's: what one thread waits for by it, another one
 * may have already, and in another kind.  No thread waits for its own.  A
 * little later each time, so that it has begun to wait or has not.
 */
START_TEST(a_second_thread_is_the_same_holder)
{
	pthread_t other;
	int i;

	open_both(&a, &b);
	for (i = 0; i < 12; i++) {
		ck_assert_int_eq(flock(b, LOCK_SH), 0);
		other = lock_a_meanwhile(i);
		ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
		ck_assert_int_eq(flock(b, LOCK_UN), 0);
		join(other);
		ck_assert_int_eq(flock(a, LOCK_EX), 0);
		FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
		ck_assert_int_eq(flock(a, LOCK_UN), 0);
		ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
		ck_assert_int_eq(flock(b, LOCK_UN), 0);
	}
	close_both(a, b);
}
END_TEST

static void
hold_up(int signo)
{
	(void)signo;
	atomic_store(&held_up, 1);
	while (atomic_load(&held_up))
		nap();
}

/*
 * One thread waits for an exclusive lock, and is in a signal's handler when it
 * could have it; another one takes a shared one by the same description
 * meanwhile.  What is said to be held is held.
 */
START_TEST(a_waiter_in_a_handler_finds_the_lock_converted)
{
	struct sigaction sa = { .sa_handler = hold_up,
	    .sa_flags = SA_RESTART };
	pthread_t other;
	int i;

	ck_assert_int_eq(sigemptyset(&sa.sa_mask), 0);
	ck_assert_int_eq(sigaction(SIGUSR1, &sa, NULL), 0);
	open_both(&a, &b);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(flock(b, LOCK_EX), 0);
		other = lock_a_meanwhile(i * 2);
		ck_assert_int_eq(pthread_kill(other, SIGUSR1), 0);
		while (!atomic_load(&held_up))
			nap();
		ck_assert_int_eq(flock(b, LOCK_UN), 0);
		ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
		atomic_store(&held_up, 0);
		join(other);
		FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
		ck_assert_int_eq(flock(b, LOCK_UN), 0);
		ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
		FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
		ck_assert_int_eq(flock(a, LOCK_UN), 0);
	}
	close_both(a, b);
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

/* Who waits gets the lock, and it excludes, from each of four processes. */
START_TEST(four_processes_take_turns)
{
	struct proc *p[4];
	long n = 0;
	int i;

	open_both(&a, &b);
	ck_assert_int_eq(pwrite(a, &n, sizeof(n), 0), sizeof(n));
	for (i = 0; i < 4; i++)
		p[i] = child(self, "add", "lock", "100");
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	ck_assert_int_eq(pread(a, &n, sizeof(n), 0), sizeof(n));
	ck_assert_int_eq(n, 400);
	close_both(a, b);
}
END_TEST

/* One after the other is killed while it waits, or holds it. */
START_TEST(killed_waiters_leave_no_trace)
{
	struct proc *p;
	int i;

	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	for (i = 0; i < 5; i++) {
		p = child(self, "add", "lock", "1");
		nap();
		proc_kill(p);
		(void)proc_wait(p);
	}
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	close_both(a, b);
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
	tests[n++] = a_waiter_in_a_handler_finds_the_lock_converted;
	tests[n++] = four_processes_take_turns;
	tests[n++] = killed_waiters_leave_no_trace;
	return run_cases("flock that waits", tests, n);
}
