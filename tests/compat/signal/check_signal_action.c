/*
 * What XSH 2.4 and sigaction() say of the moment of delivery: which action is
 * taken, under which mask, and what is discarded instead.
 */
#include <sys/types.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
#define STOPS (sizeof(stops) / sizeof(stops[0]))

static volatile sig_atomic_t first, second, value, reset;
static sigset_t in_handler;

static void
must(int condition)
{
	if (!condition)
		abort();
}

static void
on_first(int signo)
{
	struct sigaction act;

	must(sigprocmask(SIG_BLOCK, NULL, &in_handler) == 0);
	must(sigaction(signo, NULL, &act) == 0);
	reset = act.sa_handler == SIG_DFL;
	first++;
}

static void
on_second(int signo)
{
	(void)signo;
	second++;
}

static void
on_value(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	value = info->si_value.sival_int;
	second++;
}

static void
begin(void)
{
	sigset_t none;

	sigemptyset(&none);
	must(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
	first = second = value = reset = 0;
}

static int
is_pending(int signo)
{
	sigset_t set;

	must(sigpending(&set) == 0);
	return sigismember(&set, signo);
}

static int
is_blocked(int signo)
{
	sigset_t set;

	must(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
	return sigismember(&set, signo);
}

static void
queue(int signo, int n)
{
	union sigval v = { .sival_int = n };

	ck_assert_int_eq(sigqueue(getpid(), signo, v), 0);
}

/* XSH 2.4.1: which action is taken is determined at the delivery. */
START_TEST(the_action_is_that_of_the_delivery)
{
	begin();
	handle_signal(SIGUSR1, on_first, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	handle_signal(SIGUSR1, on_second, 0);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
	ck_assert_int_eq(first, 0);
	ck_assert_int_eq(second, 1);
}
END_TEST

/* XSH 2.4.3, SIG_DFL: pending, and the default is to ignore it. */
START_TEST(a_default_that_ignores_drops_what_is_pending)
{
	static const int ignored[] = { SIGCHLD, SIGURG };
	size_t i;

	for (i = 0; i < 2; i++) {
		begin();
		handle_signal(ignored[i], on_first, 0);
		mask_signal(SIG_BLOCK, ignored[i]);
		ck_assert_int_eq(raise(ignored[i]), 0);
		ck_assert_int_eq(kill(getpid(), ignored[i]), 0);
		ck_assert_int_eq(is_pending(ignored[i]), 1);
		handle_signal(ignored[i], SIG_DFL, 0);
		ck_assert_int_eq(is_pending(ignored[i]), 0);
		handle_signal(ignored[i], on_first, 0);
		mask_signal(SIG_UNBLOCK, ignored[i]);
		ck_assert_int_eq(first, 0);
		handle_signal(ignored[i], SIG_DFL, 0);
	}
}
END_TEST

/* XSH 2.4.3, SIG_IGN: queued values go too, and make room. */
START_TEST(queued_values_go_with_their_signal)
{
	int i;

	begin();
	mask_signal(SIG_BLOCK, SIGRTMIN);
	handle_info(SIGRTMIN, on_value, 0);
	for (i = 1; i <= 5; i++)
		queue(SIGRTMIN, i);
	handle_signal(SIGRTMIN, SIG_IGN, 0);
	ck_assert_int_eq(is_pending(SIGRTMIN), 0);
	handle_info(SIGRTMIN, on_value, 0);
	queue(SIGRTMIN, 6);
	mask_signal(SIG_UNBLOCK, SIGRTMIN);
	ck_assert_int_eq(second, 1);
	ck_assert_int_eq(value, 6);
}
END_TEST

/* XSH 2.4.2, sigwait(): the signal is pending while one of its is queued. */
START_TEST(it_is_pending_as_long_as_one_is_queued)
{
	sigset_t set;
	siginfo_t info;
	int signo = 0;

	begin();
	mask_signal(SIG_BLOCK, SIGRTMIN);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	queue(SIGRTMIN, 1);
	queue(SIGRTMIN, 2);
	queue(SIGRTMIN, 3);
	ck_assert_int_eq(sigwait(&set, &signo), 0);
	ck_assert_int_eq(signo, SIGRTMIN);
	ck_assert_int_eq(is_pending(SIGRTMIN), 1);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_value.sival_int, 2);
	ck_assert_int_eq(is_pending(SIGRTMIN), 1);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	ck_assert_int_eq(info.si_value.sival_int, 3);
	ck_assert_int_eq(is_pending(SIGRTMIN), 0);
}
END_TEST

/* All of them caught, blocked, and not pending. */
static void
hold_job_control(void)
{
	size_t i;

	begin();
	handle_signal(SIGCONT, on_first, 0);
	mask_signal(SIG_BLOCK, SIGCONT);
	for (i = 0; i < STOPS; i++) {
		handle_signal(stops[i], on_second, 0);
		mask_signal(SIG_BLOCK, stops[i]);
	}
}

static void
release_job_control(void)
{
	size_t i;

	handle_signal(SIGCONT, SIG_IGN, 0);
	for (i = 0; i < STOPS; i++)
		handle_signal(stops[i], SIG_IGN, 0);
	begin();
	handle_signal(SIGCONT, SIG_DFL, 0);
	for (i = 0; i < STOPS; i++)
		handle_signal(stops[i], SIG_DFL, 0);
}

/* XSH 2.4.1: the one discards what is pending of the other. */
START_TEST(a_stop_and_a_continue_discard_each_other)
{
	size_t i;

	hold_job_control();
	for (i = 0; i < STOPS; i++) {
		ck_assert_int_eq(raise(stops[i]), 0);
		ck_assert_int_eq(kill(getpid(), stops[i]), 0);
		ck_assert_int_eq(is_pending(stops[i]), 1);
		ck_assert_int_eq(kill(getpid(), SIGCONT), 0);
		ck_assert_int_eq(raise(SIGCONT), 0);
		ck_assert_int_eq(is_pending(stops[i]), 0);
		ck_assert_int_eq(is_pending(SIGCONT), 1);
		ck_assert_int_eq(kill(getpid(), stops[i]), 0);
		ck_assert_int_eq(is_pending(SIGCONT), 0);
		ck_assert_int_eq(is_pending(stops[i]), 1);
	}
	/* The stops leave each other alone; SIGCONT does not have to arrive. */
	for (i = 0; i < STOPS; i++)
		ck_assert_int_eq(raise(stops[i]), 0);
	ck_assert_int_eq(is_pending(SIGTSTP), 1);
	handle_signal(SIGCONT, SIG_IGN, 0);
	mask_signal(SIG_UNBLOCK, SIGCONT);
	ck_assert_int_eq(raise(SIGCONT), 0);
	for (i = 0; i < STOPS; i++)
		ck_assert_int_eq(is_pending(stops[i]), 0);
	ck_assert_int_eq(first + second, 0);
	release_job_control();
}
END_TEST

static sem_t step, done;

/* What is pending for it, before and after the other's signal. */
static void *
tell_pending(void *arg)
{
	int *seen = arg;

	must(raise(SIGTSTP) == 0);
	seen[0] = is_pending(SIGTSTP);
	must(sem_post(&done) == 0);
	must(sem_wait(&step) == 0);
	seen[1] = is_pending(SIGTSTP);
	return NULL;
}

/* XSH 2.4.1: of the process and of any of its threads. */
START_TEST(a_continue_discards_stops_of_every_thread)
{
	pthread_t thread;
	int seen[2] = { -1, -1 };

	hold_job_control();
	must(sem_init(&step, 0, 0) == 0 && sem_init(&done, 0, 0) == 0);
	must(pthread_create(&thread, NULL, tell_pending, seen) == 0);
	must(sem_wait(&done) == 0);
	must(raise(SIGCONT) == 0);
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(seen[0], 1);
	ck_assert_int_eq(seen[1], 0);
	must(sem_destroy(&step) == 0 && sem_destroy(&done) == 0);
	release_job_control();
}
END_TEST

static void
catch_with(int flags, const sigset_t *more)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_first;
	act.sa_mask = *more;
	act.sa_flags = flags;
	ck_assert_int_eq(sigaction(SIGUSR1, &act, NULL), 0);
}

/* XSH sigaction(): the union of the mask that is, sa_mask and the signal. */
START_TEST(the_masks_add_up_in_a_handler)
{
	sigset_t more;

	begin();
	sigemptyset(&more);
	sigaddset(&more, SIGHUP);
	catch_with(0, &more);
	mask_signal(SIG_BLOCK, SIGUSR2);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGHUP), 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGUSR2), 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGTERM), 0);
	ck_assert_int_eq(is_blocked(SIGHUP), 0);
	ck_assert_int_eq(is_blocked(SIGUSR1), 0);
	ck_assert_int_eq(is_blocked(SIGUSR2), 1);
}
END_TEST

