/*
 * A thread of NT's and not of winpthreads, which a program that has timers
 * need not be linked with; pthread_self() knows such threads as well.
 */
#include "time/notify.h"

#include <errno.h>
#include <stdlib.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "signal/state.h"
#include "signal/wait.h"

static DWORD WINAPI
run(void *arg)
{
	struct notify notify = *(struct notify *)arg;

	free(arg);
	(void)sig_self_masked(notify.mask);
	sig_poll();
	notify.fn(notify.value);
	return 0;
}

int
notify_start(const struct notify *notify)
{
	struct notify *copy;
	HANDLE thread;
	int err;

	if ((copy = malloc(sizeof(*copy))) == NULL)
		return ENOMEM;
	*copy = *notify;
	thread = CreateThread(NULL, copy->stack, run, copy,
	    STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
	if (thread == NULL) {
		err = nt_errno(GetLastError());
		free(copy);
		return err;
	}
	(void)CloseHandle(thread);
	return 0;
}
