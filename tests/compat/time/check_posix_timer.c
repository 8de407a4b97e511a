/* timer_create() and its kin: POSIX.1-2024, timer_create(2). */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "compat/time/ptimer.h"
#include "compat/time/timing.h"
#include "support/fails.h"
#include "support/main.h"

static const struct itimerspec stopped;
/* XSH timer_settime(): once, not before the time, with the value. */
START_TEST(a_timer_sends_its_signal_once)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 4711);
	int64_t start = mono_ns();

	ptimer_handle(SIGUSR1);
	set(id, 0, 30 * MS, 0);
	while (ptimer_count == 0)
		FAILS(pause(), EINTR);
	ck_assert(mono_ns() - start >= 30 * MS);
	ck_assert_int_eq(ptimer_count, 1);
	ck_assert_int_eq(ptimer_seen.si_signo, SIGUSR1);
	ck_assert_int_eq(ptimer_seen.si_code, SI_TIMER);
	ck_assert_int_eq(ptimer_seen.si_value.sival_int, 4711);
	ck_assert_int_eq(ptimer_seen.si_overrun, 0);
	ck_assert_int_eq(timer_getoverrun(id), 0);
	ck_assert(left(id) == 0);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_create(): a null event is SIGALRM. */
START_TEST(a_timer_without_event_is_sigalrm)
{
	siginfo_t info;
	timer_t id;

	block(SIGALRM);
	ck_assert_int_eq(timer_create(CLOCK_REALTIME, NULL, &id), 0);
	set(id, 0, 1, 0);
	info = take(SIGALRM);
	ck_assert_int_eq(info.si_code, SI_TIMER);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_settime(): start + n intervals, each with its signal. */
START_TEST(an_interval_sends_again_and_again)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 5);
	int64_t start = mono_ns();
	siginfo_t info;
	int n = 0;

	block(SIGRTMIN);
	set(id, 0, 5 * MS, 10 * MS);
	while (n < 6) {
		info = take(SIGRTMIN);
		ck_assert_int_eq(info.si_value.sival_int, 5);
		ck_assert_int_eq(info.si_overrun, timer_getoverrun(id));
		n += 1 + info.si_overrun;
		ck_assert(mono_ns() - start >= (5 + (n - 1) * 10) * MS);
	}
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/*
 * XSH timer_getoverrun(): the expirations between the signal's and the time
 * when it is accepted.  An absolute time in the past makes the number certain.
 */
START_TEST(overruns_are_counted_exactly)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
	int64_t start = mono_ns() - 105 * SEC;
	siginfo_t info;

	block(SIGUSR1);
	set(id, TIMER_ABSTIME, start, 10 * SEC);
	info = take(SIGUSR1);
	ck_assert_int_eq(info.si_overrun, 10);
	ck_assert_int_eq(timer_getoverrun(id), 10);
	ck_assert(left(id) <= 5 * SEC);
	ck_assert(left(id) > 0);
	nothing_comes(SIGUSR1, 20 * MS);
	ck_assert_int_eq(timer_getoverrun(id), 10);
	set(id, TIMER_ABSTIME, mono_ns() - 15 * SEC, 10 * SEC);
	info = take(SIGUSR1);
	ck_assert_int_eq(info.si_overrun, 1);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* A count that does not fit stops at DELAYTIMER_MAX. */
START_TEST(overruns_end_at_delaytimer_max)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
	siginfo_t info;

	block(SIGUSR1);
	set(id, TIMER_ABSTIME, mono_ns() - 10 * SEC, 1);
	info = take(SIGUSR1);
	ck_assert_int_eq(info.si_overrun, INT_MAX);
	ck_assert_int_eq(timer_getoverrun(id), INT_MAX);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_getoverrun(): one signal is queued for a timer at any time. */
