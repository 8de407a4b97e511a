/*
 * The NT calls that can fail in ways a test wants to see, behind a table of
 * pointers: nt.WriteFile(...).  A test replaces an entry to inject a fault or
 * to make Wine as strict as NT; nothing else ever writes to it.
 */
#ifndef NT_CALLS_NT_H
#define NT_CALLS_NT_H

#include "nt/nt.h"

#define NT_CALLS(X) \
	X(CancelIoEx) \
	X(CreateFileW) \
	X(CreateNamedPipeW) \
	X(DuplicateHandle) \
	X(FlushFileBuffers) \
	X(GetOverlappedResult) \
	X(LockFileEx) \
	X(MoveFileExW) \
	X(ReadFile) \
	X(SetFileInformationByHandle) \
	X(UnlockFileEx) \
	X(WriteFile)

struct nt_calls {
#define X(name) __typeof__(&name) name;
	NT_CALLS(X)
#undef X
};

extern struct nt_calls nt;

/*
 * A function that an older NT or Wine may lack, NULL when it does.  The
 * library stays loaded.
 */
FARPROC nt_lookup(const wchar_t *library, const char *name);

/* A manual-reset event for one overlapped operation, from a small store. */
int nt_event_take(HANDLE *event);
void nt_event_give(HANDLE event);

#endif
