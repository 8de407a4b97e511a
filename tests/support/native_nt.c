#include "support/native.h"

#include <stdlib.h>
#include <string.h>

#include "nt/nt.h"

struct native {
	HANDLE h;
};

unsigned int
native_open(const char *path, int share_delete, struct native **np)
{
	DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE;
	struct native *n = malloc(sizeof(*n));
	wchar_t wide[1024];

	if (n == NULL || MultiByteToWideChar(CP_UTF8, 0, path, -1, wide,
	    1024) == 0)
		abort();
	if (share_delete)
		share |= FILE_SHARE_DELETE;
	n->h = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, share, NULL,
	    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
	*np = n;
	return n->h == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

unsigned int
native_lock(struct native *n, int exclusive, uint64_t off, uint64_t len)
{
	DWORD flags = LOCKFILE_FAIL_IMMEDIATELY;
	OVERLAPPED ov = { 0 };

	ov.Offset = (DWORD)off;
	ov.OffsetHigh = (DWORD)(off >> 32);
	if (exclusive)
		flags |= LOCKFILE_EXCLUSIVE_LOCK;
	return LockFileEx(n->h, flags, 0, (DWORD)len, (DWORD)(len >> 32),
	    &ov) ? 0 : GetLastError();
}

unsigned int
native_unlock(struct native *n, uint64_t off, uint64_t len)
{
	OVERLAPPED ov = { 0 };

	ov.Offset = (DWORD)off;
	ov.OffsetHigh = (DWORD)(off >> 32);
	return UnlockFileEx(n->h, 0, (DWORD)len, (DWORD)(len >> 32), &ov) ?
	    0 : GetLastError();
}

void
native_close(struct native *n)
{
	(void)CloseHandle(n->h);
	free(n);
}

unsigned int
native_print(const char *text)
{
	HANDLE h = GetStdHandle(STD_OUTPUT_HANDLE);
	DWORD n, len = (DWORD)strlen(text);

	return WriteFile(h, text, len, &n, NULL) && n == len ? 0 :
	    GetLastError();
}

int
native_read(void *buf, unsigned int n)
{
	DWORD got;

	return ReadFile(GetStdHandle(STD_INPUT_HANDLE), buf, n, &got, NULL) ?
	    (int)got : -1;
}
