#include "fd/crt.h"

#include <fcntl.h>
#include <io.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

static struct lock nul_lock;
static HANDLE nul_handle;

/* What every placeholder is a duplicate of, opened once and never closed. */
static int
nul_open(HANDLE *h)
{
	int err = 0;

	lock_write(&nul_lock);
	if (nul_handle == NULL) {
		*h = nt.CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
		    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
		    NULL);
		if (*h == INVALID_HANDLE_VALUE)
			err = nt_errno(GetLastError());
		else
			nul_handle = *h;
	}
	*h = nul_handle;
	unlock_write(&nul_lock);
	return err;
}

/*
 * _open_osfhandle() gives the lowest free number, takes the handle over, and
 * _close() closes it: one duplicate for each number.  A placeholder swallows
 * what the CRT is made to write to it; that is what LIM-FD-1 is about.
 */
int
crt_reserve(int *fdp)
{
	HANDLE nul, copy, self = GetCurrentProcess();
	int err, saved = errno;

	if ((err = nul_open(&nul)) != 0)
		return err;
	if (!nt.DuplicateHandle(self, nul, self, &copy, 0, FALSE,
	    DUPLICATE_SAME_ACCESS))
		return nt_errno(GetLastError());
	*fdp = _open_osfhandle((intptr_t)copy, _O_BINARY | _O_NOINHERIT);
	errno_restore(saved);
	if (*fdp < 0) {
		(void)CloseHandle(copy);
		return EMFILE;
	}
	return 0;
}

int
crt_close(int fd)
{
	int err, saved = errno;

	err = _close(fd) == 0 ? 0 : EBADF;
	errno_restore(saved);
	return err;
}

/* -1: not open.  -2: open without a handle, as 0-2 are in a GUI program. */
int
crt_handle(int fd, uintptr_t *handle)
{
	intptr_t h;
	int saved = errno;

	if (fd < 0 || fd >= CRT_LIMIT)
		return EBADF;
	h = _get_osfhandle(fd);
	errno_restore(saved);
	if (h == -1 || h == -2 || h == 0)
		return EBADF;
	*handle = (uintptr_t)h;
	return 0;
}

int
crt_dup2(int from, int to)
{
	int err = 0, saved = errno;

	if (_dup2(from, to) != 0)
		err = errno;
	errno_restore(saved);
	return err;
}

/* The CRT makes a handle inheritable unless _O_NOINHERIT was given. */
int
crt_is_inherited(int fd)
{
	uintptr_t handle;
	DWORD flags;

	return crt_handle(fd, &handle) == 0 &&
	    GetHandleInformation((HANDLE)handle, &flags) &&
	    (flags & HANDLE_FLAG_INHERIT) != 0;
}
