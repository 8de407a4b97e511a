#include "mman/pages.h"

#include <sys/mman.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* NT has no "write only"; a page that may be written may be read. */
static DWORD
page_prot(int prot, int view)
{
	int exec = prot & PROT_EXEC;

	if (prot & PROT_WRITE) {
		if (view & VIEW_COPY)
			return exec ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
		return exec ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
	}
	if (exec)
		return PAGE_EXECUTE_READ;
	return prot & PROT_READ ? PAGE_READONLY : PAGE_NOACCESS;
}

/* "Invalid address" is what NT says of addresses that are taken, too. */
static int
space_errno(DWORD code)
{
	return code == ERROR_INVALID_ADDRESS ? ENOMEM : nt_errno(code);
}

int
pages_reserve(uintptr_t at, size_t size, uintptr_t *base)
{
	void *p = nt.VirtualAlloc((void *)at, size, MEM_RESERVE, PAGE_NOACCESS);

	if (p == NULL)
		return space_errno(GetLastError());
	*base = (uintptr_t)p;
	return 0;
}

void
pages_release(uintptr_t base)
{
	(void)VirtualFree((void *)base, 0, MEM_RELEASE);
}

int
pages_commit(uintptr_t addr, size_t size, int prot)
{
	if (nt.VirtualAlloc((void *)addr, size, MEM_COMMIT,
	    page_prot(prot, 0)) == NULL)
		return space_errno(GetLastError());
	return 0;
}

void
pages_decommit(uintptr_t addr, size_t size)
{
	(void)VirtualFree((void *)addr, size, MEM_DECOMMIT);
}

int
pages_protect(uintptr_t addr, size_t size, int prot, int view)
{
	DWORD old;

	if (nt.VirtualProtect((void *)addr, size, page_prot(prot, view), &old))
		return 0;
	/* Executable pages need a section that was made so: LIM-MMAP-4. */
	if (view != 0 && GetLastError() == ERROR_INVALID_PARAMETER)
		return EACCES;
	return space_errno(GetLastError());
}

/*
 * What malloc, the loader or a stack owns.  Their regions have their own
 * kinds: a page of a program's image is written by copying it.
 */
int
pages_protect_foreign(uintptr_t addr, size_t size, int prot)
{
	MEMORY_BASIC_INFORMATION m;
	uintptr_t end = addr + size, stop;
	DWORD old;

	for (; addr < end; addr = stop) {
		if (VirtualQuery((void *)addr, &m, sizeof(m)) == 0 ||
		    m.State != MEM_COMMIT)
			return ENOMEM;
		stop = (uintptr_t)m.BaseAddress + m.RegionSize;
		if (stop > end)
			stop = end;
		if (!nt.VirtualProtect((void *)addr, stop - addr,
		    page_prot(prot, m.Type == MEM_IMAGE ? VIEW_COPY : 0), &old))
			return EACCES;
	}
	return 0;
}

int
pages_permits(uintptr_t addr, int prot)
{
	static const struct { DWORD page; int prot; } table[] = {
		{ PAGE_READONLY, PROT_READ },
		{ PAGE_READWRITE, PROT_READ | PROT_WRITE },
		{ PAGE_WRITECOPY, PROT_READ | PROT_WRITE },
		{ PAGE_EXECUTE, PROT_EXEC },
		{ PAGE_EXECUTE_READ, PROT_READ | PROT_EXEC },
		{ PAGE_EXECUTE_READWRITE, PROT_READ | PROT_WRITE | PROT_EXEC },
		{ PAGE_EXECUTE_WRITECOPY, PROT_READ | PROT_WRITE | PROT_EXEC },
	};
	MEMORY_BASIC_INFORMATION m;
	size_t i;

	if (VirtualQuery((void *)addr, &m, sizeof(m)) == 0 ||
	    m.State != MEM_COMMIT)
		return 0;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].page == m.Protect)
			return (table[i].prot & prot) == prot;
	return 0;
}

int
pages_is_free(uintptr_t addr, size_t size)
{
	MEMORY_BASIC_INFORMATION m;
	uintptr_t end = addr + size;

	while (addr < end) {
		if (VirtualQuery((void *)addr, &m, sizeof(m)) == 0 ||
		    m.State != MEM_FREE)
			return 0;
		addr = (uintptr_t)m.BaseAddress + m.RegionSize;
	}
	return 1;
}

/*
 * NT locks no more than the least working set of the process, 200 kB at
 * first: ask for more once.
 */
int
pages_lock(uintptr_t addr, size_t size)
{
	SIZE_T low, high;
	DWORD code;

	if (nt.VirtualLock((void *)addr, size))
		return 0;
	code = GetLastError();
	if ((code == ERROR_WORKING_SET_QUOTA || code == ERROR_NO_SYSTEM_RESOURCES) &&
	    GetProcessWorkingSetSize(GetCurrentProcess(), &low, &high) &&
	    SetProcessWorkingSetSize(GetCurrentProcess(), low + size + GRANULE,
	    high + size + GRANULE)) {
		if (nt.VirtualLock((void *)addr, size))
			return 0;
		code = GetLastError();
	}
	/* POSIX: ENOMEM for pages that are not mapped, and for the limit. */
	return code == ERROR_NOACCESS ? ENOMEM : space_errno(code);
}

int
pages_unlock(uintptr_t addr, size_t size)
{
	DWORD code;

	if (VirtualUnlock((void *)addr, size))
		return 0;
	code = GetLastError();
	return code == ERROR_NOT_LOCKED ? 0 : space_errno(code);
}