/* XSH sigaction(), SA_NODEFER: "unless it is included in sa_mask". */
START_TEST(sa_mask_counts_with_nodefer_too)
{
	sigset_t more;

	begin();
	sigemptyset(&more);
	catch_with(SA_NODEFER, &more);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(sigismember(&in_handler, SIGUSR1), 0);
	sigaddset(&more, SIGUSR1);
	catch_with(SA_NODEFER, &more);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(sigismember(&in_handler, SIGUSR1), 1);
}
END_TEST

/* XSH sigaction(): these two do not enter the mask so either. */
START_TEST(sa_mask_does_not_block_kill_and_stop)
{
	sigset_t all;

	begin();
	sigfillset(&all);
	catch_with(0, &all);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGKILL), 0);
	ck_assert_int_eq(sigismember(&in_handler, SIGSTOP), 0);
	ck_assert_int_eq(sigismember(&in_handler, SIGTERM), 1);
}
END_TEST

/* XSH sigaction(), SA_RESETHAND: on entry to the handler; else not. */
START_TEST(a_handler_is_reset_when_it_begins)
{
	sigset_t none;

	begin();
	sigemptyset(&none);
	catch_with((int)SA_RESETHAND, &none);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(reset, 1);
	catch_with(0, &none);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(first, 3);
	ck_assert_int_eq(reset, 0);
}
END_TEST

