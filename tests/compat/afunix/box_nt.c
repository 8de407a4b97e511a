#include "box.h"

#include <wchar.h>

#include "fd/names.h"
#include "afunix/mailbox_nt.h"
#include "nt/access_nt.h"

int
box_is_private(const unsigned char id[16])
{
	WCHAR name[64];
	HANDLE h;
	int i, n, yes;

	n = swprintf(name, 64, L"Local\\compat-box%d-", BOX_SECTION);
	for (i = 0; i < 16; i++)
		n += swprintf(name + n, (size_t)(64 - n), L"%02x", id[i]);
	h = OpenFileMappingW(READ_CONTROL, FALSE, name);
	if (h == NULL)
		return -1;
	yes = nt_is_private(h);
	(void)CloseHandle(h);
	return yes;
}
