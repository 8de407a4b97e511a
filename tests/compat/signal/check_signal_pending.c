/* What is pending and what is blocked: of a thread, of the process. */
#include <sys/types.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"	/* siginterrupt */

static volatile sig_atomic_t count;
static pthread_t handled_by;

/* What a second thread is to do, between two of its steps. */
static sem_t step, done;

static void
must(int condition)
{
	if (!condition)
		abort();
}

static sigset_t
set_of(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	return set;
}

static void
on_signal(int signo)
{
	(void)signo;
	count++;
	handled_by = pthread_self();
}

static void
begin(sigset_t *old)
{
	sigset_t both = set_of(SIGUSR1, SIGUSR2);

	handle_signal(SIGUSR1, on_signal, 0);
	handle_signal(SIGUSR2, on_signal, 0);
	must(pthread_sigmask(SIG_BLOCK, &both, old) == 0);
	must(sem_init(&step, 0, 0) == 0 && sem_init(&done, 0, 0) == 0);
	count = 0;
}

static void
end(const sigset_t *old)
{
	static const struct timespec now;
	sigset_t both = set_of(SIGUSR1, SIGUSR2);

	while (sigtimedwait(&both, NULL, &now) > 0)
		continue;
	must(pthread_sigmask(SIG_SETMASK, old, NULL) == 0);
	must(sem_destroy(&step) == 0 && sem_destroy(&done) == 0);
}

static int
is_pending(int signo)
{
	sigset_t set;

	must(sigpending(&set) == 0);
	return sigismember(&set, signo);
}

static void
turn(void)
{
	must(sem_post(&step) == 0);
	must(sem_wait(&done) == 0);
}

/* Says what is pending for it each time it is asked, then ends. */
static void *
tell_pending(void *arg)
{
	int *what = arg;

	must(sem_wait(&step) == 0);
	what[0] = is_pending(SIGUSR1);
	what[1] = is_pending(SIGUSR2);
	must(sem_post(&done) == 0);
	must(sem_wait(&step) == 0);
	return NULL;
}

/* XSH 2.4.1: "pending for the process" and "pending for a thread". */
START_TEST(a_thread_s_signal_is_pending_for_it_alone)
{
	pthread_t thread;
	int what[2];
	sigset_t old;

	begin(&old);
	must(pthread_create(&thread, NULL, tell_pending, what) == 0);
	must(pthread_kill(thread, SIGUSR1) == 0);
	must(pthread_kill(pthread_self(), SIGUSR2) == 0);
	turn();
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(what[0], 1);
	ck_assert_int_eq(what[1], 0);
	ck_assert_int_eq(is_pending(SIGUSR1), 0);
	ck_assert_int_eq(is_pending(SIGUSR2), 1);
	ck_assert_int_eq(count, 0);
	end(&old);
}
END_TEST

/* XSH sigpending(): of the calling thread and of the process. */
START_TEST(the_process_s_signal_is_pending_for_all)
{
	pthread_t thread;
	int what[2];
	sigset_t old;

	begin(&old);
	must(pthread_create(&thread, NULL, tell_pending, what) == 0);
	must(kill(getpid(), SIGUSR1) == 0);
	turn();
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(what[0], 1);
	ck_assert_int_eq(what[1], 0);
	ck_assert_int_eq(is_pending(SIGUSR1), 1);
	end(&old);
}
END_TEST

/* XSH raise(): in a threaded program, pthread_kill(pthread_self()). */
START_TEST(raise_is_for_the_calling_thread)
{
	pthread_t thread;
	int what[2];
	sigset_t old;

	begin(&old);
	must(raise(SIGUSR1) == 0);
	must(pthread_create(&thread, NULL, tell_pending, what) == 0);
	turn();
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	/* pthread_create(): "the set ... pending for the new thread". */
	ck_assert_int_eq(what[0], 0);
	ck_assert_int_eq(is_pending(SIGUSR1), 1);
	end(&old);
}
END_TEST

static void *
unblock(void *arg)
{
	sigset_t both = set_of(SIGUSR1, SIGUSR2);

	(void)arg;
	must(pthread_sigmask(SIG_UNBLOCK, &both, NULL) == 0);
	must(sem_post(&done) == 0);
	must(sem_wait(&step) == 0);
	return NULL;
}

/* XSH 2.4.1: delivered to a thread that does not block it. */
START_TEST(the_process_s_signal_goes_to_who_unblocks_it)
{
	pthread_t thread;
	sigset_t old;

	begin(&old);
	must(kill(getpid(), SIGUSR1) == 0);
	must(pthread_create(&thread, NULL, unblock, NULL) == 0);
	must(sem_wait(&done) == 0);
	ck_assert_int_eq(count, 1);
	ck_assert(pthread_equal(handled_by, thread));
	ck_assert_int_eq(is_pending(SIGUSR1), 0);
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	end(&old);
}
END_TEST

/* XSH pthread_sigmask(): the mask of the calling thread. */
START_TEST(a_thread_s_mask_is_its_own)
{
	pthread_t thread;
	sigset_t old, now;

	begin(&old);
	must(pthread_create(&thread, NULL, unblock, NULL) == 0);
	must(sem_wait(&done) == 0);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&now, SIGUSR2), 1);
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	end(&old);
}
END_TEST

