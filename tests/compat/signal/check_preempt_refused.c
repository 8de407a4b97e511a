/*
 * When NT or the program does not let a thread be interrupted, the handler runs
 * at its next call, and the thread goes on meanwhile.  Built for NT only.
 */
#include <compat.h>

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

#include "interrupter.h"
#include "refuse.h"
#include "support/handle.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

#define TIMES 5
#define SIGNALS 20
#define LONG 50000000			/* longer than a signal takes */

static volatile unsigned long work;

static void
count(int signo)
{
	(void)signo;
	interrupted++;
}

/*
 * The first signals may find this thread in a call still; the one that does
 * not is refused TIMES times and more, and not handled before the next call.
 */
static void
refused_call(const char *call)
{
	int before, after;

	handle_signal(SIGUSR1, count, 0);
	refuse(call);
	interrupter_start(SIGUSR1, SIGNALS);
	while (refused() == 0)
		work++;
	before = interrupted;
	while (refused() < TIMES)
		work++;
	after = interrupted;
	while (interrupted < SIGNALS)
		(void)sigprocmask(0, NULL, NULL);
	interrupter_stop();
	ck_assert_int_eq(after, before);
	refuse(NULL);
	interrupter_start(SIGUSR1, SIGNALS);
	while (interrupted < SIGNALS)
		work++;
	interrupter_stop();
}

START_TEST(a_thread_that_cannot_be_stopped_is_not_interrupted)
{
	refused_call("NtSuspendThread");
}
END_TEST

START_TEST(a_thread_that_cannot_be_looked_at_goes_on)
{
	refused_call("NtGetContextThread");
}
END_TEST

START_TEST(a_thread_that_cannot_be_redirected_goes_on)
{
	refused_call("NtSetContextThread");
}
END_TEST

static const char *self;
static atomic_int sent;

static void *
send_one(void *target)
{
	sigset_t all;

	sigfillset(&all);
	if (pthread_sigmask(SIG_BLOCK, &all, NULL) != 0 ||
	    pthread_kill(*(pthread_t *)target, SIGUSR1) != 0)
		abort();
	sent = 1;
	return NULL;
}

static pthread_t
compute_while_one_is_sent(void)
{
	pthread_t own = pthread_self(), thread;
	unsigned long end;

	interrupted = 0;
	sent = 0;
	ck_assert_int_eq(pthread_create(&thread, NULL, send_one, &own), 0);
	while (!sent)
		work++;
	for (end = work + LONG; work != end; )
		work++;
	return thread;
}

/* What was sent meanwhile is handled by the call that turns it on again. */
START_TEST(a_program_can_turn_it_off)
{
	pthread_t thread;
	int meanwhile;

	handle_signal(SIGUSR1, count, 0);
	ck_assert_int_eq(compat_signal_interrupts(0), 1);
	ck_assert_int_eq(compat_signal_interrupts(-1), 0);
	thread = compute_while_one_is_sent();
	meanwhile = interrupted;
	ck_assert_int_eq(compat_signal_interrupts(1), 0);
	ck_assert_int_eq(meanwhile, 0);
	ck_assert_int_eq(interrupted, 1);
	ck_assert_int_eq(compat_signal_interrupts(-1), 1);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	thread = compute_while_one_is_sent();
	while (interrupted == 0)
		work++;
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

START_TEST(the_environment_can_turn_it_off)
{
	const char *argv[] = { self, "ask", NULL };
	struct proc *p;

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_eq(proc_wait(p), 1);
	ck_assert_int_eq(setenv("COMPAT_INTERRUPTS", "off", 1), 0);
	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	ck_assert_int_eq(unsetenv("COMPAT_INTERRUPTS"), 0);
}
END_TEST

/* The sender is there before, since NT tells the loader of new threads. */
START_TEST(a_function_that_the_loader_calls_is_not_interrupted)
{
	unsigned long end;
	uintptr_t cookie;
	int before, after;

	handle_signal(SIGUSR1, count, 0);
	interrupter_start(SIGUSR1, SIGNALS);
	while (interrupted == 0)
		work++;
	cookie = refuse_in_loader();
	before = interrupted;
	for (end = work + LONG; work != end; )
		work++;
	after = interrupted;
	refuse_loaded(cookie);
	while (interrupted < SIGNALS)
		work++;
	interrupter_stop();
	ck_assert_int_eq(after, before);
}
END_TEST

#define BEFORE 1234

static void
disturb_error(int signo)
{
	refuse_set_error(5);
	count(signo);
}

/* What NT's calls leave behind is a thread's own as errno is. */
START_TEST(the_error_of_an_nt_call_is_kept)
{
	unsigned long end;
	uint32_t error;

	handle_signal(SIGUSR1, disturb_error, 0);
	interrupter_start(SIGUSR1, SIGNALS);
	do {
		refuse_set_error(BEFORE);
		for (end = work + 100000; work != end; )
			work++;
		error = refuse_error();
	} while (error == BEFORE && interrupted < SIGNALS);
	while (interrupted < SIGNALS)
		work++;
	interrupter_stop();
	ck_assert_uint_eq(error, BEFORE);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	if (argc == 2)
		return compat_signal_interrupts(-1);
	self = argv[0];
	if (interrupter_skip("check_preempt_refused"))
		return EXIT_SUCCESS;
	tests[n++] = a_program_can_turn_it_off;
	tests[n++] = the_environment_can_turn_it_off;
	tests[n++] = the_error_of_an_nt_call_is_kept;
	tests[n++] = a_function_that_the_loader_calls_is_not_interrupted;
	tests[n++] = a_thread_that_cannot_be_stopped_is_not_interrupted;
	tests[n++] = a_thread_that_cannot_be_looked_at_goes_on;
	tests[n++] = a_thread_that_cannot_be_redirected_goes_on;
	return run_cases("preempt_refused", tests, n);
}
