/* times(). */
#include <sys/times.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

/* NT's clock of what was used has steps of 10 to 16 ms. */
#define BURN_US 100000
#define STEPS 4

static long
used_us(int who)
{
	struct rusage r;

	(void)getrusage(who, &r);
	return (long)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000 +
	    r.ru_utime.tv_usec + r.ru_stime.tv_usec;
}

static void
burn(void)
{
	volatile unsigned long n;
	long start = used_us(RUSAGE_SELF);

	while (used_us(RUSAGE_SELF) < start + BURN_US)
		for (n = 0; n < 1000000; n++)
			continue;
}

static int
role_burn(char *argv[])
{
	(void)argv;
	burn();
	return 0;
}

static const struct kid_role roles[] = { { "burn", role_burn }, { NULL, NULL } };

/* Ticks are sysconf(_SC_CLK_TCK) in a second. */
static long
in_ticks(long us)
{
	return us / (1000000 / sysconf(_SC_CLK_TCK));
}

/* tms_utime, tms_stime: what getrusage() tells, in ticks. */
START_TEST(the_process_uses_ticks)
{
	struct tms before, after;
	long us;

	ck_assert_int_ge(sysconf(_SC_CLK_TCK), 1);
	errno = 7;
	ck_assert(times(&before) != (clock_t)-1);
	ck_assert_int_eq(errno, 7);
	burn();
	us = used_us(RUSAGE_SELF);
	ck_assert(times(&after) != (clock_t)-1);
	ck_assert_int_ge(after.tms_utime, before.tms_utime);
	ck_assert_int_ge(after.tms_stime, before.tms_stime);
	ck_assert_int_ge(after.tms_utime + after.tms_stime, in_ticks(us) - 1);
	ck_assert_int_ge(after.tms_utime + after.tms_stime,
	    before.tms_utime + before.tms_stime + in_ticks(BURN_US) - STEPS);
}
END_TEST

/* tms_cutime, tms_cstime: of children that were waited for. */
START_TEST(children_count_when_they_are_waited_for)
{
	struct tms before, zombie, after;
	siginfo_t info;
	pid_t pid;

	ck_assert(times(&before) != (clock_t)-1);
	pid = kid_start(NULL, "burn", NULL);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert(times(&zombie) != (clock_t)-1);
	ck_assert_int_eq(zombie.tms_cutime, before.tms_cutime);
	ck_assert_int_eq(zombie.tms_cstime, before.tms_cstime);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert(times(&after) != (clock_t)-1);
	ck_assert_int_ge(after.tms_cutime + after.tms_cstime,
	    before.tms_cutime + before.tms_cstime + in_ticks(BURN_US) - STEPS);
	ck_assert_int_ge(after.tms_cutime + after.tms_cstime,
	    in_ticks(used_us(RUSAGE_CHILDREN)) - 2);
}
END_TEST

/* It returns real time, from one point in the past. */
START_TEST(the_result_is_real_time)
{
	const struct timespec span = { 0, 200000000 };
	struct timespec begin, end;
	struct tms t;
	clock_t from, to;
	long ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &begin);
	from = times(&t);
	ck_assert_int_eq(nanosleep(&span, NULL), 0);
	to = times(&t);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	ms = (long)(end.tv_sec - begin.tv_sec) * 1000 +
	    (end.tv_nsec - begin.tv_nsec) / 1000000;
	ck_assert_int_ge(to - from, in_ticks(200000) - 1);
	ck_assert_int_le(to - from, in_ticks(ms * 1000) + 1);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[3];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = the_process_uses_ticks;
	tests[n++] = children_count_when_they_are_waited_for;
	tests[n++] = the_result_is_real_time;
	return run_cases("times", tests, n);
}
