#include "process/handles_nt.h"

#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

int
handles_add(struct handles *hs, HANDLE h, DWORD access, HANDLE *copy)
{
	HANDLE self = GetCurrentProcess(), *list;
	int room;

	if (hs->used == hs->room) {
		room = hs->room == 0 ? 64 : 2 * hs->room;
		list = realloc(hs->list, (size_t)room * sizeof(*list));
		if (list == NULL)
			return ENOMEM;
		hs->list = list;
		hs->room = room;
	}
	if (!nt.DuplicateHandle(self, h, self, copy, access, TRUE,
	    access == 0 ? DUPLICATE_SAME_ACCESS : 0))
		return nt_errno(GetLastError());
	hs->list[hs->used++] = *copy;
	return 0;
}

void
handles_free(struct handles *hs)
{
	while (hs->used > 0)
		(void)CloseHandle(hs->list[--hs->used]);
	free(hs->list);
}
