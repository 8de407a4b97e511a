/* tripwire(3): counted tasks, and the end. */
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/tripwire.h"
#include "support/host.h"
#include "support/main.h"

/* What a time of the library's may be late by, on a machine with time. */
#define LATE	TRIPWIRE_MSEC(50)
/* How often it may have had none. */
#define TRIES	5

#define TASKS	100

static _Atomic int64_t last_end;
static unsigned seed;

static void
nap(void *arg)
{
	struct timespec ts = { *(int *)arg / 1000,
	    *(int *)arg % 1000 * 1000000L };
	int64_t end, old = atomic_load(&last_end);

	(void)nanosleep(&ts, NULL);
	end = now();
	while (end > old &&
	    !atomic_compare_exchange_weak(&last_end, &old, end))
		;
}

/* Return how long after the last task's end the wait ended. */
static int64_t
hundred_tasks(int longest)
{
	struct tripwire *tw = fresh();
	struct tripwire_group group = { .name = "group" };
	struct tripwire_counts counts;
	int64_t end;
	int i, ms[TASKS];

	atomic_store(&last_end, 0);
	for (i = 0; i < TASKS; i++) {
		ms[i] = rand_r(&seed) % longest;
		ck_assert_int_eq(tripwire_spawn(tw, i % 2 ? &group : NULL,
		    "nap", nap, &ms[i]), 0);
	}
	tripwire_trip(tw, "test");
	ck_assert_int_eq(tripwire_wait_tasks(tw, NULL, TRIPWIRE_SEC(30)), 0);
	end = now();
	ck_assert_uint_eq(tripwire_tasks(tw, NULL), 0);
	ck_assert_uint_eq(tripwire_tasks(tw, &group), 0);
	tripwire_counts(tw, &counts);
	ck_assert_uint_eq(counts.accepted, TASKS);
	ck_assert_uint_eq(counts.finished + counts.drained, TASKS);
	tripwire_close(tw);
	return end - atomic_load(&last_end);
}

/* Not polled: the wait ends when the last one leaves. */
START_TEST(the_wait_ends_with_the_last_of_a_hundred_tasks)
{
	int64_t late = hundred_tasks(2000);
	int tries = 1;

	while (late > LATE && tries++ < TRIES)
		late = hundred_tasks(500);
	ck_assert_int_ge(late, 0);
	ck_assert_int_le(late, LATE);
}
END_TEST

START_TEST(a_stuck_task_is_named_when_the_time_is_over)
{
	struct tripwire *tw = fresh();
	struct tripwire_task stuck;
	char where[200];
	int64_t begin, took = INT64_MAX;
	int tries = 0;

	(void)snprintf(where, sizeof(where), "task stuck (%s:%d)", __FILE__,
	    __LINE__ + 1);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &stuck, "stuck"), 0);
	do {
		begin = now();
		ck_assert_int_eq(tripwire_wait_tasks(tw, NULL,
		    TRIPWIRE_SEC(1)), ETIMEDOUT);
		took = now() - begin;
		ck_assert_int_ge(took, TRIPWIRE_SEC(1));
	} while (took > TRIPWIRE_SEC(1) + LATE && ++tries < TRIES);
	ck_assert_int_le(took, TRIPWIRE_SEC(1) + LATE);
	ck_assert_msg(said(where), "%s", where);
	tripwire_leave(&stuck);
	ck_assert_int_eq(tripwire_wait_tasks(tw, NULL, 0), 0);
	tripwire_close(tw);
}
END_TEST

START_TEST(groups_are_waited_for_apart)
{
	struct tripwire *tw = fresh();
	struct tripwire_group a = { .name = "a" }, b = { .name = "b" };
	struct tripwire_task in_a, in_b;

	ck_assert_int_eq(tripwire_enter(tw, &a, &in_a, "one"), 0);
	ck_assert_int_eq(tripwire_enter(tw, &b, &in_b, "two"), 0);
	tripwire_leave(&in_a);
	ck_assert_int_eq(tripwire_wait_tasks(tw, &a, TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_wait_tasks(tw, &b, 0), ETIMEDOUT);
	ck_assert_int_eq(said("task b/two"), 1);
	ck_assert_int_eq(said("one"), 0);
	ck_assert_uint_eq(tripwire_tasks(tw, NULL), 1);
	tripwire_leave(&in_b);
	tripwire_close(tw);
}
END_TEST

START_TEST(progress_is_told)
{
	struct tripwire_options options;
	struct tripwire_task task;
	struct tripwire *tw;

	tripwire_options_init(&options);
	options.progress = TRIPWIRE_MSEC(10);
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &task, "task"), 0);
	while (!said("waiting for 1 tasks"))
		ck_assert_int_eq(tripwire_wait_tasks(tw, NULL,
		    TRIPWIRE_MSEC(50)), ETIMEDOUT);
	tripwire_leave(&task);
	tripwire_close(tw);
}
END_TEST

