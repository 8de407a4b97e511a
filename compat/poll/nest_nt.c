#include "poll/nest.h"

#include "nt/nt.h"
#include "nt/errmap.h"

#include <stdlib.h>

#define STACK_SIZE (64 * 1024)

struct start {
	void (*fn)(void *);
	void *arg;
};

static DWORD WINAPI
thread_main(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	start.fn(start.arg);
	return 0;
}

int
nest_thread(void (*fn)(void *), void *arg, uintptr_t *thread)
{
	struct start *start;
	HANDLE h;
	int err;

	if ((start = malloc(sizeof(*start))) == NULL)
		return ENOMEM;
	start->fn = fn;
	start->arg = arg;
	h = CreateThread(NULL, STACK_SIZE, thread_main, start,
	    STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
	if (h == NULL) {
		err = nt_errno(GetLastError());
		goto free_start;
	}
	*thread = (uintptr_t)h;
	return 0;

free_start:
	free(start);
	return err;
}

void
nest_join(uintptr_t thread)
{
	(void)WaitForSingleObject((HANDLE)thread, INFINITE);
	(void)CloseHandle((HANDLE)thread);
}
