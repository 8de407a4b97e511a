#include "flock/turn.h"

#include "nt/calls_nt.h"

#define SLOTS 1024

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static atomic_uint own[SLOTS], *slots = own;

/*
 * Where the memory cannot be shared, the threads of this process still take
 * turns.  The handle stays open, for the name goes with the last one, and the
 * view too: a thread may count in it until the process ends.
 */
static BOOL CALLBACK
map(INIT_ONCE *o, void *arg, void **ctx)
{
	HANDLE section;
	void *view;

	(void)o;
	(void)arg;
	(void)ctx;
	section = nt.CreateFileMappingW(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE, 0, sizeof(own), L"Local\\libcompat-flock-1");
	if (section == NULL)
		return TRUE;
	view = nt.MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, sizeof(own));
	if (view != NULL)
		slots = view;
	else
		(void)CloseHandle(section);
	return TRUE;
}

atomic_uint *
turn_of(uintptr_t handle)
{
	BY_HANDLE_FILE_INFORMATION info;
	uint64_t hash = 0;

	(void)InitOnceExecuteOnce(&once, map, NULL, NULL);
	/* Not of the volume too: Wine does not always know it, LIM-LOCK-5. */
	if (GetFileInformationByHandle((HANDLE)handle, &info)) {
		hash = (uint64_t)info.nFileIndexHigh << 32 |
		    info.nFileIndexLow;
		hash *= 0x9E3779B97F4A7C15ULL;
	}
	return &slots[hash >> 54];
}