/* A queue: what is in it when the trip comes is done, what comes later is
 * refused. */
#define ITEMS	1000

struct queue {
	struct tripwire *tw;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct tripwire_task items[ITEMS];
	int in, out;
};

static void *
worker(void *arg)
{
	struct queue *q = arg;
	enum tripwire_outcome outcome = TRIPWIRE_COMPLETED;

	(void)pthread_mutex_lock(&q->lock);
	for (;;) {
		while (q->out < q->in)
			tripwire_leave(&q->items[q->out++]);
		if (outcome != TRIPWIRE_COMPLETED)
			break;
		outcome = tripwire_cond_wait(q->tw, &q->more, &q->lock, NULL);
	}
	(void)pthread_mutex_unlock(&q->lock);
	return NULL;
}

/* Return how many were taken. */
static int
put(struct queue *q, int n)
{
	int i = 0;

	(void)pthread_mutex_lock(&q->lock);
	for (; i < n && tripwire_enter(q->tw, NULL, &q->items[q->in],
	    "item") == 0; i++)
		q->in++;
	(void)pthread_cond_signal(&q->more);
	(void)pthread_mutex_unlock(&q->lock);
	return i;
}

static void *
put_all(void *arg)
{
	while (put(arg, 1) == 1 && ((struct queue *)arg)->in < ITEMS)
		;
	return NULL;
}

START_TEST(a_queue_is_drained_and_refuses_what_comes_later)
{
	static struct queue q;
	struct tripwire_counts counts;
	pthread_t producer, consumer;

	memset(&q, 0, sizeof(q));
	q.tw = fresh();
	ck_assert_int_eq(pthread_mutex_init(&q.lock, NULL), 0);
	ck_assert_int_eq(pthread_cond_init(&q.more, NULL), 0);
	ck_assert_int_eq(put(&q, 100), 100);
	consumer = start(worker, &q);
	producer = start(put_all, &q);
	tripwire_trip(q.tw, "test");
	ck_assert_int_eq(tripwire_drain(q.tw), 0);
	join(producer);
	join(consumer);
	ck_assert_int_eq(put(&q, 1), 0);
	ck_assert_int_eq(q.out, q.in);
	tripwire_counts(q.tw, &counts);
	ck_assert_uint_eq(counts.accepted, q.in);
	ck_assert_uint_eq(counts.finished + counts.drained, q.in);
	ck_assert_uint_ge(counts.refused, 1);
	ck_assert_uint_eq(counts.left, 0);
	tripwire_close(q.tw);
}
END_TEST

START_TEST(late_tasks_are_taken_until_it_stops)
{
	struct tripwire *tw = fresh();
	struct tripwire_group late = { .name = "late", .late = 1 };
	struct tripwire_task task;

	tripwire_trip(tw, "test");
	ck_assert_int_eq(tripwire_enter(tw, NULL, &task, "task"), ECANCELED);
	ck_assert_int_eq(tripwire_enter(tw, &late, &task, "task"), 0);
	tripwire_leave(&task);
	tripwire_stop(tw, "test");
	ck_assert_int_eq(tripwire_enter(tw, &late, &task, "task"), ECANCELED);
	tripwire_close(tw);
}
END_TEST

/* What tripwire_on() registered writes its letter. */
static char order[16];

static void
letter(void *arg)
{
	order[strlen(order)] = *(const char *)arg;
}

START_TEST(what_is_registered_is_called_last_first)
{
	static char a = 'a', b = 'b', c = 'c', s = 's';
	struct tripwire *tw = fresh();

	memset(order, 0, sizeof(order));
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_RUNNING, "x", letter, &a,
	    TRIPWIRE_FOREVER), EINVAL);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "a", letter, &a,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_STOPPING, "s", letter, &s,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "b", letter, &b,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "c", letter, &c,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_off(tw, letter, &b), 0);
	ck_assert_int_eq(tripwire_off(tw, letter, &b), ENOENT);
	ck_assert_int_eq(tripwire_drain(tw), 0);
	ck_assert_str_eq(order, "ca");
	tripwire_close(tw);
}
END_TEST

static void
until_stopping(void *arg)
{
	struct tripwire *tw = *(struct tripwire **)arg;

	(void)tripwire_wait_phase(tw, TRIPWIRE_STOPPING, -1, 0,
	    TRIPWIRE_FOREVER);
}

static void
stop_it(void *arg)
{
	tripwire_stop(*(struct tripwire **)arg, "test");
}

