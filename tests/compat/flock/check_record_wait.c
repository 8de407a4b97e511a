/*
 * Record locks that are waited for: F_SETLKW and what ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/agent.h"
#include "compat/flock/util.h"
#include "support/main.h"

#define CHAIN_MAX 5

static const char *self;
static int fd;

static void
begin(void)
{
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_int_ge(fd, 0);
}

static struct agent *
start(void)
{
	struct agent *a = agent_start(self);

	agent_open(a, 0, "f");
	return a;
}

static int
lock(int cmd, int type, off_t at, off_t len)
{
	return set(fd, cmd, type, at, len);
}

static int
free_all(void *arg)
{
	return agent_set(arg, 0, F_SETLK, F_UNLCK, 0, 0);
}

/*
 * Whichever comes first, the wait or the unlocking: a hundred times, so that
 * both do.
 */
START_TEST(an_unlock_wakes_who_waits)
{
	struct agent *a, *b;
	int i;

	begin();
	a = start();
	b = start();
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(lock(F_SETLKW, F_WRLCK, 0, 10), 0);
		agent_ask(a, 0, F_SETLKW, F_RDLCK, 9, 1);
		agent_ask(b, 0, F_OFD_SETLKW, F_RDLCK, 0, 0);
		/* First to readers, then to nobody, by turns. */
		if (i % 2 == 0) {
			ck_assert_int_eq(lock(F_SETLK, F_RDLCK, 0, 10), 0);
			ck_assert_int_eq(agent_answer(a), 0);
			ck_assert_int_eq(agent_answer(b), 0);
		}
		ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 0, 0), 0);
		if (i % 2 != 0) {
			ck_assert_int_eq(agent_answer(a), 0);
			ck_assert_int_eq(agent_answer(b), 0);
		}
		FAILS(lock(F_SETLK, F_WRLCK, 9, 1), EAGAIN);
		FAILS(lock(F_SETLK, F_WRLCK, 100, 1), EAGAIN);
		ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_UNLCK, 0, 0), 0);
		ck_assert_int_eq(agent_set(b, 0, F_OFD_SETLK, F_UNLCK, 0, 0),
		    0);
	}
	ck_assert_int_eq(agent_end(a), 0);
	ck_assert_int_eq(agent_end(b), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Not only an unlock: a close, and an exit. */
START_TEST(a_close_and_an_exit_wake_who_waits)
{
	struct agent *a;
	int i;

	begin();
	for (i = 0; i < 5; i++) {
		a = start();
		ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 1), 0);
		agent_ask(a, 0, F_SETLKW, F_WRLCK, 0, 1);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_int_eq(agent_answer(a), 0);
		begin();
		agent_do(a, "close", 0, 0);
		agent_open(a, 0, "f");
		ck_assert_int_eq(agent_set(a, 0, F_OFD_SETLK, F_WRLCK, 0, 1),
		    0);
		FAILS(lock(F_SETLK, F_WRLCK, 0, 1), EAGAIN);
		ck_assert_int_eq(agent_end(a), 0);
		ck_assert_int_eq(lock(F_SETLKW, F_WRLCK, 0, 1), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void *
kill_holder(void *arg)
{
	agent_kill(arg);
	return NULL;
}

/* The holder is killed before the wait, or during it. */
START_TEST(a_kill_wakes_who_waits)
{
	struct agent *a;
	pthread_t killer;
	int i;

	begin();
	for (i = 0; i < 20; i++) {
		a = start();
		ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_WRLCK, i, 0), 0);
		ck_assert_int_eq(pthread_create(&killer, NULL, kill_holder, a),
		    0);
		ck_assert_int_eq(lock(F_SETLKW, F_WRLCK, 100, 1), 0);
		ck_assert_int_eq(pthread_join(killer, NULL), 0);
		ck_assert_int_eq(agent_end(a), -1);
		ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 0), 0);
		ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 0, 0), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * A waiter that is killed is in nobody's way, and in no cycle, once it has
 * ended: kill() does not wait for that.
 */
