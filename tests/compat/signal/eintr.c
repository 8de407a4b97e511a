#include "eintr.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/handle.h"
#include "support/main.h"

/* How many signals a call that goes on must have had. */
#define TEN 10
#define MANY 100
#define MORE_MAX 4

/* A call that ends by itself: so late that it never does, or soon. */
#define NEVER_MS 100000
#define SOON_MS 30

enum mode { HANDLED, IGNORED, BLOCKED };

static atomic_int handled, woken, done;
static enum mode mode;
static const struct eintr_call *calls, *now;
static size_t ncalls;
static int expects_eintr, in_call;

void
eintr_must_at(int condition, const char *file, int line)
{
	if (condition)
		return;
	(void)fprintf(stderr, "%s:%d: errno %d\n", file, line, errno);
	abort();
}

long
eintr_time(void)
{
	return expects_eintr ? NEVER_MS : SOON_MS;
}

int
eintr_done(void)
{
	return done;
}

int
eintr_woken(void)
{
	return woken;
}

int
eintr_handled(void)
{
	return handled;
}

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

static void
on_wake(int signo)
{
	(void)signo;
	woken++;
}

static void
mask(int how, int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	eintr_must(pthread_sigmask(how, &set, NULL) == 0);
}

static void
send_one(void)
{
	eintr_must(kill(getpid(), SIGUSR1) == 0);
	sched_yield();
}

void
eintr_wake(void)
{
	while (!done) {
		eintr_must(kill(getpid(), SIGUSR2) == 0);
		sched_yield();
	}
}

/* This thread blocks both signals: only the main thread can handle them. */
static void *
sender(void *arg)
{
	int i;

	(void)arg;
	if (expects_eintr || now->satisfy == NULL) {
		while (!done)
			send_one();
		return NULL;
	}
	if (mode == HANDLED)
		while (handled < TEN && !done)
			send_one();
	else
		for (i = 0; i < MANY; i++)
			send_one();
	now->satisfy();
	return NULL;
}

static void
begin(const struct eintr_call *c, pthread_t *thread)
{
	now = c;
	handled = woken = done = 0;
	mask(SIG_BLOCK, SIGUSR1, SIGUSR2);
	if (c->before != NULL)
		c->before();
	eintr_must(pthread_create(thread, NULL, sender, NULL) == 0);
	mask(SIG_UNBLOCK, SIGUSR2, mode == BLOCKED ? SIGUSR2 : SIGUSR1);
}

/* Check's assertions bear no signal: there are none until the thread ended. */
static long
make(const struct eintr_call *c, int *err)
{
	pthread_t thread;
	long result;

	begin(c, &thread);
	errno = 0;
	result = c->call();
	*err = errno;
	done = 1;
	eintr_must(pthread_join(thread, NULL) == 0);
	in_call = handled;
	mask(SIG_UNBLOCK, SIGUSR1, SIGUSR1);
	if (c->after != NULL)
		c->after();
	return result;
}

long
eintr_part(const struct eintr_call *c, int flags)
{
	pthread_t thread;
	long result;

	mode = HANDLED;
	expects_eintr = 1;
	handle_signal(SIGUSR1, on_signal, flags);
	begin(c, &thread);
	do {
		result = c->call();
	} while (result == -1 && errno == EINTR);
	done = 1;
	eintr_must(pthread_join(thread, NULL) == 0);
	return result;
}

static int
is_wrong(const struct eintr_call *c, const char *how)
{
	int err, wrong;
	long result = make(c, &err);

	if (expects_eintr)
		wrong = result != -1 || err != EINTR || in_call == 0;
	else
		wrong = result == -1 || (mode == BLOCKED && in_call > 0);
	if (wrong)
		(void)fprintf(stderr, "%s, %s: %ld, %s, %d handled\n", c->name,
		    how, result, strerror(err), in_call);
	return wrong;
}

static void
run(int flags, const char *how)
{
	int wrong = 0;
	size_t i;

	handle_signal(SIGUSR1, mode == IGNORED ? SIG_IGN : on_signal, flags);
	handle_signal(SIGUSR2, on_wake, 0);
	for (i = 0; i < ncalls; i++) {
		expects_eintr = mode == HANDLED &&
		    (calls[i].kind == EINTR_ENDS ||
		    (calls[i].kind == EINTR_RESTARTS &&
		    (flags & SA_RESTART) == 0));
		wrong += is_wrong(&calls[i], how);
	}
	ck_assert_int_eq(wrong, 0);
}

/* XSH 2.4.4, and EINTR of each of the pages. */
START_TEST(a_handler_ends_a_call)
{
	mode = HANDLED;
	run(0, "no flags");
}
END_TEST

/* XSH sigaction(), SA_RESTART: "unless otherwise specified"; signal(7). */
START_TEST(sa_restart_restarts_some)
{
	mode = HANDLED;
	run(SA_RESTART, "SA_RESTART");
}
END_TEST

/* XSH 2.4.3, SIG_IGN: "shall have no effect on the process". */
START_TEST(an_ignored_signal_ends_none)
{
	mode = IGNORED;
	run(0, "ignored");
}
END_TEST

/* XSH 2.4.1: it is not delivered. */
START_TEST(a_blocked_signal_ends_none)
{
	mode = BLOCKED;
	run(0, "blocked");
}
END_TEST

int
eintr_main(const char *name, const struct eintr_call *c, size_t n,
    const TTest *const more[], int nmore)
{
	const TTest *tests[MORE_MAX + 4];
	int i;

	calls = c;
	ncalls = n;
	tests[0] = a_handler_ends_a_call;
	tests[1] = sa_restart_restarts_some;
	tests[2] = an_ignored_signal_ends_none;
	tests[3] = a_blocked_signal_ends_none;
	eintr_must(nmore <= MORE_MAX);
	for (i = 0; i < nmore; i++)
		tests[4 + i] = more[i];
	return run_cases(name, tests, 4 + nmore);
}
