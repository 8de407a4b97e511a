/* tripwire(3): what trips, what hears of it, and what it says. */
#include <sys/timerfd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/tripwire.h"
#include "support/host.h"
#include "support/main.h"

/* A descriptor that is readable after that time. */
static int
job(int64_t ns)
{
	struct itimerspec when = { .it_value = { ns / 1000000000,
	    (long)(ns % 1000000000) } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(timerfd_settime(fd, 0, &when, NULL), 0);
	return fd;
}

/* The job's side effect is there only if it was completed. */
static enum tripwire_outcome
work(struct tripwire *tw, int fd, int64_t timeout, int *effect)
{
	enum tripwire_outcome outcome = tripwire_wait(tw, fd, POLLIN, timeout);

	if (outcome == TRIPWIRE_COMPLETED)
		*effect = 1;
	return outcome;
}

START_TEST(a_job_completes_when_nothing_trips)
{
	struct tripwire *tw = fresh();
	int64_t begin = now();
	int effect = 0, fd = job(TRIPWIRE_MSEC(300));

	ck_assert_int_eq(work(tw, fd, TRIPWIRE_FOREVER, &effect),
	    TRIPWIRE_COMPLETED);
	ck_assert_int_eq(effect, 1);
	ck_assert_int_ge(now() - begin, TRIPWIRE_MSEC(300));
	ck_assert_int_eq(tripwire_is_tripped(tw), 0);
	(void)close(fd);
	tripwire_close(tw);
}
END_TEST

START_TEST(a_job_is_preempted_and_its_effect_absent)
{
	struct tripwire *tw = fresh();
	int effect = 0, fd = job(TRIPWIRE_MSEC(300));

	tripwire_trip(tw, "test");
	ck_assert_int_eq(work(tw, fd, TRIPWIRE_FOREVER, &effect),
	    TRIPWIRE_PREEMPTED);
	ck_assert_int_eq(effect, 0);
	(void)close(fd);
	tripwire_close(tw);
}
END_TEST

/* A time limit within a wait that can be preempted: one of three. */
START_TEST(time_job_and_trip_give_the_right_one_of_three)
{
	struct tripwire *tw = fresh();
	int effect = 0, slow = job(TRIPWIRE_SEC(60)), done = job(1);
	int64_t begin = now();

	ck_assert_int_eq(work(tw, slow, TRIPWIRE_MSEC(20), &effect),
	    TRIPWIRE_TIMEDOUT);
	ck_assert_int_ge(now() - begin, TRIPWIRE_MSEC(20));
	ck_assert_int_eq(work(tw, slow, 0, &effect), TRIPWIRE_TIMEDOUT);
	ck_assert_int_eq(effect, 0);
	ck_assert_int_eq(work(tw, done, TRIPWIRE_SEC(60), &effect),
	    TRIPWIRE_COMPLETED);
	ck_assert_int_eq(work(tw, -1, 0, &effect), TRIPWIRE_TIMEDOUT);
	effect = 0;

	/* All at once: the trip is looked at first. */
	tripwire_trip(tw, "test");
	ck_assert_int_eq(work(tw, done, 0, &effect), TRIPWIRE_PREEMPTED);
	ck_assert_int_eq(effect, 0);
	ck_assert_int_eq(tripwire_wait_phase(tw, TRIPWIRE_STOPPING, done,
	    POLLIN, 0), TRIPWIRE_COMPLETED);
	tripwire_stop(tw, "test");
	ck_assert_int_eq(tripwire_wait_phase(tw, TRIPWIRE_STOPPING, done,
	    POLLIN, 0), TRIPWIRE_PREEMPTED);
	(void)close(slow);
	(void)close(done);
	tripwire_close(tw);
}
END_TEST

START_TEST(a_wait_for_what_is_not_open_fails)
{
	struct tripwire *tw = fresh();

	errno = 0;
	ck_assert_int_eq(tripwire_wait(tw, 9999, POLLIN, TRIPWIRE_FOREVER),
	    TRIPWIRE_FAILED);
	ck_assert_int_eq(errno, EBADF);
	errno = 0;
	ck_assert_int_eq(tripwire_wait_phase(tw, TRIPWIRE_RUNNING, -1, 0, 0),
	    TRIPWIRE_FAILED);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(tripwire_fd(tw, TRIPWIRE_FORCED), -1);
	ck_assert_int_eq(tripwire_watch(tw, 9999), EBADF);
	ck_assert_int_eq(tripwire_unwatch(tw, 9999), ENOENT);
	tripwire_close(tw);
}
END_TEST

/* The ways to trip, each with its cause. */
static int ends[2];

static void
by_call(struct tripwire *tw)
{
	tripwire_trip(tw, "because");
	tripwire_trip(tw, "later");
}

static void
by_stop(struct tripwire *tw)
{
	tripwire_stop(tw, "because");
}

static void
by_drain(struct tripwire *tw)
{
	ck_assert_int_eq(tripwire_drain(tw), 0);
}

static void
by_signal(struct tripwire *tw)
{
	ck_assert_int_eq(tripwire_signals(tw, NULL, 0, 0), 0);
	ck_assert_int_eq(raise(SIGTERM), 0);
}

static void
by_descriptor(struct tripwire *tw)
{
	ck_assert_int_eq(tripwire_watch(tw, ends[0]), 0);
	ck_assert_int_eq((int)write(ends[1], "x", 1), 1);
}

static void
by_end_of_file(struct tripwire *tw)
{
	ck_assert_int_eq(tripwire_watch(tw, ends[0]), 0);
	(void)close(ends[1]);
	ends[1] = -1;
}

static void
by_owner(struct tripwire *tw)
{
	tripwire_close(tripwire_ref(tw));
}

static const struct {
	void (*trip)(struct tripwire *);
	enum tripwire_cause cause;
	int signo;
	const char *text;
} ways[] = {
	{ by_call, TRIPWIRE_CALL, 0, "because" },
	{ by_stop, TRIPWIRE_CALL, 0, "because" },
	{ by_drain, TRIPWIRE_CALL, 0, "drain" },
	{ by_signal, TRIPWIRE_SIGNAL, SIGTERM, "signal 15" },
	{ by_descriptor, TRIPWIRE_FD, 0, "descriptor" },
	{ by_end_of_file, TRIPWIRE_FD, 0, "descriptor" },
	{ by_owner, TRIPWIRE_CLOSED, 0, "owner" },
};

/* A waiter, a descriptor and the state agree; the first cause stays. */
static void
trip_by(int way)
{
	struct tripwire *tw = fresh();
	struct tripwire_reason reason;
	int64_t begin = now();

	ck_assert_int_eq(pipe(ends), 0);
	tripwire_reason(tw, &reason);
	ck_assert_int_eq(reason.cause, TRIPWIRE_NONE);
	ck_assert_int_eq(polls(tripwire_fd(tw, TRIPWIRE_DRAINING)), 0);
	(void)tripwire_ref(tw);
	ways[way].trip(tw);
	ck_assert_int_eq(tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER),
	    TRIPWIRE_PREEMPTED);
	ck_assert_int_eq(tripwire_is_tripped(tw), 1);
	ck_assert_int_eq(polls(tripwire_fd(tw, TRIPWIRE_DRAINING)), 1);
	ck_assert_int_eq(polls(tripwire_fd(tw, TRIPWIRE_STOPPING)),
	    tripwire_phase(tw) >= TRIPWIRE_STOPPING);
	tripwire_trip(tw, "too late");
	tripwire_reason(tw, &reason);
	ck_assert_int_eq(reason.cause, ways[way].cause);
	ck_assert_int_eq(reason.signo, ways[way].signo);
	ck_assert_int_eq(reason.event, -1);
	ck_assert_ptr_nonnull(strstr(reason.text, ways[way].text));
	/* Kept in microseconds. */
	ck_assert_int_ge(reason.when, begin - 2000);
	ck_assert_int_le(reason.when, now());
	ck_assert_int_eq(tripwire_exit_status(tw),
	    ways[way].signo != 0 ? 128 + ways[way].signo : 0);
	if (ways[way].trip != by_owner)
		tripwire_close(tw);
	else
		tripwire_unref(tw);
	tripwire_unref(tw);
	(void)close(ends[0]);
	if (ends[1] != -1)
		(void)close(ends[1]);
}

