#include "nt/pool.h"

#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

struct pool_wait {
	PTP_WAIT wait;
	void (*fn)(void *);
	void *arg;
};

static void CALLBACK
signalled(PTP_CALLBACK_INSTANCE instance, void *arg, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct pool_wait *w = arg;

	(void)instance;
	(void)wait;
	(void)result;
	w->fn(w->arg);
}

int
pool_wait_new(void (*fn)(void *), void *arg, uintptr_t *wait)
{
	struct pool_wait *w;
	int err;

	if ((w = malloc(sizeof(*w))) == NULL)
		return ENOMEM;
	w->fn = fn;
	w->arg = arg;
	if ((w->wait = nt.CreateThreadpoolWait(signalled, w, NULL)) == NULL) {
		err = nt_errno(GetLastError());
		free(w);
		return err;
	}
	*wait = (uintptr_t)w;
	return 0;
}

void
pool_wait_set(uintptr_t wait, uintptr_t handle)
{
	SetThreadpoolWait(((struct pool_wait *)wait)->wait, (HANDLE)handle,
	    NULL);
}

void
pool_wait_free(uintptr_t wait)
{
	struct pool_wait *w = (struct pool_wait *)wait;

	if (w == NULL)
		return;
	SetThreadpoolWait(w->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(w->wait, TRUE);
	CloseThreadpoolWait(w->wait);
	free(w);
}