START_TEST(one_signal_waits_and_the_rest_are_overruns)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 1);
	int64_t start, end;
	siginfo_t info;

	block(SIGRTMIN);
	start = mono_ns();
	set(id, 0, 10 * MS, 10 * MS);
	ck_assert_int_eq(nanosleep(&(struct timespec){ 0, 95 * MS }, NULL), 0);
	info = take(SIGRTMIN);
	end = mono_ns();
	ck_assert_int_eq(timer_settime(id, 0, &stopped, NULL), 0);
	ck_assert_int_ge(info.si_overrun, 7);
	ck_assert(info.si_overrun <= (end - start) / (10 * MS) - 1);
	nothing_comes(SIGRTMIN, MS);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* Each timer has its own place, also where signals do not queue. */
START_TEST(two_timers_of_one_signal_both_arrive)
{
	timer_t a = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
	timer_t b = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 2);
	int first, second;

	block(SIGUSR1);
	set(a, 0, MS, 0);
	set(b, 0, MS, 0);
	first = take(SIGUSR1).si_value.sival_int;
	second = take(SIGUSR1).si_value.sival_int;
	ck_assert_int_eq(first + second, 3);
	nothing_comes(SIGUSR1, MS);
	ck_assert_int_eq(timer_delete(a), 0);
	ck_assert_int_eq(timer_delete(b), 0);
}
END_TEST

/* XSH timer_settime(): what was left, and 0 stops it. */
START_TEST(a_new_setting_replaces_the_old)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 0);
	struct itimerspec old, next = times(50 * SEC, 0);

	block(SIGUSR1);
	ck_assert(left(id) == 0);
	set(id, 0, 100 * SEC, 3 * SEC);
	ck_assert_int_eq(timer_settime(id, 0, &next, &old), 0);
	ck_assert(ns_of(old.it_value) <= 100 * SEC);
	ck_assert(ns_of(old.it_value) > 50 * SEC);
	ck_assert(ns_of(old.it_interval) == 3 * SEC);
	ck_assert(left(id) <= 50 * SEC);
	ck_assert(left(id) > 0);
	ck_assert_int_eq(timer_settime(id, 0, &stopped, &old), 0);
	ck_assert(ns_of(old.it_value) > 0);
	ck_assert(left(id) == 0);
	next = times(0, 3 * SEC);
	ck_assert_int_eq(timer_settime(id, 0, &next, NULL), 0);
	ck_assert_int_eq(timer_gettime(id, &old), 0);
	ck_assert(ns_of(old.it_interval) == 0);
	set(id, 0, 10 * MS, 0);
	ck_assert_int_eq(timer_settime(id, 0, &stopped, NULL), 0);
	nothing_comes(SIGUSR1, 30 * MS);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* XSH timer_settime(), TIMER_ABSTIME: past times expire at once. */
START_TEST(absolute_times_are_by_the_timers_clock)
{
	timer_t wall = timer_new(CLOCK_REALTIME, SIGEV_SIGNAL, SIGUSR1, 3);
	timer_t mono = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR2, 4);
	int64_t due;

	block(SIGUSR1);
	block(SIGUSR2);
	set(wall, TIMER_ABSTIME, clock_ns(CLOCK_REALTIME) + 100 * SEC, 0);
	ck_assert(left(wall) > 50 * SEC);
	ck_assert(left(wall) <= 100 * SEC);
	due = clock_ns(CLOCK_REALTIME) + 20 * MS;
	set(wall, TIMER_ABSTIME, due, 0);
	ck_assert_int_eq(take(SIGUSR1).si_value.sival_int, 3);
	ck_assert(clock_ns(CLOCK_REALTIME) >= due);
	set(wall, TIMER_ABSTIME, SEC, 0);
	ck_assert_int_eq(take(SIGUSR1).si_value.sival_int, 3);
	due = mono_ns() + 20 * MS;
	set(mono, TIMER_ABSTIME, due, 0);
	ck_assert_int_eq(take(SIGUSR2).si_value.sival_int, 4);
	ck_assert(mono_ns() >= due);
	ck_assert_int_eq(timer_delete(wall), 0);
	ck_assert_int_eq(timer_delete(mono), 0);
}
END_TEST