START_TEST(state_descriptor_and_cause_agree_whatever_trips)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		trip_by((int)i);
}
END_TEST

START_TEST(a_descriptor_that_is_watched_no_more_does_not_trip)
{
	struct tripwire *tw = fresh();
	int fds[TRIPWIRE_SOURCES + 1][2], i;

	for (i = 0; i <= TRIPWIRE_SOURCES; i++) {
		ck_assert_int_eq(pipe(fds[i]), 0);
		ck_assert_int_eq(tripwire_watch(tw, fds[i][0]),
		    i < TRIPWIRE_SOURCES ? 0 : ENOSPC);
	}
	for (i = 1; i < TRIPWIRE_SOURCES; i++) {
		ck_assert_int_eq(tripwire_unwatch(tw, fds[i][0]), 0);
		ck_assert_int_eq((int)write(fds[i][1], "x", 1), 1);
	}
	ck_assert_int_eq(tripwire_unwatch(tw, fds[1][0]), ENOENT);
	ck_assert_int_eq(tripwire_is_tripped(tw), 0);
	ck_assert_int_eq((int)write(fds[0][1], "x", 1), 1);
	ck_assert_int_eq(tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER),
	    TRIPWIRE_PREEMPTED);
	tripwire_close(tw);
	for (i = 0; i <= TRIPWIRE_SOURCES; i++) {
		(void)close(fds[i][0]);
		(void)close(fds[i][1]);
	}
}
END_TEST

static void
on_usr1(int signo)
{
	(void)signo;
}

/* Actions are what they were once the last one is gone; SIG_IGN of SIGHUP
 * means nohup(1). */
