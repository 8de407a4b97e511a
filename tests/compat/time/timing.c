#include "compat/time/timing.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/handle.h"

atomic_int handled;

static atomic_int stop;
static int sends;
static int64_t pause_ns;
static pthread_t sender;

int64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		abort();
	return ns_of(ts);
}

struct timespec
ts_of(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / SEC,
	    .tv_nsec = (long)(ns % SEC) };
}

int64_t
ns_of(struct timespec ts)
{
	return ts.tv_sec * SEC + ts.tv_nsec;
}

static void
count(int signo)
{
	(void)signo;
	handled++;
}

void
handle_usr1(int flags)
{
	handle_signal(SIGUSR1, count, flags);
	handled = 0;
}

void
block_usr1(void)
{
	mask_signal(SIG_BLOCK, SIGUSR1);
}

void
unblock_usr1(void)
{
	mask_signal(SIG_UNBLOCK, SIGUSR1);
}

static void *
send_until_stop(void *arg)
{
	struct timespec ts = ts_of(pause_ns);

	(void)arg;
	block_usr1();
	while (!stop) {
		if (kill(getpid(), sends) != 0)
			abort();
		if (pause_ns == 0)
			sched_yield();
		else
			(void)nanosleep(&ts, NULL);
	}
	return NULL;
}

void
sender_start(int signo)
{
	sender_start_every(0, signo);
}

void
sender_start_every(int64_t ns, int signo)
{
	stop = 0;
	pause_ns = ns;
	sends = signo;
	if (pthread_create(&sender, NULL, send_until_stop, NULL) != 0)
		abort();
}

void
sender_stop(void)
{
	stop = 1;
	if (pthread_join(sender, NULL) != 0)
		abort();
}