/* XSH pthread_kill(): "the signal ... shall not affect" the others. */
START_TEST(what_was_pending_for_a_thread_ends_with_it)
{
	pthread_t thread;
	sigset_t old;
	int what[2];

	begin(&old);
	must(pthread_create(&thread, NULL, tell_pending, what) == 0);
	must(pthread_kill(thread, SIGUSR1) == 0);
	turn();
	must(sem_post(&step) == 0);
	must(pthread_join(thread, NULL) == 0);
	ck_assert_int_eq(what[0], 1);
	ck_assert_int_eq(is_pending(SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	end(&old);
}
END_TEST

/* XSH sigprocmask(): union, difference, and the set itself. */
START_TEST(how_a_mask_changes)
{
	sigset_t usr1 = set_of(SIGUSR1, SIGUSR1), usr2 = set_of(SIGUSR2,
	    SIGUSR2), old, now;

	begin(&old);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &usr1, NULL), 0);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &usr2, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&now, SIGUSR2), 0);
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &usr1, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&now, SIGUSR2), 1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR2), 1);
	end(&old);
}
END_TEST

/* XSH sigprocmask(): one is delivered "before the call ... returns". */
START_TEST(unblocking_delivers_before_it_returns)
{
	sigset_t both = set_of(SIGUSR1, SIGUSR2), old;

	begin(&old);
	must(kill(getpid(), SIGUSR1) == 0);
	must(raise(SIGUSR2) == 0);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(pthread_sigmask(SIG_UNBLOCK, &both, NULL), 0);
	ck_assert_int_eq(count, 2);
	end(&old);
}
END_TEST

/* XSH 2.4.3: to ignore, or a default that does, drops what is pending. */
START_TEST(ignoring_drops_a_thread_s_signal_too)
{
	sigset_t old;

	begin(&old);
	must(raise(SIGUSR1) == 0);
	must(kill(getpid(), SIGUSR2) == 0);
	ck_assert(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	ck_assert(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(is_pending(SIGUSR1), 0);
	ck_assert_int_eq(is_pending(SIGUSR2), 0);
	end(&old);
}
END_TEST

/* XSH sigsuspend(): the mask is the argument's while it waits. */
START_TEST(sigsuspend_blocks_what_its_mask_says)
{
	sigset_t usr2 = set_of(SIGUSR2, SIGUSR2), old, now;

	begin(&old);
	must(kill(getpid(), SIGUSR2) == 0);
	must(kill(getpid(), SIGUSR1) == 0);
	FAILS(sigsuspend(&usr2), EINTR);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(is_pending(SIGUSR2), 1);
	ck_assert_int_eq(is_pending(SIGUSR1), 0);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 1);
	end(&old);
}
END_TEST

/* XSH sigtimedwait(): it takes what is pending although no time is left. */
START_TEST(sigtimedwait_looks_before_the_time_is_over)
{
	static const struct timespec none, before = { -1, 0 };
	sigset_t usr1 = set_of(SIGUSR1, SIGUSR1), old;
	siginfo_t info;

	begin(&old);
	must(raise(SIGUSR1) == 0);
	ck_assert_int_eq(sigtimedwait(&usr1, &info, &none), SIGUSR1);
	ck_assert_int_eq(info.si_signo, SIGUSR1);
	FAILS(sigtimedwait(&usr1, &info, &none), EAGAIN);
	FAILS(sigtimedwait(&usr1, &info, &before), EINVAL);
	end(&old);
}
END_TEST

/* XSH siginterrupt(): the flag SA_RESTART, nothing else. */
START_TEST(siginterrupt_changes_sa_restart)
{
	struct sigaction act;
	sigset_t old;

	begin(&old);
	ck_assert_int_eq(siginterrupt(SIGUSR1, 0), 0);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert_int_ne(act.sa_flags & SA_RESTART, 0);
	ck_assert(act.sa_handler == on_signal);
	ck_assert_int_eq(siginterrupt(SIGUSR1, 1), 0);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert_int_eq(act.sa_flags & SA_RESTART, 0);
	/* signal() heeds what was said last. */
	ck_assert(signal(SIGUSR1, SIG_IGN) == on_signal);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert_int_eq(act.sa_flags & SA_RESTART, 0);
	ck_assert_int_eq(siginterrupt(SIGUSR1, 0), 0);
	ck_assert(signal(SIGUSR1, on_signal) == SIG_IGN);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert_int_ne(act.sa_flags & SA_RESTART, 0);
	FAILS(siginterrupt(NSIG, 0), EINVAL);
	FAILS(siginterrupt(0, 1), EINVAL);
	end(&old);
}
END_TEST

int
main(void)
{
	static const TTest *tests[14];
	int n = 0;

	tests[n++] = a_thread_s_signal_is_pending_for_it_alone;
	tests[n++] = the_process_s_signal_is_pending_for_all;
	tests[n++] = raise_is_for_the_calling_thread;
	tests[n++] = the_process_s_signal_goes_to_who_unblocks_it;
	tests[n++] = a_thread_s_mask_is_its_own;
	tests[n++] = what_was_pending_for_a_thread_ends_with_it;
	tests[n++] = how_a_mask_changes;
	tests[n++] = unblocking_delivers_before_it_returns;
	tests[n++] = ignoring_drops_a_thread_s_signal_too;
	tests[n++] = sigsuspend_blocks_what_its_mask_says;
	tests[n++] = sigtimedwait_looks_before_the_time_is_over;
	tests[n++] = siginterrupt_changes_sa_restart;
	return run_cases("signal_pending", tests, n);
}
