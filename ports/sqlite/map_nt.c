/* The map by LockFileEx(): what a native program finds. */
#include "map.h"

#include "nt/nt.h"

static HANDLE file_handle;

int
map_open(const char *file)
{
	file_handle = CreateFileA(file, GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    OPEN_EXISTING, 0, NULL);
	return file_handle != INVALID_HANDLE_VALUE ? 0 : 1;
}

/* Return 1 when the lock was got, 0 when another has one, -1 otherwise. */
static int
try_lock(long offset, DWORD how)
{
	OVERLAPPED ov = { .Offset = (DWORD)offset };

	if (!LockFileEx(file_handle, how | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
	    &ov))
		return GetLastError() == ERROR_LOCK_VIOLATION ? 0 : -1;
	return UnlockFileEx(file_handle, 0, 1, 0, &ov) ? 1 : -1;
}

char
map_try(long offset)
{
	int got;

	if ((got = try_lock(offset, LOCKFILE_EXCLUSIVE_LOCK)) == 1)
		return '.';
	if (got == 0 && (got = try_lock(offset, 0)) == 1)
		return 'r';
	return got == 0 ? 'W' : '?';
}

void
map_close(void)
{
	(void)CloseHandle(file_handle);
}
