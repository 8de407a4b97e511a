#include "fileio/path_nt.h"

#include <stdlib.h>
#include <wchar.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

DWORD
path_attributes(const uint16_t *path)
{
	return GetFileAttributesW((const wchar_t *)path);
}

/* Is one of the directories on the way to path a file? */
static int
passes_file(const uint16_t *path)
{
	wchar_t *copy, *end;
	DWORD attributes;
	int found = 0;

	if ((copy = _wcsdup((const wchar_t *)path)) == NULL)
		return 0;
	while ((end = wcsrchr(copy, L'\\')) != NULL && end > copy) {
		*end = L'\0';
		if (end[-1] == L':')
			break;
		attributes = GetFileAttributesW(copy);
		if (attributes != INVALID_FILE_ATTRIBUTES) {
			found = !(attributes & FILE_ATTRIBUTE_DIRECTORY);
			break;
		}
	}
	free(copy);
	return found;
}

/*
 * A name whose file was deleted, but is still open somewhere, cannot be opened:
 * "access denied", with the real reason only in the status.
 */
static int
is_delete_pending(void)
{
	typedef NTSTATUS NTAPI last_status(void);
	last_status *fn;

	fn = (last_status *)(void (*)(void))nt_lookup(L"ntdll.dll",
	    "RtlGetLastNtStatus");
	return fn != NULL && fn() == STATUS_DELETE_PENDING;
}

int
path_errno(const uint16_t *path, DWORD code)
{
	switch (code) {
	case ERROR_ACCESS_DENIED:
		return is_delete_pending() ? ENOENT : EACCES;
	case ERROR_PATH_NOT_FOUND:
	case ERROR_INVALID_NAME:
		return passes_file(path) ? ENOTDIR : ENOENT;
	default:
		return nt_errno(code);
	}
}
