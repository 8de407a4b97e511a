/* Processes, as far as kill() needs them. */
#include "nt/nt.h"

#include "signal/open_nt.h"

#include "nt/errmap.h"
#include "process/exit.h"
#include "signal/retire.h"
#include "signal/state.h"

/* No atexit handler runs, as POSIX wants. */
void
sig_terminate(int signo)
{
	for (;;)
		(void)TerminateProcess(GetCurrentProcess(), EXIT_BY(signo));
}

int64_t
sig_process_self(void)
{
	return GetCurrentProcessId();
}

/*
 * NT ignores the lowest two bits of a process id: without the second look, a
 * wrong pid would name somebody else's process.
 */
int
sig_process_open_for(int64_t pid, DWORD access, HANDLE *process)
{
	DWORD code;

	if (pid <= 0 || pid > UINT32_MAX)
		return ESRCH;
	*process = OpenProcess(access | SYNCHRONIZE |
	    PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)pid);
	if (*process != NULL) {
		if (GetProcessId(*process) == (DWORD)pid)
			return 0;
		(void)CloseHandle(*process);
		return ESRCH;
	}
	switch (code = GetLastError()) {
	case ERROR_INVALID_PARAMETER:
		return ESRCH;
	case ERROR_ACCESS_DENIED:
		return EPERM;
	default:
		return nt_errno(code);
	}
}

/* A process object outlives its process as long as somebody has a handle. */
static int
has_ended(HANDLE process)
{
	return WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

int
sig_process_open(int64_t pid, uintptr_t *process)
{
	HANDLE h = NULL;
	int err;

	err = sig_process_open_for(pid, 0, &h);
	*process = (uintptr_t)h;
	return err;
}

int
sig_process_exists(int64_t pid)
{
	HANDLE process;
	int err;

	if ((err = sig_process_open_for(pid, 0, &process)) != 0)
		return err;
	if (has_ended(process))
		err = ESRCH;
	(void)CloseHandle(process);
	return err;
}

int
sig_process_kill(int64_t pid)
{
	HANDLE process;
	int err;

	if ((err = sig_process_open_for(pid, PROCESS_TERMINATE, &process)) != 0)
		return err;
	if (has_ended(process))
		err = ESRCH;
	else if (!TerminateProcess(process, EXIT_BY(SIGKILL)))
		err = has_ended(process) ? ESRCH : nt_errno(GetLastError());
	(void)CloseHandle(process);
	return err;
}

void
sig_process_end(uintptr_t process, int signo)
{
	(void)TerminateProcess((HANDLE)process, EXIT_BY(signo));
}

int
sig_process_ends(uintptr_t process, uint32_t ms)
{
	return WaitForSingleObject((HANDLE)process, ms) == WAIT_OBJECT_0;
}