START_TEST(a_killed_waiter_is_forgotten)
{
	struct agent *a, *b;
	int i;

	begin();
	for (i = 0; i < 10; i++) {
		a = start();
		b = start();
		ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 1), 0);
		ck_assert_int_eq(agent_set(b, 0, F_SETLK, F_WRLCK, 1, 1), 0);
		agent_ask(b, 0, F_SETLKW, F_WRLCK, 0, 1);
		agent_kill(b);
		ck_assert_int_eq(agent_end(b), -1);
		ck_assert_int_eq(lock(F_SETLKW, F_WRLCK, 1, 1), 0);
		agent_ask(a, 0, F_SETLKW, F_WRLCK, 0, 2);
		ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 0, 0), 0);
		ck_assert_int_eq(agent_answer(a), 0);
		ck_assert_int_eq(agent_end(a), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* POSIX, F_SETLKW: EINTR; nothing is left of who gave up. */
START_TEST(a_signal_ends_the_wait)
{
	struct agent *a;

	begin();
	a = start();
	handle(0);
	ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_WRLCK, 0, 1), 0);
	pester();
	FAILS(lock(F_SETLKW, F_WRLCK, 0, 10), EINTR);
	FAILS(lock(F_SETLKW, F_RDLCK, 0, 0), EINTR);
	FAILS(lock(F_OFD_SETLKW, F_RDLCK, 0, 0), EINTR);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	FAILS(lockf(fd, F_LOCK, 1), EINTR);
	leave_alone();
	ck_assert_int_gt(caught(), 0);
	ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(agent_end(a), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* signal(7): F_SETLKW is restarted after a handler with SA_RESTART. */
START_TEST(a_restarting_signal_does_not)
{
	struct agent *a;

	begin();
	a = start();
	handle(SA_RESTART);
	ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_WRLCK, 0, 1), 0);
	pester_until(free_all, a);
	ck_assert_int_eq(lock(F_SETLKW, F_WRLCK, 0, 1), 0);
	leave_alone();
	ck_assert_int_ge(caught(), 3);
	ck_assert_int_eq(agent_set(a, 0, F_SETLK, F_RDLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(agent_end(a), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * Each of n processes has a byte and waits for the next one's: the last to
 * wait, whichever it is, closes the cycle.  It alone is refused; it unlocks,
 * and the others follow.
 */
static void
deadlock(int n)
{
	struct agent *a[CHAIN_MAX];
	int err, i, refused = 0;

	begin();
	for (i = 0; i < n; i++) {
		a[i] = start();
		ck_assert_int_eq(agent_set(a[i], 0, F_SETLK, F_WRLCK, i, 1),
		    0);
	}
	for (i = 0; i < n; i++)
		agent_chain(a[i], 0, F_WRLCK, (i + 1) % n, 1);
	for (i = 0; i < n; i++) {
		err = agent_answer(a[i]);
		refused += err == EDEADLK;
		ck_assert(err == 0 || err == EDEADLK);
	}
	ck_assert_int_eq(refused, 1);
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 0), 0);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(agent_end(a[i]), 0);
	ck_assert_int_eq(close(fd), 0);
}

/* POSIX, fcntl: EDEADLK. */
START_TEST(two_processes_are_not_left_in_a_deadlock)
{
	int i;

	for (i = 0; i < 5; i++)
		deadlock(2);
}
END_TEST

START_TEST(three_processes_are_not_left_in_a_deadlock)
{
	int i;

	for (i = 0; i < 3; i++)
		deadlock(3);
}
END_TEST

START_TEST(five_processes_are_not_left_in_a_deadlock)
{
	deadlock(5);
	deadlock(5);
}
END_TEST

/*
 * Who locks in ascending order never waits in a cycle, however stale what each
 * was seen to wait for may be.
 */
START_TEST(there_is_no_deadlock_without_a_cycle)
{
	struct agent *a[3];
	int i, k;

	begin();
	for (k = 0; k < 3; k++)
		a[k] = start();
	for (i = 0; i < 100; i++) {
		for (k = 0; k < 3; k++)
			agent_ask(a[k], 0, F_SETLKW, F_WRLCK, 0, 1 + k);
		for (k = 0; k < 3; k++)
			agent_chain(a[k], 0, F_WRLCK, 1, 2);
		/* Whoever is first lets the next one in. */
		for (k = 0; k < 3; k++) {
			ck_assert_int_eq(agent_answer(a[k]), 0);
			ck_assert_int_eq(agent_answer(a[k]), 0);
		}
	}
	for (k = 0; k < 3; k++)
		ck_assert_int_eq(agent_end(a[k]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[12];
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent_main();
	self = argv[0];
	tests[n++] = an_unlock_wakes_who_waits;
	tests[n++] = a_close_and_an_exit_wake_who_waits;
	tests[n++] = a_kill_wakes_who_waits;
	tests[n++] = a_killed_waiter_is_forgotten;
	tests[n++] = a_signal_ends_the_wait;
	tests[n++] = a_restarting_signal_does_not;
	tests[n++] = two_processes_are_not_left_in_a_deadlock;
	tests[n++] = three_processes_are_not_left_in_a_deadlock;
	tests[n++] = five_processes_are_not_left_in_a_deadlock;
	tests[n++] = there_is_no_deadlock_without_a_cycle;
	return run_cases("record_wait", tests, n);
}
