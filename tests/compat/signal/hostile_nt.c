#include "hostile.h"

#include <stdio.h>
#include <wchar.h>

#include "nt/nt.h"
#include "signal/channel.h"

/* What channel_name() makes, by hand. */
static int
name_of(DWORD pid, wchar_t *name, size_t size)
{
	FILETIME start, end, kernel, user;
	HANDLE process;
	BOOL ok;

	process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
	if (process == NULL)
		return -1;
	ok = GetProcessTimes(process, &start, &end, &kernel, &user);
	(void)CloseHandle(process);
	(void)swprintf(name, size,
	    L"\\\\.\\pipe\\libcompat-sig-%lu-%08lx%08lx", pid,
	    start.dwHighDateTime, start.dwLowDateTime);
	return ok ? 0 : -1;
}

uintptr_t
hostile_open(int64_t pid)
{
	wchar_t name[80];
	HANDLE h;
	int tries;

	if (name_of((DWORD)pid, name, 80) != 0)
		return 0;
	for (tries = 0; tries < 20; tries++) {
		h = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
		    OPEN_EXISTING, 0, NULL);
		if (h != INVALID_HANDLE_VALUE)
			return (uintptr_t)h;
		if (GetLastError() != ERROR_PIPE_BUSY)
			break;
		(void)WaitNamedPipeW(name, 100);
	}
	return 0;
}

void
hostile_close(uintptr_t h)
{
	(void)CloseHandle((HANDLE)h);
}

void
hostile_write(uintptr_t h, const void *buf, size_t len)
{
	DWORD n;

	(void)WriteFile((HANDLE)h, buf, (DWORD)len, &n, NULL);
}

int
hostile_is_answered(uintptr_t h)
{
	struct channel_answer answer;
	DWORD n;

	return ReadFile((HANDLE)h, &answer, sizeof(answer), &n, NULL) &&
	    n == sizeof(answer);
}

static int
is_everybody(SID *sid)
{
	static const WELL_KNOWN_SID_TYPE all[] = { WinWorldSid,
	    WinAuthenticatedUserSid, WinBuiltinUsersSid, WinAnonymousSid,
	    WinInteractiveSid, WinNetworkSid };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (IsWellKnownSid(sid, all[i]))
			return 1;
	return 0;
}

int
hostile_count_allowed(uintptr_t h)
{
	static union {
		SECURITY_DESCRIPTOR sd;
		char room[4096];
	} s;
	BOOL present, defaulted;
	ACCESS_ALLOWED_ACE *ace;
	ACL *acl;
	DWORD n, i;

	if (!GetKernelObjectSecurity((HANDLE)h, DACL_SECURITY_INFORMATION,
	    &s.sd, sizeof(s), &n) ||
	    !GetSecurityDescriptorDacl(&s.sd, &present, &acl, &defaulted) ||
	    !present || acl == NULL)
		return -1;
	for (i = 0; i < acl->AceCount; i++)
		if (!GetAce(acl, i, (void **)&ace) ||
		    is_everybody((SID *)&ace->SidStart))
			return -1;
	return acl->AceCount;
}

uintptr_t
hostile_squat(int64_t pid)
{
	wchar_t name[80];
	HANDLE h;

	if (name_of((DWORD)pid, name, 80) != 0)
		return 0;
	h = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE, 1,
	    256, 256, 0, NULL);
	return h == INVALID_HANDLE_VALUE ? 0 : (uintptr_t)h;
}

/* cmd's pause reads a standard input on which nothing ever comes. */
int64_t
hostile_native_start(uintptr_t *process)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, TRUE };
	STARTUPINFOW si = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES };
	wchar_t line[] = L"cmd.exe /c pause";
	static HANDLE end;
	PROCESS_INFORMATION info;

	if (!CreatePipe(&si.hStdInput, &end, &sa, 0))
		return 0;
	(void)SetHandleInformation(end, HANDLE_FLAG_INHERIT, 0);
	if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &si,
	    &info))
		return 0;
	(void)CloseHandle(info.hThread);
	(void)CloseHandle(si.hStdInput);
	*process = (uintptr_t)info.hProcess;
	return info.dwProcessId;
}

unsigned long
hostile_native_wait(uintptr_t process)
{
	DWORD code = 0;

	(void)WaitForSingleObject((HANDLE)process, INFINITE);
	(void)GetExitCodeProcess((HANDLE)process, &code);
	(void)CloseHandle((HANDLE)process);
	return code;
}
