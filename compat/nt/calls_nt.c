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

/*
 * An event costs a call into the kernel, and a read or write needs one.  So a
 * thread keeps the one that it used last, and a small store keeps those of the
 * calls that need two.
 */
#define STORE 64

static struct lock store_lock;
static HANDLE store[STORE];
static int stored;
static DWORD slot = FLS_OUT_OF_INDEXES;

static void
store_give(HANDLE event)
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

static HANDLE
store_take(void)
{
	HANDLE event = NULL;

	lock_write(&store_lock);
	if (stored > 0)
		event = store[--stored];
	unlock_write(&store_lock);
	return event;
}

BOOLEAN NTAPI RtlDllShutdownInProgress(void);

/* The lock may be a dead thread's in a process that ends. */
static void NTAPI
thread_ended(void *event)
{
	if (event != NULL && !RtlDllShutdownInProgress())
		store_give(event);
}

int nt_wine;
struct nt_late nt_late;

static void
look_up(void)
{
	static const wchar_t ntdll[] = L"ntdll.dll";

	nt_wine = nt_lookup(ntdll, "wine_get_version") != NULL;
#define LATE(name) \
	nt_late.name = (__typeof__(nt_late.name))(void *)nt_lookup(ntdll, #name)
	LATE(NtCreateWaitCompletionPacket);
	LATE(NtAssociateWaitCompletionPacket);
	LATE(NtCancelWaitCompletionPacket);
#undef LATE
}

__attribute__((constructor)) static void
calls_init(void)
{
	slot = FlsAlloc(thread_ended);
	look_up();
}

int
nt_event_take(HANDLE *event)
{
	if ((*event = FlsGetValue(slot)) != NULL) {
		(void)FlsSetValue(slot, NULL);
		return 0;
	}
	if ((*event = store_take()) == NULL &&
	    (*event = nt.CreateEventW(NULL, TRUE, FALSE, NULL)) == NULL)
		return nt_errno(GetLastError());
	return 0;
}

/* It may be set: the kernel resets it when the next operation starts. */
void
nt_event_give(HANDLE event)
{
	if (FlsGetValue(slot) != NULL || !FlsSetValue(slot, event))
		store_give(event);
}
