#include "socket/event_nt.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

int
event_new(int manual, uintptr_t *event)
{
	HANDLE h;

	if ((h = nt.CreateEventW(NULL, manual, FALSE, NULL)) == NULL)
		return nt_errno(GetLastError());
	*event = (uintptr_t)h;
	return 0;
}

void
event_free(uintptr_t event)
{
	(void)CloseHandle((HANDLE)event);
}

void
event_set(uintptr_t event)
{
	(void)SetEvent((HANDLE)event);
}

void
event_reset(uintptr_t event)
{
	(void)ResetEvent((HANDLE)event);
}

void
event_wait(uintptr_t event)
{
	(void)WaitForSingleObject((HANDLE)event, INFINITE);
}
