/* tripwire(3): what others hold while a tripwire trips, stops or goes. */
#include <sys/mman.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "programs/tripwire.h"
#include "support/handle.h"
#include "support/host.h"
#include "support/main.h"

#define LISTENERS 60
#define INSTANCES 100
#define ROUNDS 10

/* The text is the first one's, too. */
START_TEST(the_end_is_no_cause_after_another)
{
	struct tripwire *tw = fresh();
	struct tripwire_reason reason;

	(void)tripwire_ref(tw);
	tripwire_trip(tw, "first");
	tripwire_close(tw);
	tripwire_reason(tw, &reason);
	ck_assert_int_eq(reason.cause, TRIPWIRE_CALL);
	ck_assert_str_eq(reason.text, "first");
	tripwire_unref(tw);
}
END_TEST

static atomic_int done;

static void *
handle_sigterm(void *arg)
{
	(void)arg;
	mask_signal(SIG_UNBLOCK, SIGTERM);
	while (!atomic_load(&done))
		(void)poll(NULL, 0, 5);
	return NULL;
}

/* The last one to listen hears first. */
static int
close_the_first_to_hear(void)
{
	struct tripwire *tw[LISTENERS];
	int i, missed = 0;
	pthread_t thread;

	atomic_store(&done, 0);
	for (i = 0; i < LISTENERS; i++) {
		tw[i] = fresh();
		ck_assert_int_eq(tripwire_signals(tw[i], NULL, 0, 0), 0);
	}
	thread = start(handle_sigterm, NULL);
	ck_assert_int_eq(pthread_kill(thread, SIGTERM), 0);
	while (!tripwire_is_tripped(tw[LISTENERS - 1]))
		(void)sched_yield();
	tripwire_close(tw[LISTENERS - 1]);
	for (i = 0; i < LISTENERS - 1; i++)
		missed += !tripwire_is_tripped(tw[i]);
	atomic_store(&done, 1);
	join(thread);
	for (i = 0; i < LISTENERS - 1; i++)
		tripwire_close(tw[i]);
	return missed;
}

/* When one is closed the handler has left it, and been with all the others. */
START_TEST(a_close_waits_for_handlers)
{
	int i;

	mask_signal(SIG_BLOCK, SIGTERM);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(close_the_first_to_hear(), 0);
	mask_signal(SIG_UNBLOCK, SIGTERM);
}
END_TEST

/* In a page of its own: what is touched after its end is seen. */
struct room {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	struct tripwire *tw;
	int inside;		/* guarded by the mutex */
};

static atomic_int released, outcome;

static void *
wait_and_clear(void *arg)
{
	struct room *r = arg;

	(void)pthread_mutex_lock(&r->mutex);
	r->inside = 1;
	atomic_store(&outcome, (int)tripwire_cond_wait(r->tw, &r->cond,
	    &r->mutex, NULL));
	while (!atomic_load(&released))
		(void)sched_yield();
	(void)pthread_mutex_unlock(&r->mutex);
	(void)pthread_cond_destroy(&r->cond);
	(void)pthread_mutex_destroy(&r->mutex);
	(void)munmap(r, sizeof(*r));
	return NULL;
}

/* Come back with the mutex when the waiter has let go of it. */
static void
enter(struct room *r)
{
	for (;;) {
		(void)pthread_mutex_lock(&r->mutex);
		if (r->inside)
			return;
		(void)pthread_mutex_unlock(&r->mutex);
		(void)sched_yield();
	}
}

static void
one_room(void)
{
	struct tripwire *tw = fresh();
	struct room *r;
	pthread_t thread;

	r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(r, MAP_FAILED);
	ck_assert_int_eq(pthread_mutex_init(&r->mutex, NULL), 0);
	ck_assert_int_eq(pthread_cond_init(&r->cond, NULL), 0);
	r->tw = tw;
	atomic_store(&released, 0);
	thread = start(wait_and_clear, r);
	enter(r);
	/* First the waiter wants the mutex, and then the watcher, too. */
	(void)pthread_cond_broadcast(&r->cond);
	tripwire_trip(tw, "test");
	(void)poll(NULL, 0, 10);
	(void)pthread_mutex_unlock(&r->mutex);
	atomic_store(&released, 1);
	join(thread);
	ck_assert_int_eq(atomic_load(&outcome), TRIPWIRE_PREEMPTED);
	tripwire_close(tw);
}

/* Who is back may end the condition and its mutex: nobody is at them. */
START_TEST(a_condition_is_left_alone_after_its_wait)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		one_room();
}
END_TEST

/* A call that was not in the kernel yet when a signal came, three times. */
static int
deaf(void *arg)
{
	int i;

	tripwire_trip(arg, "inside");
	for (i = 0; i < 3; i++)
		if (poll(NULL, 0, 20000) == 0)
			return 0;
	errno = EINTR;
	return -1;
}

START_TEST(a_call_is_told_until_it_has_heard)
{
	struct tripwire *tw = fresh();
	int result = 0;

	ck_assert_int_eq(tripwire_call(tw, deaf, tw, &result),
	    TRIPWIRE_PREEMPTED);
	tripwire_close(tw);
}
END_TEST

static void
watch_parent(void)
{
	struct tripwire *tw = fresh();

	ck_assert_int_eq(tripwire_watch_parent(tw), 0);
	tripwire_close(tw);
}

START_TEST(what_means_the_parent_is_closed)
{
	int before, i;

	for (i = 0; i < 5; i++)
		watch_parent();
	before = host_handles();
	for (i = 0; i < INSTANCES; i++)
		watch_parent();
	ck_assert_int_le(host_handles(), before + INSTANCES / 2);
}
END_TEST

static struct tripwire_task task;
static int calls;

/* The first of two; it has the rest end. */
static void
see_it_stop(void *arg)
{
	if (tripwire_phase(arg) == TRIPWIRE_STOPPING)
		calls++;
	if (calls == 1)
		tripwire_leave(&task);
}

START_TEST(what_stops_in_time_is_not_forced)
{
	struct tripwire_options options;
	struct tripwire *tw;
	int i;

	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_MSEC(10);
	options.stop_time = TRIPWIRE_SEC(20);
	tw = fresh_with(&options);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &task, "task"), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(tripwire_on(tw, TRIPWIRE_STOPPING, "stop",
		    see_it_stop, tw, TRIPWIRE_FOREVER), 0);
	ck_assert_int_eq(tripwire_drain(tw), ETIMEDOUT);
	ck_assert_int_eq(calls, 2);
	ck_assert_int_eq(tripwire_phase(tw), TRIPWIRE_STOPPING);
	tripwire_close(tw);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		the_end_is_no_cause_after_another,
		a_close_waits_for_handlers,
		a_condition_is_left_alone_after_its_wait,
		a_call_is_told_until_it_has_heard,
		what_means_the_parent_is_closed,
		what_stops_in_time_is_not_forced,
	};

	return run_cases("tripwire edge", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