/* SIGEV_NONE: no signal, and the time can be asked for. */
START_TEST(a_timer_without_notification_just_runs)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);

	set(id, 0, 100 * SEC, 0);
	ck_assert(left(id) > 50 * SEC);
	set(id, TIMER_ABSTIME, mono_ns() - 15 * SEC, 10 * SEC);
	ck_assert(left(id) <= 5 * SEC);
	ck_assert(left(id) > 0);
	set(id, TIMER_ABSTIME, mono_ns() - SEC, 0);
	ck_assert(left(id) == 0);
	ck_assert_int_eq(timer_getoverrun(id), 0);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t called = PTHREAD_COND_INITIALIZER;
static int calls, value_sum, on_caller, has_stack;
static pthread_t creator;

static void
on_expiry(union sigval value)
{
	volatile char deep[64 * 1024];

	deep[0] = 1;
	(void)pthread_mutex_lock(&lock);
	calls++;
	value_sum += value.sival_int;
	on_caller += pthread_equal(pthread_self(), creator) != 0;
	has_stack += deep[0];
	(void)pthread_cond_signal(&called);
	(void)pthread_mutex_unlock(&lock);
}

/* SIGEV_THREAD: as if it were the start of a new thread. */
START_TEST(a_function_is_called_on_another_thread)
{
	struct sigevent event = event_of(SIGEV_THREAD, 0, 7);
	pthread_attr_t attr;
	int before;
	timer_t id;

	creator = pthread_self();
	ck_assert_int_eq(pthread_attr_init(&attr), 0);
	ck_assert_int_eq(pthread_attr_setstacksize(&attr, 1 << 20), 0);
	event.sigev_notify_function = on_expiry;
	event.sigev_notify_attributes = &attr;
	ck_assert_int_eq(timer_create(CLOCK_MONOTONIC, &event, &id), 0);
	ck_assert_int_eq(pthread_attr_destroy(&attr), 0);
	set(id, 0, MS, 5 * MS);
	ck_assert_int_eq(pthread_mutex_lock(&lock), 0);
	while (calls < 3)
		ck_assert_int_eq(pthread_cond_wait(&called, &lock), 0);
	before = calls;
	ck_assert_int_eq(value_sum, 7 * before);
	ck_assert_int_eq(has_stack, before);
	ck_assert_int_eq(on_caller, 0);
	ck_assert_int_eq(pthread_mutex_unlock(&lock), 0);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

/* A timer's signal can be read, and makes the descriptor readable. */
START_TEST(a_signalfd_reads_a_timer)
{
	timer_t id = timer_new(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR2, 9);
	sigset_t usr2 = only(SIGUSR2);
	struct signalfd_siginfo info;
	struct pollfd p;
	int fd;

	block(SIGUSR2);
	fd = signalfd(-1, &usr2, SFD_NONBLOCK);
	ck_assert_int_ge(fd, 0);
	set(id, 0, 20 * MS, 0);
	p = (struct pollfd){ .fd = fd, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, 10000), 1);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_uint_eq(info.ssi_overrun, 0);
	set(id, TIMER_ABSTIME, mono_ns() - 25 * SEC, 10 * SEC);
	ck_assert_int_eq(poll(&p, 1, 10000), 1);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_uint_eq(info.ssi_signo, SIGUSR2);
	ck_assert_int_eq(info.ssi_code, SI_TIMER);
	ck_assert_int_eq(info.ssi_int, 9);
	ck_assert_uint_eq(info.ssi_overrun, 2);
	ck_assert_int_eq(timer_delete(id), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = a_timer_sends_its_signal_once;
	tests[n++] = a_timer_without_event_is_sigalrm;
	tests[n++] = an_interval_sends_again_and_again;
	tests[n++] = overruns_are_counted_exactly;
	tests[n++] = overruns_end_at_delaytimer_max;
	tests[n++] = one_signal_waits_and_the_rest_are_overruns;
	tests[n++] = two_timers_of_one_signal_both_arrive;
	tests[n++] = a_new_setting_replaces_the_old;
	tests[n++] = absolute_times_are_by_the_timers_clock;
	tests[n++] = a_timer_without_notification_just_runs;
	tests[n++] = a_function_is_called_on_another_thread;
	tests[n++] = a_signalfd_reads_a_timer;
	return run_cases("posix timers", tests, n);
}
