#include "process/identity.h"

#include "nt/nt.h"
#include "process/handoff.h"
#include "signal/channel_nt.h"
#include "signal/retire.h"
#include "signal/state.h"

pid_t
process_id(void)
{
	return (pid_t)GetCurrentProcessId();
}

/*
 * NT remembers the creator's number, and may give it to another process once
 * the creator is gone.
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
		return PROCESS_NOBODY;
	return (pid_t)(uintptr_t)info.InheritedFromUniqueProcessId;
}

/* Who has the number now, but began after us, is somebody else. */
int
process_parent_open(uintptr_t *process)
{
	int err;

	if ((err = sig_process_open(process_parent_id(), process)) != 0)
		return err;
	if (!sig_process_ends(*process, 0) &&
	    channel_start_time((HANDLE)*process) <=
	    channel_start_time(GetCurrentProcess()))
		return 0;
	(void)CloseHandle((HANDLE)*process);
	return ESRCH;
}

pid_t
process_parent_now(void)
{
	uintptr_t process;
	int err = process_parent_open(&process);

	if (err == 0)
		(void)CloseHandle((HANDLE)process);
	return err != ESRCH ? process_parent_id() : PROCESS_NOBODY;
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
