/* getrusage(), and the usage that wait3() and wait4() tell. */
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

/* NT's clock has steps of 10 to 16 ms. */
#define BURN_US 100000
#define STEPS_US 40000

static long
used_us(const struct rusage *r)
{
	return (long)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000000 +
	    r->ru_utime.tv_usec + r->ru_stime.tv_usec;
}

static long
used_by(int who)
{
	struct rusage r;

	return getrusage(who, &r) == 0 ? used_us(&r) : -1;
}

static void
burn(int who)
{
	volatile unsigned long n = 0;
	long start = used_by(who);

	while (used_by(who) < start + BURN_US)
		for (n = 0; n < 1000000; n++)
			continue;
}

static int
role_burn(char *argv[])
{
	(void)argv;
	burn(RUSAGE_SELF);
	return 0;
}

static const struct kid_role roles[] = {
	{ "burn", role_burn }, { NULL, NULL },
};

static void
is_sane(const struct rusage *r)
{
	ck_assert_int_ge(r->ru_utime.tv_sec, 0);
	ck_assert_int_ge(r->ru_utime.tv_usec, 0);
	ck_assert_int_lt(r->ru_utime.tv_usec, 1000000);
	ck_assert_int_ge(r->ru_stime.tv_sec, 0);
	ck_assert_int_ge(r->ru_stime.tv_usec, 0);
	ck_assert_int_lt(r->ru_stime.tv_usec, 1000000);
	ck_assert_int_ge(r->ru_maxrss, 0);
	ck_assert_int_ge(r->ru_minflt, 0);
	ck_assert_int_ge(r->ru_majflt, 0);
}

/* getrusage(), RUSAGE_SELF: it grows. */
START_TEST(the_process_uses_time)
{
	struct rusage r;
	long before = used_by(RUSAGE_SELF);

	burn(RUSAGE_SELF);
	ck_assert_int_eq(getrusage(RUSAGE_SELF, &r), 0);
	is_sane(&r);
	ck_assert_int_gt(r.ru_maxrss, 100);
	ck_assert_int_ge(used_us(&r), before + BURN_US);
}
END_TEST

static void *
burn_in_thread(void *arg)
{
	burn(RUSAGE_THREAD);
	*(long *)arg = used_by(RUSAGE_THREAD);
	return NULL;
}

/* getrusage(2), RUSAGE_THREAD: another thread's time is not ours. */
START_TEST(a_thread_uses_time_of_its_own)
{
	long others = 0, ours = used_by(RUSAGE_THREAD);
	long all = used_by(RUSAGE_SELF);
	pthread_t t;

	ck_assert_int_ge(ours, 0);
	ck_assert_int_eq(pthread_create(&t, NULL, burn_in_thread, &others), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_ge(others, BURN_US);
	ck_assert_int_lt(used_by(RUSAGE_THREAD), ours + BURN_US);
	ck_assert_int_ge(used_by(RUSAGE_SELF), all + BURN_US - STEPS_US);
}
END_TEST

/*
 * wait4(), RUSAGE_CHILDREN: what a child used counts when it is waited for.
 * Wine tells the caller's time as the child's, LIM-PROC-15: the test before
 * has made it long enough.
 */
START_TEST(children_count_when_they_are_waited_for)
{
	struct rusage r;
	long before = used_by(RUSAGE_CHILDREN);
	pid_t pid = kid_start(NULL, "burn", NULL);
	siginfo_t info;
	int status;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(used_by(RUSAGE_CHILDREN), before);
	ck_assert_int_eq(wait4(pid, &status, 0, &r), pid);
	ck_assert_int_eq(status, 0);
	is_sane(&r);
	ck_assert_int_ge(used_us(&r), BURN_US - STEPS_US);
	ck_assert_int_ge(used_by(RUSAGE_CHILDREN), before + used_us(&r) -
	    STEPS_US);
	ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &r), 0);
	is_sane(&r);
}
END_TEST

/* getrusage(): who leaves no zombie is not waited for, and not counted. */
START_TEST(children_that_nobody_waits_for_do_not_count)
{
	long before = used_by(RUSAGE_CHILDREN);

	(void)signal(SIGCHLD, SIG_IGN);
	(void)kid_start(NULL, "burn", NULL);
	FAILS(wait(NULL), ECHILD);
	(void)signal(SIGCHLD, SIG_DFL);
	ck_assert_int_eq(used_by(RUSAGE_CHILDREN), before);
}
END_TEST

/* wait3(): any child; without one that has ended, usage is left alone. */
START_TEST(wait3_tells_of_any_child)
{
	struct rusage r, same;
	pid_t pid = kid_start(NULL, "exit", "9", NULL);
	int status;

	(void)memset(&r, 0x5a, sizeof(r));
	same = r;
	FAILS(wait4(pid, &status, 0x4000, &r), EINVAL);
	ck_assert_mem_eq(&r, &same, sizeof(r));
	ck_assert_int_eq(wait3(&status, 0, &r), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 9);
	is_sane(&r);
	FAILS(wait3(&status, WNOHANG, &r), ECHILD);
	FAILS(getrusage(77, &r), EINVAL);
	FAILS(getrusage(-2, &r), EINVAL);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[5];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = the_process_uses_time;
	tests[n++] = a_thread_uses_time_of_its_own;
	tests[n++] = children_count_when_they_are_waited_for;
	tests[n++] = children_that_nobody_waits_for_do_not_count;
	tests[n++] = wait3_tells_of_any_child;
	return run_cases("rusage", tests, n);
}
