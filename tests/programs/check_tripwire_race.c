/*
 * tripwire(3): a wait that begins while the trip comes hears of it, and
 * whatever is seen first, all the rest agrees.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "programs/tripwire.h"
#include "support/main.h"

/* long_tripwire_race has more. */
#ifndef ROUNDS
#define ROUNDS	300
#endif

static struct tripwire *tw;
static pthread_mutex_t lock;	/* tells who unlocks without holding it */
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t gate;
static int kind, ends[2];
static atomic_int wrong;

static int
read_one(void *arg)
{
	char c;

	return (int)read(*(int *)arg, &c, 1);
}

/* One of the ways to wait; none of them ends but by the trip. */
static enum tripwire_outcome
wait_by(int way)
{
	enum tripwire_outcome outcome;
	int result;

	switch (way % 4) {
	case 0:
		return tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER);
	case 1:
		return tripwire_wait(tw, ends[0], POLLIN, TRIPWIRE_FOREVER);
	case 2:
		return tripwire_call(tw, read_one, &ends[0], &result);
	default:
		(void)pthread_mutex_lock(&lock);
		do
			outcome = tripwire_cond_wait(tw, &cond, &lock, NULL);
		while (outcome == TRIPWIRE_COMPLETED);
		if (pthread_mutex_unlock(&lock) != 0)
			(void)atomic_fetch_add(&wrong, 1);
		return outcome;
	}
}

static void *
waiter(void *arg)
{
	int round;

	(void)arg;
	for (round = 0; round < ROUNDS; round++) {
		(void)pthread_barrier_wait(&gate);
		if (wait_by(round) != TRIPWIRE_PREEMPTED ||
		    !tripwire_is_tripped(tw) ||
		    !polls(tripwire_fd(tw, TRIPWIRE_DRAINING)))
			(void)atomic_fetch_add(&wrong, 1);
		(void)pthread_barrier_wait(&gate);
	}
	return NULL;
}

/* Looks at the state and its descriptor in turn, never the one without the
 * other. */
static void *
looker(void *arg)
{
	int round, seen;

	(void)arg;
	for (round = 0; round < ROUNDS; round++) {
		(void)pthread_barrier_wait(&gate);
		do {
			if (polls(tripwire_fd(tw, TRIPWIRE_DRAINING)) &&
			    !tripwire_is_tripped(tw))
				(void)atomic_fetch_add(&wrong, 1);
			seen = tripwire_is_tripped(tw);
			if (seen && !polls(tripwire_fd(tw,
			    TRIPWIRE_DRAINING)))
				(void)atomic_fetch_add(&wrong, 1);
		} while (!seen);
		(void)pthread_barrier_wait(&gate);
	}
	return NULL;
}

static void
trip(int round)
{
	volatile int spin = round % 64 * 8;

	while (spin > 0)
		spin--;
	switch (kind) {
	case 0:
		(void)raise(SIGTERM);
		break;
	case 1:
		(void)kill(getpid(), SIGTERM);
		break;
	default:
		tripwire_trip(tw, "race");
	}
}

/* The other threads' signals go to whom the system picks. */
static void
race(int how)
{
	pthread_t threads[2];
	int round;

	kind = how;
	atomic_store(&wrong, 0);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(pthread_barrier_init(&gate, NULL, 3), 0);
	threads[0] = start(waiter, NULL);
	threads[1] = start(looker, NULL);
	for (round = 0; round < ROUNDS; round++) {
		tw = fresh();
		/* Without, the watcher starts when the wait does. */
		if (kind < 2)
			ck_assert_int_eq(tripwire_signals(tw, NULL, 0, 0), 0);
		(void)pthread_barrier_wait(&gate);
		trip(round);
		(void)pthread_barrier_wait(&gate);
		ck_assert_int_eq(tripwire_phase(tw), TRIPWIRE_DRAINING);
		tripwire_close(tw);
	}
	join(threads[0]);
	join(threads[1]);
	ck_assert_int_eq(pthread_barrier_destroy(&gate), 0);
	ck_assert_int_eq((int)wrong, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

START_TEST(a_wait_meets_a_signal_to_its_own_thread)
{
	race(0);
}
END_TEST

START_TEST(a_wait_meets_a_signal_to_the_process)
{
	race(1);
}
END_TEST

START_TEST(a_wait_meets_a_call)
{
	race(2);
}
END_TEST

/* The last task leaves while its end is waited for. */
static void *
enter_and_leave(void *arg)
{
	struct tripwire_task task;
	int round;

	(void)arg;
	for (round = 0; round < ROUNDS; round++) {
		if (tripwire_enter(tw, NULL, &task, "task") != 0)
			(void)atomic_fetch_add(&wrong, 1);
		(void)pthread_barrier_wait(&gate);
		tripwire_leave(&task);
		(void)pthread_barrier_wait(&gate);
	}
	return NULL;
}

START_TEST(a_wait_for_tasks_meets_the_last_one_leaving)
{
	pthread_t thread;
	int round;

	atomic_store(&wrong, 0);
	tw = fresh();
	ck_assert_int_eq(pthread_barrier_init(&gate, NULL, 2), 0);
	thread = start(enter_and_leave, NULL);
	for (round = 0; round < ROUNDS; round++) {
		(void)pthread_barrier_wait(&gate);
		ck_assert_int_eq(tripwire_wait_tasks(tw, NULL,
		    TRIPWIRE_FOREVER), 0);
		(void)pthread_barrier_wait(&gate);
	}
	join(thread);
	ck_assert_int_eq(pthread_barrier_destroy(&gate), 0);
	ck_assert_int_eq((int)wrong, 0);
	tripwire_close(tw);
}
END_TEST

/* Causes race for being the first; the reason is that of one of them, and
 * never changes. */
static void *
call(void *arg)
{
	(void)arg;
	tripwire_trip(tw, "race");
	return NULL;
}

START_TEST(the_first_cause_stays)
{
	struct tripwire_reason first, second;
	pthread_t thread;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		tw = fresh();
		ck_assert_int_eq(tripwire_signals(tw, NULL, 0, 0), 0);
		thread = start(call, NULL);
		if (round % 2)
			(void)raise(SIGTERM);
		(void)tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER);
		tripwire_reason(tw, &first);
		join(thread);
		if (round % 2 == 0)
			(void)raise(SIGTERM);
		tripwire_reason(tw, &second);
		ck_assert_int_eq(first.cause, second.cause);
		ck_assert_int_eq(first.when, second.when);
		ck_assert_str_eq(first.text, second.text);
		if (second.cause == TRIPWIRE_CALL)
			ck_assert_str_eq(second.text, "race");
		ck_assert_int_eq(second.signo,
		    second.cause == TRIPWIRE_SIGNAL ? SIGTERM : 0);
		tripwire_close(tw);
	}
}
END_TEST

int
main(void)
{
	pthread_mutexattr_t attr;
	const TTest *const tests[] = {
		a_wait_meets_a_signal_to_its_own_thread,
		a_wait_meets_a_signal_to_the_process,
		a_wait_meets_a_call,
		a_wait_for_tasks_meets_the_last_one_leaving,
		the_first_cause_stays,
	};

	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	(void)pthread_mutex_init(&lock, &attr);
	return run_cases("tripwire's races", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