/* Its time over, the next one is called, which stops it all. */
START_TEST(what_hangs_holds_up_nobody_else)
{
	static char a = 'a', s = 's';
	struct tripwire_options options;
	struct tripwire_counts counts;
	struct tripwire *tw;

	memset(order, 0, sizeof(order));
	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_FOREVER;
	options.stop_time = TRIPWIRE_FOREVER;
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "stop", stop_it,
	    &tw, TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "a", letter, &a,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "hangs",
	    until_stopping, &tw, TRIPWIRE_MSEC(10)), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_STOPPING, "s", letter, &s,
	    TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_drain(tw), ECANCELED);
	ck_assert_str_eq(order, "as");
	ck_assert_int_eq(said("task draining/hangs"), 1);
	tripwire_counts(tw, &counts);
	ck_assert_uint_eq(counts.overdue, 1);
	ck_assert_uint_eq(counts.left, 0);
	ck_assert_int_ge(counts.draining, TRIPWIRE_MSEC(10));
	tripwire_close(tw);
}
END_TEST

/* A task that ends when it is told to: the deadline tells it. */
static void *
wait_and_leave(void *arg)
{
	struct tripwire_task *task = arg;

	(void)tripwire_wait_phase(task->tw, TRIPWIRE_STOPPING, -1, 0,
	    TRIPWIRE_FOREVER);
	tripwire_leave(task);
	return NULL;
}

START_TEST(the_deadline_stops_what_is_left)
{
	struct tripwire_options options;
	struct tripwire_task task;
	struct tripwire_counts counts;
	struct tripwire *tw;
	pthread_t thread;

	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_MSEC(100);
	options.stop_time = TRIPWIRE_FOREVER;
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &task, "task"), 0);
	thread = start(wait_and_leave, &task);
	ck_assert_int_eq(tripwire_drain(tw), ETIMEDOUT);
	join(thread);
	tripwire_counts(tw, &counts);
	ck_assert_uint_eq(counts.cancelled, 1);
	ck_assert_uint_eq(counts.left, 0);
	ck_assert_int_ge(counts.draining, TRIPWIRE_MSEC(99));
	tripwire_close(tw);
}
END_TEST

START_TEST(a_stop_cuts_the_drain_short)
{
	struct tripwire *tw = fresh();
	struct tripwire_task stuck;
	struct tripwire_options options;
	char line[400];

	tripwire_close(tw);
	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_FOREVER;
	options.stop_time = 0;
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &stuck, "stuck"), 0);
	ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_DRAINING, "stop", stop_it,
	    &tw, TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_drain(tw), ECANCELED);
	ck_assert_int_eq(tripwire_phase(tw), TRIPWIRE_FORCED);
	ck_assert_int_eq(said("task stuck"), 1);
	/* The one that stopped it may be on its way out. */
	while (tripwire_tasks(tw, NULL) > 1)
		(void)sched_yield();
	ck_assert_int_gt(tripwire_summary(tw, line, sizeof(line)), 0);
	ck_assert_ptr_nonnull(strstr(line, "phase=forced cause=call signal=0 "
	    "event=-1 signals=0 accepted=2 refused=0 finished=0 "));
	ck_assert_ptr_nonnull(strstr(line, " left=1 overdue=0 draining_ms="));
	tripwire_close(tw);
	/* The task has the last reference. */
	ck_assert_int_eq(tripwire_is_tripped(tw), 1);
	tripwire_leave(&stuck);
}
END_TEST

/* A service manager's socket gets STOPPING=1 and how long it may take. */
START_TEST(the_service_manager_is_told)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
	    .sun_path = "notify" };
	struct tripwire_options options;
	struct tripwire *tw;
	char got[200] = "";
	int fd;

	ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
	ck_assert_int_eq(tripwire_notify("READY=1"), ENOENT);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", "notify", 1), 0);
	ck_assert_int_eq(tripwire_notify("READY=1"), 0);
	ck_assert_int_eq((int)recv(fd, got, sizeof(got) - 1, 0), 7);
	ck_assert_str_eq(got, "READY=1");
	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_SEC(2);
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_drain(tw), 0);
	ck_assert_int_eq((int)recv(fd, got, sizeof(got) - 1, 0), 38);
	ck_assert_str_eq(got, "STOPPING=1\nEXTEND_TIMEOUT_USEC=3000000");
	tripwire_close(tw);
	(void)close(fd);
	ck_assert_int_eq(unlink("notify"), 0);
	ck_assert_int_eq(tripwire_notify("READY=1"), ENOENT);
	ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		the_wait_ends_with_the_last_of_a_hundred_tasks,
		a_stuck_task_is_named_when_the_time_is_over,
		groups_are_waited_for_apart,
		progress_is_told,
		a_queue_is_drained_and_refuses_what_comes_later,
		late_tasks_are_taken_until_it_stops,
		what_is_registered_is_called_last_first,
		what_hangs_holds_up_nobody_else,
		the_deadline_stops_what_is_left,
		a_stop_cuts_the_drain_short,
		the_service_manager_is_told,
	};

	return run_cases("tripwire's drain", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
