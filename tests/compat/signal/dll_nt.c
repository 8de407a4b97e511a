#include "compat/signal/dll.h"

#include "nt/nt.h"

int
dll_handles(const void *bad)
{
	return lstrlenA(bad);
}

void
dll_faults(void *bad)
{
	GetSystemTime(bad);
}
