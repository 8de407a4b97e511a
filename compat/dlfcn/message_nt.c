/* dlerror()'s state of each thread. */
#include "dlfcn/module.h"

#include <stdlib.h>

#include "nt/nt.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static DWORD slot = FLS_OUT_OF_INDEXES;

static void WINAPI
thread_ended(void *arg)
{
	struct dl_message *m = arg;

	if (m == NULL)
		return;
	free(m->text);
	free(m);
}

static BOOL WINAPI
begin(INIT_ONCE *o, void *arg, void **context)
{
	(void)o;
	(void)arg;
	(void)context;
	slot = FlsAlloc(thread_ended);
	return slot != FLS_OUT_OF_INDEXES;
}

struct dl_message *
dl_message(void)
{
	struct dl_message *m;

	if (!InitOnceExecuteOnce(&once, begin, NULL, NULL))
		return NULL;
	if ((m = FlsGetValue(slot)) != NULL ||
	    (m = calloc(1, sizeof(*m))) == NULL)
		return m;
	if (!FlsSetValue(slot, m)) {
		free(m);
		return NULL;
	}
	return m;
}
