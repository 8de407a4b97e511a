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

/*
 * The thread is looked up again under the lock by every sender, so it must not
 * end in between: POSIX leaves that to the caller.
 */
int
pthread_kill(pthread_t thread, int signo)
{
	static const union sigval no_value;
	HANDLE handle = pthread_gethandle(thread);
	struct sig_thread *t;

	if (signo < 0 || signo >= NSIG)
		return EINVAL;
	if (handle == NULL || WaitForSingleObject(handle, 0) == WAIT_OBJECT_0)
		return ESRCH;
	if (signo == 0)
		return 0;
	lock_read(&sig_process.lock);
	t = sig_find(GetThreadId(handle));
	unlock_read(&sig_process.lock);
	if (t == NULL)
		return ESRCH;
	return sig_send_self(t, signo, SI_TKILL, no_value);
}
