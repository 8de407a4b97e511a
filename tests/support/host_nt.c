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

/* NT: handles.  Wine: places in the table of them, which grows by doubling. */
static uintptr_t
handle_count(void)
{
	static union {
		SYSTEM_PROCESS_INFORMATION info;
		char room[1 << 20];
	} list;
	SYSTEM_PROCESS_INFORMATION *p = &list.info;

	if (NtQuerySystemInformation(SystemProcessInformation, &list,
	    sizeof(list), NULL) != STATUS_SUCCESS)
		return 0;
	while ((DWORD)(uintptr_t)p->UniqueProcessId != GetCurrentProcessId()) {
		if (p->NextEntryOffset == 0)
			return 0;
		p = (void *)((char *)p + p->NextEntryOffset);
	}
	return p->HandleCount;
}

int
host_handles(void)
{
	uintptr_t h, places = handle_count();
	DWORD flags;
	int n = 0;

	if (places == 0 || !host_is_wine())
		return places == 0 ? -1 : (int)places;
	for (h = 1; h <= places; h++)
		n += GetHandleInformation((HANDLE)(h << 2), &flags) != 0;
	return n;
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
