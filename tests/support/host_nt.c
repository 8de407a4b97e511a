#include "support/host.h"

#include "nt/nt.h"

int
host_is_wine(void)
{
	return GetProcAddress(GetModuleHandleW(L"ntdll.dll"),
	    "wine_get_version") != NULL;
}
