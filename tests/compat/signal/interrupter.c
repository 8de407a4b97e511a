#include "interrupter.h"

#include <compat.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "support/host.h"

#define TIMES 64

atomic_int interrupted;

static pthread_t target, thread;
static int number, rounds;
static long long times[TIMES];

long long
interrupter_now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		abort();
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void *
send_all(void *arg)
{
	long long sent;
	int i;

	for (i = 0; i < rounds; i++) {
		sent = interrupter_now();
		if (pthread_kill(target, number) != 0)
			abort();
		while (interrupted <= i)
			(void)sched_yield();
		times[i % TIMES] = interrupter_now() - sent;
	}
	return arg;
}

void
interrupter_start(int signo, int n)
{
	sigset_t all, before;

	interrupted = 0;
	number = signo;
	rounds = n;
	target = pthread_self();
	sigfillset(&all);
	if (pthread_sigmask(SIG_BLOCK, &all, &before) != 0 ||
	    pthread_create(&thread, NULL, send_all, NULL) != 0 ||
	    pthread_sigmask(SIG_SETMASK, &before, NULL) != 0)
		abort();
}

void
interrupter_stop(void)
{
	if (pthread_join(thread, NULL) != 0)
		abort();
}

static int
compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

long long
interrupter_median(void)
{
	int n = rounds < TIMES ? rounds : TIMES;

	qsort(times, (size_t)n, sizeof(times[0]), compare);
	return times[n / 2];
}

int
interrupter_skip(const char *test)
{
	if (compat_signal_interrupts(-1))
		return 0;
	host_skip(test, "LIM-SIG-1: its code cannot be told from the runtime's");
	return 1;
}
