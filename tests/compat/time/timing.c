#include "compat/time/timing.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = count;
	act.sa_flags = flags;
	sigemptyset(&act.sa_mask);
	if (sigaction(SIGUSR1, &act, NULL) != 0)
		abort();
	handled = 0;
}

static void
mask_usr1(int how)
{
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if (pthread_sigmask(how, &usr1, NULL) != 0)
		abort();
}

void
block_usr1(void)
{
	mask_usr1(SIG_BLOCK);
}

void
unblock_usr1(void)
{
	mask_usr1(SIG_UNBLOCK);
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
