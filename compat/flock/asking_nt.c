#include "flock/asking.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

static HANDLE mutex;

/* Its callers are one thread at a time: they hold held_lock(). */
int
asking_begin(void)
{
	if (mutex == NULL && (mutex = nt.CreateMutexW(NULL, FALSE,
	    L"Local\\compat-asking")) == NULL)
		return nt_errno(GetLastError());
	/* One that was killed meanwhile holds nothing any more, either. */
	(void)WaitForSingleObject(mutex, INFINITE);
	return 0;
}

void
asking_end(void)
{
	(void)ReleaseMutex(mutex);
}
