#include "nt/calls_nt.h"

#include "fd/lock.h"
#include "nt/errmap.h"

struct nt_calls nt = {
#define X(name) .name = name,
	NT_CALLS(X)
#undef X
};

FARPROC
nt_lookup(const wchar_t *library, const char *name)
{
	HMODULE m;

	if ((m = GetModuleHandleW(library)) == NULL &&
	    (m = LoadLibraryExW(library, NULL,
	    LOAD_LIBRARY_SEARCH_SYSTEM32)) == NULL)
		return NULL;
	return GetProcAddress(m, name);
}

/* An event costs a call into the kernel, and a read or write needs one. */
#define STORE 64

static struct lock store_lock;
static HANDLE store[STORE];
static int stored;

int
nt_event_take(HANDLE *event)
{
	*event = NULL;
	lock_write(&store_lock);
	if (stored > 0)
		*event = store[--stored];
	unlock_write(&store_lock);
	if (*event == NULL &&
	    (*event = nt.CreateEventW(NULL, TRUE, FALSE, NULL)) == NULL)
		return nt_errno(GetLastError());
	return 0;
}

/* It may be set: the kernel resets it when the next operation starts. */
void
nt_event_give(HANDLE event)
{
	lock_write(&store_lock);
	if (stored < STORE) {
		store[stored++] = event;
		event = NULL;
	}
	unlock_write(&store_lock);
	if (event != NULL)
		(void)CloseHandle(event);
}
