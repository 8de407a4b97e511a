#include "support/host.h"

#include <stdio.h>

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

static int
set_list(const char *path, ACL *acl, DWORD protection)
{
	char copy[MAX_PATH];

	(void)snprintf(copy, sizeof(copy), "%s", path);
	return SetNamedSecurityInfoA(copy, SE_FILE_OBJECT,
	    DACL_SECURITY_INFORMATION | protection, NULL, NULL, acl, NULL) ==
	    ERROR_SUCCESS ? 0 : -1;
}

/* A list without entries lets nobody in; the owner may change it. */
int
host_deny(const char *path)
{
	ACL none;

	(void)InitializeAcl(&none, sizeof(none), ACL_REVISION);
	return set_list(path, &none, PROTECTED_DACL_SECURITY_INFORMATION);
}

int
host_allow(const char *path)
{
	ACL none;

	(void)InitializeAcl(&none, sizeof(none), ACL_REVISION);
	return set_list(path, &none, UNPROTECTED_DACL_SECURITY_INFORMATION);
}

void
host_give_up_root(void)
{
}

void
host_take_root(void)
{
}

int
host_passes_directories(void)
{
	return 1;
}
