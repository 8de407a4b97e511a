/* How often a handle is closed that is not there: twice, most likely. */
#include "compat/nt/fault.h"

#include <stdatomic.h>

#include "fd/names.h"
#include "nt/calls_nt.h"

typedef WINBOOL WINAPI close_fn(HANDLE);

/* Where the program's calls go, those of the library in it as well. */
extern close_fn *__imp_CloseHandle;

static close_fn *real;
static atomic_uint bad;

static WINBOOL WINAPI
counted(HANDLE h)
{
	const WINBOOL ok = real(h);

	if (!ok)
		atomic_fetch_add(&bad, 1);
	return ok;
}

void
fault_watch_closes(void)
{
	DWORD old;

	if (real != NULL)
		return;
	real = __imp_CloseHandle;
	if (VirtualProtect(&__imp_CloseHandle, sizeof(__imp_CloseHandle),
	    PAGE_READWRITE, &old))
		__imp_CloseHandle = counted;
	nt.CloseHandle = counted;
}

unsigned int
fault_bad_closes(void)
{
	return atomic_load(&bad);
}
