/*
 * exec and signals: what comes to the old number comes to the new program.
 */
#include <unistd.h>

#include <sys/time.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

/* An alternate stack, and a handler for it. */
static int
role_stack(char *argv[])
{
	static char room[65536];
	stack_t ss = { .ss_sp = room, .ss_size = sizeof(room) };

	handle_signal(SIGTERM, handler, SA_ONSTACK);
	handle_signal(SIGUSR2, SIG_IGN, SA_ONSTACK);
	return sigaltstack(&ss, NULL) == 0 ? kid_exec(argv) : 1;
}

static int
role_no_stack(char *argv[])
{
	struct sigaction term, usr2;
	stack_t ss;

	(void)argv;
	(void)sigaction(SIGTERM, NULL, &term);
	(void)sigaction(SIGUSR2, NULL, &usr2);
	return sigaltstack(NULL, &ss) == 0 && ss.ss_flags == SS_DISABLE &&
	    (term.sa_flags & SA_ONSTACK) == 0 &&
	    (usr2.sa_flags & SA_ONSTACK) == 0 ? 0 : 1;
}

static long
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long)(ts.tv_sec % 1000000) * 1000 + ts.tv_nsec / 1000000;
}

/* ms: a timer that expires so late, when the new program runs. */
static int
role_timer(char *argv[])
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGRTMIN };
	struct itimerspec t = { .it_value = { 0, 0 } };
	long ms = atol(argv[2]);
	char due[24];
	char *words[] = { argv[0], argv[0], (char *)(uintptr_t)"timer-gone",
	    due, NULL };
	timer_t id;

	t.it_value.tv_sec = ms / 1000;
	t.it_value.tv_nsec = ms % 1000 * 1000000;
	mask_signal(SIG_BLOCK, SIGRTMIN);
	(void)snprintf(due, sizeof(due), "%ld", now_ms() + ms);
	if (timer_create(CLOCK_MONOTONIC, &event, &id) != 0 ||
	    timer_settime(id, 0, &t, NULL) != 0)
		return 1;
	return kid_exec(words);
}

#define TOO_LATE 77

/* due: it was not there in time, or no signal has come then. */
static int
role_timer_gone(char *argv[])
{
	long left = atol(argv[2]) - now_ms();
	struct timespec ts;
	sigset_t set;

	if (left <= 0)
		return TOO_LATE;
	left += 100;
	ts.tv_sec = left / 1000;
	ts.tv_nsec = left % 1000 * 1000000;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGRTMIN);
	return sigtimedwait(&set, NULL, &ts) == -1 ? 0 : 2;
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
	{ "stack", role_stack },
	{ "no-stack", role_no_stack },
	{ "timer", role_timer },
	{ "timer-gone", role_timer_gone },
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

/* POSIX, exec: no alternate stack, and no SA_ONSTACK. */
START_TEST(there_is_no_alternate_stack)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "stack", "no-stack",
	    NULL)), 0);
}
END_TEST

/* POSIX, exec: timers of timer_create() are deleted. */
START_TEST(timers_are_deleted)
{
	char late[16];
	int status, ms = 250;

	do {
		ms *= 2;
		(void)snprintf(late, sizeof(late), "%d", ms);
		status = kid_status(kid_start(NULL, "timer", late, NULL));
	} while (status == TOO_LATE && ms < 16000);
	ck_assert_int_eq(status, 0);
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
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = what_is_pending_comes;
	tests[n++] = there_is_no_alternate_stack;
	tests[n++] = timers_are_deleted;
	tests[n++] = a_signal_reaches_the_new_program;
	tests[n++] = a_signal_ends_the_new_program;
	tests[n++] = values_come_in_order_and_from_their_sender;
	tests[n++] = a_kill_ends_the_new_program;
	tests[n++] = a_signal_ends_a_plain_program;
	return run_cases("exec_signal", tests, n);
}
