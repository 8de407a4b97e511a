/* Timers of processor time: ITIMER_VIRTUAL, ITIMER_PROF, timer_create(). */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "compat/time/timing.h"
#include "support/handle.h"
#include "support/main.h"

#define PATIENCE (40 * SEC)	/* of a loaded machine */

/* One step of a kernel's clock is 10 ms at most, Linux's with HZ=100. */
#define TICK (10 * MS)

static atomic_int seen[NSIG];

static void
count(int signo)
{
	seen[signo]++;
}

static void
handle(int signo)
{
	handle_signal(signo, count, SA_RESTART);
	seen[signo] = 0;
}

/* Compute until the signal has come n times; calls let a handler run. */
static void
burn_until(int signo, int n)
{
	static volatile unsigned int x;
	int64_t end = mono_ns() + PATIENCE;
	int i;

	while (seen[signo] < n) {
		ck_assert(mono_ns() < end);
		for (i = 0; i < 1000000; i++)
			x = x * 7 + 1;
		(void)poll(NULL, 0, 0);
	}
}

static struct itimerval
timer_of(long value_ms, long interval_ms)
{
	return (struct itimerval){ .it_value.tv_usec = value_ms * 1000,
	    .it_interval.tv_usec = interval_ms * 1000 };
}

static void
set(int which, long value_ms, long interval_ms)
{
	struct itimerval t = timer_of(value_ms, interval_ms);

	ck_assert_int_eq(setitimer(which, &t, NULL), 0);
}

/*
 * setitimer(): once, when the time was used; then the timer reads 0.
 *
 * Linux counts these timers' time by its ticks, and whoever runs when one
 * comes is charged with all of it (time(7), "The software clock, HZ, and
 * jiffies"): on a loaded machine the signal is some ticks early by
 * CLOCK_PROCESS_CPUTIME_ID, which is exact.  But one thread is not charged
 * with more ticks than have come.
 */
START_TEST(a_signal_comes_when_the_time_is_used)
{
	static const struct { int which, signo; } all[] = {
		{ ITIMER_VIRTUAL, SIGVTALRM }, { ITIMER_PROF, SIGPROF },
	};
	struct itimerval now;
	int64_t before;
	size_t i;

	for (i = 0; i < 2; i++) {
		handle(all[i].signo);
		before = mono_ns();
		set(all[i].which, 100, 0);
		burn_until(all[i].signo, 1);
		ck_assert(mono_ns() - before >= 100 * MS - TICK);
		ck_assert_int_eq(getitimer(all[i].which, &now), 0);
		ck_assert_int_eq(now.it_value.tv_sec, 0);
		ck_assert_int_eq(now.it_value.tv_usec, 0);
		ck_assert_int_eq(seen[all[i].signo], 1);
	}
}
END_TEST

/* Each interval sends another. */
START_TEST(an_interval_of_processor_time_repeats)
{
	struct itimerval none = timer_of(0, 0), old;
	int64_t before = mono_ns();

	handle(SIGPROF);
	set(ITIMER_PROF, 50, 50);
	burn_until(SIGPROF, 3);
	ck_assert(mono_ns() - before >= 150 * MS - TICK);
	ck_assert_int_eq(setitimer(ITIMER_PROF, &none, &old), 0);
	ck_assert_int_eq(old.it_interval.tv_usec, 50000);
	ck_assert_int_eq(getitimer(ITIMER_PROF, &old), 0);
	ck_assert_int_eq(old.it_value.tv_usec, 0);
}
END_TEST

/*
 * Who sleeps uses none; and the three timers are three.  Linux adds a tick,
 * for the one of which part has passed.
 */
START_TEST(sleeping_does_not_count)
{
	struct timespec ts = { 0, 300 * MS };
	struct itimerval now;

	handle(SIGPROF);
	handle(SIGVTALRM);
	set(ITIMER_PROF, 250, 0);
	set(ITIMER_VIRTUAL, 240, 0);
	ck_assert_int_eq(nanosleep(&ts, NULL), 0);
	ck_assert_int_eq(seen[SIGPROF] + seen[SIGVTALRM], 0);
	ck_assert_int_eq(getitimer(ITIMER_PROF, &now), 0);
	ck_assert_int_gt(now.it_value.tv_usec, 0);
	ck_assert_int_le(now.it_value.tv_usec, 250000 + TICK / 1000);
	ck_assert_int_eq(getitimer(ITIMER_REAL, &now), 0);
	ck_assert_int_eq(now.it_value.tv_usec, 0);
	ck_assert_int_eq(setitimer(ITIMER_PROF, NULL, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_VIRTUAL, NULL, NULL), 0);
}
END_TEST

/* timer_create(): by CLOCK_PROCESS_CPUTIME_ID, and not before its time. */
START_TEST(a_posix_timer_counts_processor_time)
{
	struct itimerspec its = { .it_value.tv_nsec = 100 * MS }, left;
	int64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	struct sigevent event;
	timer_t id;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGUSR1;
	handle(SIGUSR1);
	ck_assert_int_eq(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &id),
	    0);
	ck_assert_int_eq(timer_settime(id, 0, &its, NULL), 0);
	ck_assert_int_eq(timer_gettime(id, &left), 0);
	ck_assert_int_gt(left.it_value.tv_nsec, 0);
	ck_assert_int_le(left.it_value.tv_nsec, 100 * MS);
	burn_until(SIGUSR1, 1);
	ck_assert(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before >= 100 * MS);
	ck_assert_int_eq(timer_delete(id), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = a_signal_comes_when_the_time_is_used;
	tests[n++] = an_interval_of_processor_time_repeats;
	tests[n++] = sleeping_does_not_count;
	tests[n++] = a_posix_timer_counts_processor_time;
	return run_cases("processor time", tests, n);
}