START_TEST(actions_come_back)
{
	struct tripwire *one = fresh(), *two = fresh();
	static const int usr1 = SIGUSR1, kill9 = SIGKILL, none = 99;
	struct sigaction term, sa;

	ck_assert_int_eq(sigaction(SIGTERM, NULL, &term), 0);
	ck_assert(signal(SIGUSR1, on_usr1) != SIG_ERR);
	ck_assert(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(tripwire_signals(one, &kill9, 1, 0), EINVAL);
	ck_assert_int_eq(tripwire_signals(one, &none, 1, 0), EINVAL);
	ck_assert_int_eq(tripwire_signals(one, &usr1, 1, 0), 0);
	ck_assert_int_eq(tripwire_signals(one, &usr1, 1, 0), 0);
	ck_assert_int_eq(tripwire_signals(two, &usr1, 1, 0), 0);
	ck_assert_int_eq(tripwire_signals(two, NULL, 0, 0), 0);
	ck_assert_int_eq(sigaction(SIGHUP, NULL, &sa), 0);
	ck_assert(sa.sa_handler == SIG_IGN);

	tripwire_close(one);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &sa), 0);
	ck_assert(sa.sa_handler != on_usr1);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(tripwire_is_tripped(two), 1);
	tripwire_close(two);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &sa), 0);
	ck_assert(sa.sa_handler == on_usr1);
	ck_assert_int_eq(sigaction(SIGTERM, NULL, &sa), 0);
	ck_assert(sa.sa_handler == term.sa_handler);
	ck_assert(signal(SIGHUP, SIG_DFL) != SIG_ERR);
}
END_TEST

START_TEST(many_hear_of_one_signal_and_the_second_one_stops)
{
	struct tripwire *tw[20];
	struct tripwire_reason reason;
	size_t i;

	for (i = 0; i < 20; i++) {
		tw[i] = fresh();
		ck_assert_int_eq(tripwire_signals(tw[i], NULL, 0, 0), 0);
	}
	tripwire_trip(tw[0], "before");
	ck_assert_int_eq(raise(SIGINT), 0);
	for (i = 0; i < 20; i++)
		ck_assert_int_eq(tripwire_phase(tw[i]), TRIPWIRE_DRAINING);
	tripwire_close(tw[7]);
	ck_assert_int_eq(raise(SIGTERM), 0);
	for (i = 0; i < 20; i++) {
		if (i == 7)
			continue;
		ck_assert_int_eq(tripwire_phase(tw[i]), TRIPWIRE_STOPPING);
		ck_assert_int_eq(polls(tripwire_fd(tw[i], TRIPWIRE_STOPPING)),
		    1);
		tripwire_reason(tw[i], &reason);
		ck_assert_int_eq(reason.signals, 2);
		ck_assert_int_eq(reason.signo, i == 0 ? 0 : SIGINT);
		tripwire_close(tw[i]);
	}
}
END_TEST

#define INSTANCES 10000
/* A pool that grows meanwhile has some of its own; one in a thousand shows. */
#define POOL_HANDLES (INSTANCES / 1000 - 1)

/* One in 20 hears of signals, too, for which it has a thread. */
static void
one_instance(int i)
{
	struct tripwire *tw = fresh();

	if (i % 20 == 0)
		ck_assert_int_eq(tripwire_signals(tw, NULL, 0, 0), 0);
	tripwire_trip(tw, "test");
	ck_assert_int_eq(tripwire_drain(tw), 0);
	tripwire_close(tw);
}

START_TEST(ten_thousand_instances_leak_nothing)
{
	int before, i;

	for (i = 0; i < 100; i++)
		one_instance(i);
	before = host_handles();
	for (i = 0; i < INSTANCES; i++)
		one_instance(i);
	ck_assert_int_le(host_handles(), before + POOL_HANDLES);
}
END_TEST

START_TEST(the_environment_sets_the_deadline)
{
	struct tripwire *tw = NULL;
	struct tripwire_task task;

	ck_assert_int_eq(setenv("TRIPWIRE_DEADLINE", "soon", 1), 0);
	ck_assert_int_eq(tripwire_open(NULL, &tw), EINVAL);
	ck_assert_int_eq(setenv("TRIPWIRE_DEADLINE", "10", 1), 0);
	tw = fresh();
	ck_assert_int_eq(unsetenv("TRIPWIRE_DEADLINE"), 0);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &task, "stuck"), 0);
	ck_assert_int_eq(tripwire_drain(tw), ETIMEDOUT);
	tripwire_leave(&task);
	tripwire_close(tw);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_job_completes_when_nothing_trips,
		a_job_is_preempted_and_its_effect_absent,
		time_job_and_trip_give_the_right_one_of_three,
		a_wait_for_what_is_not_open_fails,
		state_descriptor_and_cause_agree_whatever_trips,
		a_descriptor_that_is_watched_no_more_does_not_trip,
		actions_come_back,
		many_hear_of_one_signal_and_the_second_one_stops,
		the_environment_sets_the_deadline,
		ten_thousand_instances_leak_nothing,
	};

	return run_cases("tripwire", tests, sizeof(tests) / sizeof(tests[0]));
}
