/*
 * Threads of winpthreads: they get their creator's mask, and can be sent
 * signals.  In a file of its own, so that only programs that make threads need
 * winpthreads.
 */
#include "nt/nt.h"

#include <signal.h>
#include <stdlib.h>
#include <pthread.h>

#include "signal/state.h"
#include "signal/wait.h"

int winpthreads_create(pthread_t *, const pthread_attr_t *, void *(*)(void *),
    void *) __asm__("pthread_create");

struct start {
	void *(*run)(void *);
	void *arg;
	uint64_t mask;
};

static void *
thread_start(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	(void)sig_self_masked(start.mask);
	sig_poll();
	return start.run(start.arg);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg)
{
	struct start *start;
	int err;

	if ((start = malloc(sizeof(*start))) == NULL)
		return EAGAIN;
	start->run = run;
	start->arg = arg;
	start->mask = sig_self()->mask;
	err = winpthreads_create(thread, attr, thread_start, start);
	if (err != 0)
		free(start);
	return err;
}

static const union sigval no_value;

/*
 * A thread that has ended, and was not joined, still has its id: that is not
 * an error, POSIX says.
 */
static int
send_to_thread(pthread_t thread, int signo, int code, union sigval value)
{
	HANDLE handle = pthread_gethandle(thread);
	uint32_t id;
	int err;

	if (signo < 0 || signo >= NSIG)
		return EINVAL;
	if (handle == NULL)
		return ESRCH;
	if (signo == 0 || WaitForSingleObject(handle, 0) == WAIT_OBJECT_0)
		return 0;
	id = GetThreadId(handle);
	if ((err = sig_enter((uintptr_t)handle, id)) != 0)
		return err;
	err = sig_send_self(id, signo, code, value);
	return err == ESRCH ? 0 : err;
}

int
pthread_kill(pthread_t thread, int signo)
{
	return send_to_thread(thread, signo, SI_TKILL, no_value);
}

int
pthread_sigqueue(pthread_t thread, int signo, const union sigval value)
{
	return send_to_thread(thread, signo, SI_QUEUE, value);
}