/* XSH sigaction(): what it told of signal()'s action sets that again. */
START_TEST(what_signal_had_set_can_be_set_again)
{
	struct sigaction old;

	begin();
	errno = 7;
	ck_assert(signal(SIGUSR1, on_second) != SIG_ERR);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &old), 0);
	ck_assert(signal(SIGUSR1, SIG_IGN) == on_second);
	ck_assert_int_eq(sigaction(SIGUSR1, &old, NULL), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(second, 2);
	ck_assert(signal(SIGUSR1, SIG_DFL) == on_second);
	ck_assert_int_eq(errno, 7);
}
END_TEST

/* XSH sigqueue(): of the caller, unblocked: delivered before it returns. */
START_TEST(sigqueue_of_self_runs_the_handler_at_once)
{
	begin();
	handle_info(SIGRTMIN, on_value, 0);
	queue(SIGRTMIN, 42);
	ck_assert_int_eq(second, 1);
	ck_assert_int_eq(value, 42);
	handle_info(SIGUSR1, on_value, 0);
	queue(SIGUSR1, 43);
	ck_assert_int_eq(second, 2);
	ck_assert_int_eq(value, 43);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = the_action_is_that_of_the_delivery;
	tests[n++] = a_default_that_ignores_drops_what_is_pending;
	tests[n++] = queued_values_go_with_their_signal;
	tests[n++] = it_is_pending_as_long_as_one_is_queued;
	tests[n++] = a_stop_and_a_continue_discard_each_other;
	tests[n++] = a_continue_discards_stops_of_every_thread;
	tests[n++] = the_masks_add_up_in_a_handler;
	tests[n++] = sa_mask_counts_with_nodefer_too;
	tests[n++] = sa_mask_does_not_block_kill_and_stop;
	tests[n++] = a_handler_is_reset_when_it_begins;
	tests[n++] = what_signal_had_set_can_be_set_again;
	tests[n++] = sigqueue_of_self_runs_the_handler_at_once;
	return run_cases("signal_action", tests, n);
}
