/* Signals of a process as a whole: its begin, its end, who sent them. */
#include <sys/time.h>
#include <sys/types.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../process/kid.h"
#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

static volatile sig_atomic_t first, second;

static void
must(int condition)
{
	if (!condition)
		abort();
}

static void
on_first(int signo)
{
	(void)signo;
	first++;
}

static void
on_second(int signo)
{
	(void)signo;
	second++;
}

static void
begin(void)
{
	sigset_t none;

	sigemptyset(&none);
	must(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
	handle_signal(SIGUSR1, on_first, 0);
	handle_signal(SIGUSR2, on_second, 0);
	first = second = 0;
}

/* XSH 2.4.3: SI_USER and its kin are for what they are named after. */
START_TEST(an_alarm_has_a_code_of_its_own)
{
	static const struct itimerval soon = { .it_value = { 0, 1000 } };
	siginfo_t info;
	sigset_t set;

	begin();
	mask_signal(SIG_BLOCK, SIGALRM);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGALRM);
	ck_assert_int_eq(info.si_signo, SIGALRM);
	ck_assert_int_ne(info.si_code, SI_USER);
	ck_assert_int_ne(info.si_code, SI_QUEUE);
	ck_assert_int_ne(info.si_code, SI_TIMER);
}
END_TEST

static void *
take_usr2(void *arg)
{
	static const struct timespec now;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	*(int *)arg = sigtimedwait(&set, NULL, &now);
	return NULL;
}

/* XSH sigsuspend(): what is pending for the process stays the process's. */
START_TEST(sigsuspend_takes_nothing_for_its_thread)
{
	pthread_t thread;
	sigset_t usr2;
	int signo = 0;

	begin();
	mask_signal(SIG_BLOCK, SIGUSR1);
	mask_signal(SIG_BLOCK, SIGUSR2);
	ck_assert_int_eq(kill(getpid(), SIGUSR2), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	sigemptyset(&usr2);
	sigaddset(&usr2, SIGUSR2);
	FAILS(sigsuspend(&usr2), EINTR);
	ck_assert_int_eq(first, 1);
	must(pthread_create(&thread, NULL, take_usr2, &signo) == 0);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(signo, SIGUSR2);
	ck_assert_int_eq(second, 0);
}
END_TEST

/* --- in children --- */

/* Sanitizers have handlers of their own for these. */
static int
is_fault(int signo)
{
	return signo == SIGSEGV || signo == SIGBUS || signo == SIGFPE ||
	    signo == SIGILL || signo == SIGTRAP || signo == SIGABRT;
}

/* Every action is SIG_DFL or SIG_IGN: the number of those that are not. */
static int
role_actions(char *argv[])
{
	struct sigaction act;
	int signo, caught = 0;

	(void)argv;
	for (signo = 1; signo < NSIG; signo++)
		if (!is_fault(signo) && sigaction(signo, NULL, &act) == 0 &&
		    act.sa_handler != SIG_DFL && act.sa_handler != SIG_IGN)
			caught++;
	return caught;
}

/* Nothing that can be blocked ends this. */
static int
role_suspend(char *argv[])
{
	sigset_t all;

	(void)argv;
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	kid_say("ready");
	(void)sigsuspend(&all);
	return 1;
}

static int
role_suspend_open(char *argv[])
{
	sigset_t none;

	(void)argv;
	sigemptyset(&none);
	mask_signal(SIG_BLOCK, SIGTERM);
	kid_say("ready");
	(void)sigsuspend(&none);
	return 1;
}

static void *
wait_for_ever(void *arg)
{
	for (;;)
		(void)pause();
	return arg;
}

static int
role_thread(char *argv[])
{
	pthread_t thread;

	(void)argv;
	mask_signal(SIG_BLOCK, SIGUSR2);
	(void)signal(SIGUSR1, SIG_DFL);
	if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0 ||
	    pthread_kill(thread, SIGUSR1) != 0)
		return 1;
	(void)pthread_join(thread, NULL);
	return 2;
}

static const struct kid_role roles[] = {
	{ "actions", role_actions }, { "suspend", role_suspend },
	{ "suspend-open", role_suspend_open }, { "thread", role_thread },
	{ NULL, NULL },
};

/* XSH 2.4.3: before main() every action is SIG_DFL or SIG_IGN. */
START_TEST(a_program_begins_without_handlers)
{
	begin();
	handle_signal(SIGRTMIN, on_first, 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "actions", NULL)), 0);
}
END_TEST

static void
suspended_ends_by(const char *role, int other, int signo)
{
	pid_t pid;
	int out;

	pid = kid_talk(&out, role, NULL);
	kid_says(out, "ready");
	ck_assert_int_eq(kill(pid, other), 0);
	ck_assert_int_eq(kill(pid, signo), 0);
	kid_ended_by(pid, signo);
	ck_assert_int_eq(close(out), 0);
}

/* XSH sigsuspend(): it does not return from the end, nor block SIGKILL. */
START_TEST(sigsuspend_ends_with_the_process)
{
	begin();
	suspended_ends_by("suspend", SIGTERM, SIGKILL);
	suspended_ends_by("suspend-open", SIGURG, SIGTERM);
}
END_TEST

/* XSH 2.4.3: sent to a thread, it ends the process. */
START_TEST(a_thread_s_signal_ends_the_process)
{
	begin();
	kid_ended_by(kid_start(NULL, "thread", NULL), SIGUSR1);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[6];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = an_alarm_has_a_code_of_its_own;
	tests[n++] = sigsuspend_takes_nothing_for_its_thread;
	tests[n++] = a_program_begins_without_handlers;
	tests[n++] = sigsuspend_ends_with_the_process;
	tests[n++] = a_thread_s_signal_ends_the_process;
	return run_cases("signal_process", tests, n);
}
