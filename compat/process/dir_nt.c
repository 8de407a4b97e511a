#include "process/dir.h"

#include <stdlib.h>
#include <wchar.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "nt/path.h"

/* Without the \\?\ that CreateProcess does not take for a directory. */
int
dir_path(uintptr_t handle, char **path)
{
	wchar_t *name, *from;
	DWORD n;
	int err;

	n = GetFinalPathNameByHandleW((HANDLE)handle, NULL, 0, 0);
	if (n == 0)
		return nt_errno(GetLastError());
	if ((name = malloc((n + 1) * sizeof(*name))) == NULL)
		return ENOMEM;
	n = GetFinalPathNameByHandleW((HANDLE)handle, name, n + 1, 0);
	if (n == 0) {
		err = nt_errno(GetLastError());
		free(name);
		return err;
	}
	from = name;
	if (wcsncmp(from, L"\\\\?\\UNC\\", 8) == 0) {
		from += 6;
		from[0] = L'\\';
	} else if (wcsncmp(from, L"\\\\?\\", 4) == 0) {
		from += 4;
	}
	err = nt_utf8((uint16_t *)from, path);
	free(name);
	return err;
}
