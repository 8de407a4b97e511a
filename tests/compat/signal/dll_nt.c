#include "compat/signal/dll.h"

#include "nt/nt.h"

int
dll_handles(const void *bad)
{
	return lstrlenA(bad);
}

void
dll_faults(void *bad)
{
	GetSystemTime(bad);
}

static int repaired;

static LONG CALLBACK
repair(EXCEPTION_POINTERS *e)
{
	const EXCEPTION_RECORD *r = e->ExceptionRecord;
	DWORD old;

	if (r->ExceptionCode != 0xC0000005 || !VirtualProtect(
	    (void *)r->ExceptionInformation[1], 1, PAGE_READWRITE, &old))
		return EXCEPTION_CONTINUE_SEARCH;
	repaired++;
	return EXCEPTION_CONTINUE_EXECUTION;
}

/* The handler comes after the library's. */
int
dll_repairs(void *page)
{
	void *handler = AddVectoredExceptionHandler(0, repair);

	repaired = 0;
	GetSystemTime(page);
	(void)RemoveVectoredExceptionHandler(handler);
	return repaired;
}

unsigned long
dll_set_last(unsigned long error)
{
	DWORD last = GetLastError();

	SetLastError(error);
	return last;
}

size_t
dll_guard_room(void)
{
	MEMORY_BASIC_INFORMATION info;
	char *at = __builtin_frame_address(0), *here = at;

	while (VirtualQuery(at - 1, &info, sizeof(info)) != 0 &&
	    info.State == MEM_COMMIT) {
		at = info.BaseAddress;
		if ((info.Protect & PAGE_GUARD) != 0)
			return (size_t)(here - at);
	}
	return 0;
}

int
dll_is_in_bounds(void)
{
	const char *here = __builtin_frame_address(0);
	NT_TIB *tib;

	__asm__ volatile("movq %%gs:0x30, %0" : "=r"(tib));
	return here >= (char *)tib->StackLimit && here < (char *)tib->StackBase;
}
