/*
 * Faults on pages that POSIX has and NT has not yet: LIM-MMAP-1.  The handler
 * is there from the first mapping that needs it; most programs never get one.
 */
#include "mman/map.h"

#include <sys/mman.h>

#include "fileio/iov.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

static LONG CALLBACK
on_fault(EXCEPTION_POINTERS *e)
{
	EXCEPTION_RECORD *r = e->ExceptionRecord;
	int prot;

	if (r->ExceptionCode != (DWORD)EXCEPTION_ACCESS_VIOLATION ||
	    r->NumberParameters < 2)
		return EXCEPTION_CONTINUE_SEARCH;
	switch (r->ExceptionInformation[0]) {
	case 0:
		prot = PROT_READ;
		break;
	case 1:
		prot = PROT_WRITE;
		break;
	default:
		prot = PROT_EXEC;
	}
	switch (map_fault(r->ExceptionInformation[1], prot)) {
	case MAP_FAULT_AGAIN:
		return EXCEPTION_CONTINUE_EXECUTION;
	case MAP_FAULT_NO_PAGE:
		/* To all who come next, NT included, it is SIGBUS's fault. */
		r->ExceptionCode = (DWORD)EXCEPTION_IN_PAGE_ERROR;
		r->ExceptionInformation[2] = (ULONG_PTR)STATUS_END_OF_FILE;
		r->NumberParameters = 3;
		break;
	case MAP_FAULT_THEIRS:
		break;
	}
	return EXCEPTION_CONTINUE_SEARCH;
}

static int
bring(const struct iovec *iov, int n, int to)
{
	int i, found = 0;

	for (i = 0; i < n; i++) {
		uintptr_t at = (uintptr_t)iov[i].iov_base;

		if (iov[i].iov_len > 0)
			found |= map_bring(at, at + iov[i].iov_len,
			    to ? PROT_WRITE : PROT_READ);
	}
	return found;
}

/* Before all others: a debugger or crash reporter must not see these. */
static BOOL CALLBACK
install(INIT_ONCE *o, void *arg, void **ctx)
{
	(void)o;
	(void)arg;
	(void)ctx;
	if (AddVectoredExceptionHandler(1, on_fault) == NULL)
		return FALSE;
	atomic_store(&iov_bring, bring);
	return TRUE;
}

int
fault_watch(void)
{
	static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

	return InitOnceExecuteOnce(&once, install, NULL, NULL) ? 0 : ENOMEM;
}
