/*
 * tripwire(3) and console events, through the function that NT's callback
 * calls.  Built for NT only; what only NT's own console can prove is in
 * LIM-SIG-9.
 */
#include <compat.h>
#include <tripwire.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "support/main.h"

#include "fd/names.h"
#include "signal/state.h"

static const struct {
	unsigned long event;
	int signo;
} events[] = {
	{ COMPAT_CTRL_C, SIGINT },
	{ COMPAT_CTRL_BREAK, SIGTERM },
	/* From here on NT ends the process when its callback returns. */
	{ COMPAT_CTRL_CLOSE, SIGHUP },
	{ COMPAT_CTRL_LOGOFF, SIGHUP },
	{ COMPAT_CTRL_SHUTDOWN, SIGTERM },
};

/* NT calls back on a thread of its own. */
static void *
send_event(void *arg)
{
	(void)sig_console_event(*(const unsigned long *)arg);
	return NULL;
}

static struct tripwire *
tripped_by(size_t i)
{
	struct tripwire_options options;
	struct tripwire *tw;
	pthread_t thread;

	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_FOREVER;
	options.stop_time = TRIPWIRE_FOREVER;
	ck_assert_int_eq(tripwire_open(&options, &tw), 0);
	ck_assert_int_eq(tripwire_signals(tw, NULL, 0, 0), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, send_event,
	    (void *)(uintptr_t)&events[i].event), 0);
	ck_assert_int_eq(pthread_detach(thread), 0);
	ck_assert_int_eq(tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER),
	    TRIPWIRE_PREEMPTED);
	return tw;
}

START_TEST(each_event_trips_once_and_is_the_reason)
{
	struct tripwire_reason reason;
	struct tripwire *tw;
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		/* A service drops it. */
		if (events[i].event == COMPAT_CTRL_LOGOFF && sig_is_service())
			continue;
		tw = tripped_by(i);
		tripwire_reason(tw, &reason);
		ck_assert_int_eq(reason.cause, TRIPWIRE_SIGNAL);
		ck_assert_int_eq(reason.signo, events[i].signo);
		ck_assert_uint_eq(reason.signals, 1);
		ck_assert_int_eq(reason.event,
		    events[i].event < COMPAT_CTRL_CLOSE ? -1 :
		    (int)events[i].event);
		ck_assert_int_eq(tripwire_drain(tw), 0);
		tripwire_close(tw);
	}
}
END_TEST

/* Return what is left of NT's time when the drain has given up. */
static int64_t
left_after_drain(void)
{
	struct tripwire_options options;
	struct tripwire_task stuck;
	struct tripwire *tw;
	int64_t left;
	int event;

	tripwire_close(tripped_by(2));
	tripwire_options_init(&options);
	options.deadline = TRIPWIRE_FOREVER;
	options.stop_time = TRIPWIRE_FOREVER;
	ck_assert_int_eq(tripwire_open(&options, &tw), 0);
	ck_assert_int_eq(tripwire_enter(tw, NULL, &stuck, "stuck"), 0);
	ck_assert_int_eq(tripwire_drain(tw), ETIMEDOUT);
	left = compat_signal_grace(&event);
	ck_assert_int_eq(tripwire_phase(tw), TRIPWIRE_FORCED);
	tripwire_leave(&stuck);
	tripwire_close(tw);
	return left;
}

/*
 * A task that never ends: the drain is over, and the program has time to say
 * so, before NT's callback returns.  Half a second is enough for that, on a
 * machine that has it.
 */
START_TEST(a_drain_ends_within_the_time_that_nt_grants)
{
	int64_t left = left_after_drain();
	int tries = 1;

	while (left == 0 && tries++ < 3)
		left = left_after_drain();
	ck_assert_int_gt(left, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		each_event_trips_once_and_is_the_reason,
		a_drain_ends_within_the_time_that_nt_grants,
	};

	return run_cases("console and tripwire", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
