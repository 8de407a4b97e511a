#include "support/host.h"

#include "nt/nt.h"
#include "support/strict.h"

int
host_is_wine(void)
{
	return GetProcAddress(GetModuleHandleW(L"ntdll.dll"),
	    "wine_get_version") != NULL;
}

void
host_start(void)
{
	strict_start();
}

/* Wine's GetProcessHandleCount() says 0, the list of processes does not. */
int
host_handles(void)
{
	static union {
		SYSTEM_PROCESS_INFORMATION info;
		char room[1 << 20];
	} list;
	SYSTEM_PROCESS_INFORMATION *p = &list.info;

	if (NtQuerySystemInformation(SystemProcessInformation, &list,
	    sizeof(list), NULL) != STATUS_SUCCESS)
		return -1;
	while ((DWORD)(uintptr_t)p->UniqueProcessId != GetCurrentProcessId()) {
		if (p->NextEntryOffset == 0)
			return -1;
		p = (void *)((char *)p + p->NextEntryOffset);
	}
	return (int)p->HandleCount;
}
