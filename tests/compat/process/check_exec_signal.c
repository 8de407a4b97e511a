/*
 * exec and signals: what comes to the old number comes to the new program.
 */
#include <unistd.h>

#include <sys/time.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "kid.h"
#include "support/handle.h"
#include "support/main.h"

#define VALUES 200

static char text[100];

static void
handler(int signo)
{
	_exit(signo == SIGTERM ? 61 : 62);
}

/* SIGTERM has a handler; say "ready" when it has. */
static int __attribute__((noreturn))
role_handle(char *argv[])
{
	(void)argv;
	(void)signal(SIGTERM, handler);
	kid_say("ready");
	for (;;)
		(void)pause();
}

/* A signal is blocked, and pending, when the program begins. */
static int
role_pend(char *argv[])
{
	mask_signal(SIG_BLOCK, SIGUSR1);
	(void)raise(SIGUSR1);
	return kid_exec(argv);
}

/* An alarm is to come. */
static int
role_alarm(char *argv[])
{
	struct itimerval soon = { .it_value = { .tv_usec = 50000 } };

	mask_signal(SIG_BLOCK, SIGALRM);
	(void)setitimer(ITIMER_REAL, &soon, NULL);
	return kid_exec(argv);
}

/* An alarm that would come in a long time. */
static int
role_alarm_late(char *argv[])
{
	(void)alarm(1000);
	return kid_exec(argv);
}

static int
role_alarm_left(char *argv[])
{
	unsigned int left = alarm(0);

	(void)argv;
	return left > 900 && left <= 1000 && alarm(0) == 0 ? 0 : 1;
}

/* Nothing used the processor so long. */
static int
role_prof(char *argv[])
{
	struct itimerval late = { { 7, 0 }, { 1000, 0 } };

	(void)setitimer(ITIMER_PROF, &late, NULL);
	return kid_exec(argv);
}

static int
role_prof_left(char *argv[])
{
	struct itimerval prof, virtual;

	(void)argv;
	(void)getitimer(ITIMER_PROF, &prof);
	(void)getitimer(ITIMER_VIRTUAL, &virtual);
	return prof.it_value.tv_sec > 900 && prof.it_interval.tv_sec == 7 &&
	    virtual.it_value.tv_sec == 0 ? 0 : 1;
}

/* signo: blocked already; it is the exit status when it has come. */
static int
role_await(char *argv[])
{
	sigset_t set;
	int signo = 0;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, atoi(argv[2]));
	return sigwait(&set, &signo) == 0 ? signo : 99;
}

static int
role_block_rt(char *argv[])
{
	mask_signal(SIG_BLOCK, SIGRTMIN);
	return kid_exec(argv);
}

/* Say "ready", take the values; the sender is argv[2]. */
static int
role_values(char *argv[])
{
	siginfo_t info;
	sigset_t set;
	int i;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGRTMIN);
	kid_say("ready");
	for (i = 0; i < VALUES; i++)
		if (sigwaitinfo(&set, &info) != SIGRTMIN ||
		    info.si_code != SI_QUEUE ||
		    info.si_value.sival_int != i ||
		    info.si_pid != (pid_t)atol(argv[2]))
			return 1;
	return 0;
}

static const struct kid_role own[] = {
	{ "handle", role_handle },
	{ "pend", role_pend },
	{ "alarm", role_alarm },
	{ "alarm-late", role_alarm_late },
	{ "alarm-left", role_alarm_left },
	{ "prof", role_prof },
	{ "prof-left", role_prof_left },
	{ "await", role_await },
	{ "block-rt", role_block_rt },
	{ "values", role_values },
	{ NULL, NULL },
};

/* POSIX, exec: pending signals, and the time left of the timers. */
START_TEST(what_is_pending_comes)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%d", SIGUSR1);
	ck_assert_int_eq(kid_status(kid_start(NULL, "pend", "await", number,
	    NULL)), SIGUSR1);
	(void)snprintf(number, sizeof(number), "%d", SIGALRM);
	ck_assert_int_eq(kid_status(kid_start(NULL, "alarm", "await", number,
	    NULL)), SIGALRM);
	ck_assert_int_eq(kid_status(kid_start(NULL, "alarm-late",
	    "alarm-left", NULL)), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "prof", "prof-left",
	    NULL)), 0);
}
END_TEST

START_TEST(a_signal_reaches_the_new_program)
{
	pid_t pid;
	int out;

	pid = kid_talk(&out, "exec", "handle", NULL);
	kid_says(out, "ready");
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(kid_status(pid), 61);
	ck_assert_int_eq(close(out), 0);
	pid = kid_talk(&out, "exec", "exec", "handle", NULL);
	kid_says(out, "ready");
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(kid_status(pid), 61);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

/* The new program ends by the signal; what it held is free then. */
static void
ends_by(int signo)
{
	pid_t pid;
	int out;

	pid = kid_talk(&out, "exec", "handle", NULL);
	kid_says(out, "ready");
	ck_assert_int_eq(kill(pid, signo), 0);
	kid_ended_by(pid, signo);
	ck_assert_int_eq(read(out, text, 1), 0);
	ck_assert_int_eq(close(out), 0);
}

/* Without a handler it is the default action, and the status says so. */
START_TEST(a_signal_ends_the_new_program)
{
	ends_by(SIGUSR2);
}
END_TEST

START_TEST(values_come_in_order_and_from_their_sender)
{
	union sigval value = { .sival_int = 0 };
	char number[24];
	pid_t pid;
	int out;

	(void)snprintf(number, sizeof(number), "%ld", (long)getpid());
	pid = kid_talk(&out, "block-rt", "values", number, NULL);
	kid_says(out, "ready");
	for (; value.sival_int < VALUES; value.sival_int++)
		ck_assert_int_eq(sigqueue(pid, SIGRTMIN, value), 0);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

START_TEST(a_kill_ends_the_new_program)
{
	ends_by(SIGKILL);
}
END_TEST

START_TEST(a_signal_ends_a_plain_program)
{
	int in, out;
	pid_t pid = kid_converse(&in, &out, "exec-plain", "cat", NULL);

	ck_assert_int_eq(write(in, "here", 4), 4);
	kid_says(out, "here");
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	kid_ended_by(pid, SIGTERM);
	ck_assert_int_eq(close(in) | close(out), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[6];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = what_is_pending_comes;
	tests[n++] = a_signal_reaches_the_new_program;
	tests[n++] = a_signal_ends_the_new_program;
	tests[n++] = values_come_in_order_and_from_their_sender;
	tests[n++] = a_kill_ends_the_new_program;
	tests[n++] = a_signal_ends_a_plain_program;
	return run_cases("exec_signal", tests, n);
}
