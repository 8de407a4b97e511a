/*
 * Timers of timer_create() that are ignored, deleted, wrong, or many:
 * POSIX.1-2024.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/time/ptimer.h"
#include "compat/time/timing.h"
#include "support/fails.h"
#include "support/main.h"

#define MANY 500

/* A signal that is ignored costs nothing, and the timer outlives that. */
START_TEST(a_timer_goes_on_when_its_signal_is_not_ignored_any_more)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 6);

	ptimer_handle(SIGUSR1);
	ck_assert(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	unblock(SIGUSR1);
	set(id, 0, MS, MS);
	ck_assert_int_eq(nanosleep(&(struct timespec){ 0, 20 * MS }, NULL), 0);
	ck_assert_int_eq(ptimer_count, 0);
	ptimer_handle(SIGUSR1);
	while (ptimer_count < 2)
		FAILS(pause(), EINTR);
	ck_assert_int_eq(ptimer_seen.si_value.sival_int, 6);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* What is pending when the action becomes SIG_IGN goes, the timer stays. */
START_TEST(a_timer_survives_that_its_signal_is_discarded)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 6);
	sigset_t pending;

	ptimer_handle(SIGUSR1);
	block(SIGUSR1);
	set(id, 0, MS, 10 * MS);
	do {
		ck_assert_int_eq(sigpending(&pending), 0);
	} while (!sigismember(&pending, SIGUSR1));
	ck_assert(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	ptimer_handle(SIGUSR1);
	ck_assert_int_eq(take(SIGUSR1).si_value.sival_int, 6);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_delete(), EINVAL: an id of no timer, anywhere. */
START_TEST(a_deleted_timer_is_none)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 0);
	struct itimerspec t = times(SEC, 0);

	block(SIGUSR1);
	set(id, 0, 10 * MS, MS);
	ck_assert_int_eq(timer_delete(id), 0);
	nothing_comes(SIGUSR1, 30 * MS);
	FAILS(timer_delete(id), EINVAL);
	FAILS(timer_settime(id, 0, &t, NULL), EINVAL);
	FAILS(timer_gettime(id, &t), EINVAL);
	FAILS(timer_getoverrun(id), EINVAL);
}
END_TEST

/* XSH timer_gettime(): the interval as it was set, the time as a span. */
START_TEST(gettime_tells_value_and_interval)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 0);
	struct itimerspec now;

	ck_assert_int_eq(timer_gettime(id, &now), 0);
	ck_assert(ns_of(now.it_value) == 0);
	ck_assert(ns_of(now.it_interval) == 0);
	set(id, TIMER_ABSTIME, mono_ns() + 100 * SEC, 7 * SEC);
	ck_assert_int_eq(timer_gettime(id, &now), 0);
	ck_assert(ns_of(now.it_value) > 50 * SEC);
	ck_assert(ns_of(now.it_value) <= 100 * SEC);
	ck_assert(ns_of(now.it_interval) == 7 * SEC);
	set(id, 0, 100 * SEC, 0);
	ck_assert_int_eq(timer_gettime(id, &now), 0);
	ck_assert(ns_of(now.it_interval) == 0);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_create(), EINVAL; and nothing has been made. */
START_TEST(bad_clocks_and_events_are_refused)
{
	struct sigevent event = event_of(SIGEV_SIGNAL, SIGUSR1, 0);
	timer_t id;

	FAILS(timer_create(4711, &event, &id), EINVAL);
	event.sigev_signo = 0;
	FAILS(timer_create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event.sigev_signo = -1;
	FAILS(timer_create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event.sigev_signo = 65;
	FAILS(timer_create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event = event_of(77, SIGUSR1, 0);
	FAILS(timer_create(CLOCK_MONOTONIC, &event, &id), EINVAL);
}
END_TEST

/* XSH timer_settime(), EINVAL; and the timer is as it was. */
START_TEST(bad_times_are_refused)
{
	static const struct itimerspec bad[] = {
		{ .it_value = { 0, SEC } }, { .it_value = { 0, -1 } },
		{ .it_value = { -1, 0 } },
		{ .it_value = { 1, 0 }, .it_interval = { 0, SEC } },
		{ .it_value = { 1, 0 }, .it_interval = { -1, 0 } },
	};
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 0);
	size_t i;

	set(id, 0, 100 * SEC, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		FAILS(timer_settime(id, 0, &bad[i], NULL), EINVAL);
	ck_assert(left(id) > 50 * SEC);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* Many at once, all with their own values. */
START_TEST(many_timers_all_arrive)
{
	static timer_t id[MANY];
	static char came[MANY];
	int i, value;

	block(SIGRTMIN + 1);
	for (i = 0; i < MANY; i++)
		id[i] = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN + 1,
		    i);
	for (i = 0; i < MANY; i++)
		set(id[i], 0, (1 + i % 10) * MS, 0);
	for (i = 0; i < MANY; i++) {
		value = take(SIGRTMIN + 1).si_value.sival_int;
		ck_assert_int_ge(value, 0);
		ck_assert_int_lt(value, MANY);
		ck_assert_int_eq(came[value]++, 0);
	}
	nothing_comes(SIGRTMIN + 1, MS);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(timer_delete(id[i]), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[7];
	int n = 0;

	tests[n++] = a_timer_goes_on_when_its_signal_is_not_ignored_any_more;
	tests[n++] = a_timer_survives_that_its_signal_is_discarded;
	tests[n++] = a_deleted_timer_is_none;
	tests[n++] = gettime_tells_value_and_interval;
	tests[n++] = bad_clocks_and_events_are_refused;
	tests[n++] = bad_times_are_refused;
	tests[n++] = many_timers_all_arrive;
	return run_cases("ends of posix timers", tests, n);
}
