#include "process/identity.h"

#include "nt/nt.h"
#include "process/handoff.h"

pid_t
process_id(void)
{
	return (pid_t)GetCurrentProcessId();
}

/*
 * NT remembers the creator's number, and may give it to another process once
 * the creator is gone: LIM-PROC-1.
 */
pid_t
process_parent_id(void)
{
	PROCESS_BASIC_INFORMATION info;
	pid_t told = startup_ppid();

	if (told != 0)
		return told;
	if (NtQueryInformationProcess(GetCurrentProcess(),
	    ProcessBasicInformation, &info, sizeof(info),
	    NULL) != STATUS_SUCCESS)
		return 1;
	return (pid_t)(uintptr_t)info.InheritedFromUniqueProcessId;
}

/* At once: nothing of atexit(), no DLL is told. */
void
process_leave(uint32_t code)
{
	for (;;)
		(void)TerminateProcess(GetCurrentProcess(), code);
}

long
process_processors(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return (long)info.dwNumberOfProcessors;
}

long
process_page_size(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return (long)info.dwPageSize;
}
