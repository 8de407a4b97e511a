/*
 * The entries LIM-SIG-* of LIMITATIONS: each test fails when its limit is
 * gone.  Built for NT only.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <ucontext.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/handle.h"

#define HLT_SIZE 1

/* winpthreads' own: to us, a thread that somebody else made. */
int foreign_create(pthread_t *, const pthread_attr_t *, void *(*)(void *),
    void *) __asm__("pthread_create");

static atomic_int handled, handled_meanwhile;

static void
on_signal(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)info;
	(void)context;
	handled++;
}

static void
setup(void)
{
	sigset_t none;

	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	handle_info(SIGUSR1, on_signal, 0);
	handled = 0;
}

static sigset_t
usr1(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return set;
}

/* Then compute, so that the signal had time to interrupt. */
static void *
send_usr1(void *arg)
{
	volatile unsigned long work = 0;
	sigset_t set = usr1();

	(void)arg;
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    kill(getpid(), SIGUSR1) != 0)
		abort();
	while (++work < 50000000)
		continue;
	handled_meanwhile = handled;
	return NULL;
}

/*
 * LIM-SIG-1: on Linux the handler runs within pthread_join().  Here it can run
 * on the way there, which is not likely twice.
 */
START_TEST(a_thread_that_waits_elsewhere_is_not_interrupted)
{
	pthread_t thread;
	int i = 0;

	do {
		handled = 0;
		ck_assert_int_eq(pthread_create(&thread, NULL, send_usr1,
		    NULL), 0);
		ck_assert_int_eq(pthread_join(thread, NULL), 0);
		ck_assert_int_eq(sigprocmask(0, NULL, NULL), 0);
		ck_assert_int_eq(handled, 1);
	} while (handled_meanwhile != 0 && ++i < 10);
	ck_assert_int_eq(handled_meanwhile, 0);
}
END_TEST

/* LIM-SIG-4 */
START_TEST(sigstop_cannot_be_sent)
{
	errno = 0;
	ck_assert_int_eq(kill(getpid(), SIGSTOP), -1);
	ck_assert_int_eq(errno, ENOSYS);
	ck_assert_int_eq(raise(SIGTSTP), 0);
}
END_TEST

static void
change_registers(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	(void)info;
	uc->uc_mcontext.gregs[REG_RIP] = 0;
	handled++;
}

/* LIM-SIG-5: on Linux the program would go on at 0. */
START_TEST(a_sent_signals_registers_are_not_taken_back)
{
	handle_info(SIGUSR1, change_registers, 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(handled, 1);
}
END_TEST

static sigjmp_buf out;

static void
jump_out(int signo)
{
	siglongjmp(out, signo);
}

/* LIM-SIG-10: on Linux the write fails with EPIPE. */
START_TEST(a_jump_out_of_a_call_keeps_its_file_open)
{
	const struct itimerval t = { .it_value = { 0, 20000 } };
	int p[2];
	char c = 0;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert(signal(SIGALRM, jump_out) != SIG_ERR);
	ck_assert(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	if (sigsetjmp(out, 1) == 0) {
		ck_assert_int_eq(setitimer(ITIMER_REAL, &t, NULL), 0);
		(void)read(p[0], &c, 1);
	}
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(write(p[1], &c, 1), 1);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

static void *
report_mask(void *arg)
{
	if (pthread_sigmask(SIG_SETMASK, NULL, arg) != 0)
		abort();
	return NULL;
}

static void *
make_foreign_thread(void *arg)
{
	sigset_t none;
	pthread_t thread;

	sigemptyset(&none);
	if (pthread_sigmask(SIG_SETMASK, &none, NULL) != 0 ||
	    foreign_create(&thread, NULL, report_mask, arg) != 0 ||
	    pthread_join(thread, NULL) != 0)
		abort();
	return NULL;
}

/* LIM-SIG-6 */
START_TEST(a_foreign_thread_has_the_main_threads_mask)
{
	sigset_t set = usr1(), seen;
	pthread_t thread;

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, make_foreign_thread,
	    &seen), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(sigismember(&seen, SIGUSR1), 1);
}
END_TEST

static siginfo_t fault;

static void
on_fault(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	fault = *info;
	handled++;
	if (signo == SIGILL)
		uc->uc_mcontext.gregs[REG_RIP] += HLT_SIZE;
}

/* LIM-SIG-3: on Linux the first is SI_KERNEL, the other a SIGSEGV. */
START_TEST(two_faults_have_names_of_nts)
{
	handled = 0;
	handle_info(SIGTRAP, on_fault, 0);
	handle_info(SIGILL, on_fault, 0);
	__asm__ volatile("int3");
	ck_assert_int_eq(fault.si_code, TRAP_BRKPT);
	__asm__ volatile("hlt");
	ck_assert_int_eq(fault.si_signo, SIGILL);
	ck_assert_int_eq(fault.si_code, ILL_PRVOPC);
	ck_assert_int_eq(handled, 2);
}
END_TEST

/* LIM-SIG-53: on Linux each of the instructions is told. */
START_TEST(a_step_is_the_last)
{
	handled = 0;
	handle_info(SIGTRAP, on_fault, 0);
	__asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\t"
	    "nop\n\tnop\n\tnop\n\tnop\n\t"
	    "pushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq" : : : "cc", "memory");
	ck_assert_int_eq(fault.si_code, TRAP_TRACE);
	ck_assert_int_eq(handled, 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("signal limits");
	TCase *tc = tcase_create("limits");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_thread_that_waits_elsewhere_is_not_interrupted);
	tcase_add_test(tc, sigstop_cannot_be_sent);
	tcase_add_test(tc, a_sent_signals_registers_are_not_taken_back);
	tcase_add_test(tc, a_jump_out_of_a_call_keeps_its_file_open);
	tcase_add_test(tc, a_foreign_thread_has_the_main_threads_mask);
	tcase_add_test(tc, two_faults_have_names_of_nts);
	tcase_add_test(tc, a_step_is_the_last);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
