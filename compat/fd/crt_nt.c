#include "fd/crt.h"

#include <fcntl.h>
#include <io.h>
#include <string.h>

#include "fd/crt_hook_nt.h"
#include "fd/crt_table.h"
#include "fd/placeholder_nt.h"
#include "fd/result.h"

/*
 * _open_osfhandle() gives the lowest free number and keeps the handle.  The
 * CRT takes a placeholder for a file (hook_GetFileType), so that its streams
 * are buffered, and never for a console.
 */
int
crt_reserve(int *fdp)
{
	struct placeholder *p;
	int err, saved = errno;

	if ((err = placeholder_take(&p)) != 0)
		return err;
	*fdp = _open_osfhandle((intptr_t)p->handle, _O_BINARY | _O_NOINHERIT);
	errno_restore(saved);
	if (*fdp < 0) {
		placeholder_give(p);
		return EMFILE;
	}
	atomic_store(&p->fd, *fdp);
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

/*
 * What closes the placeholder's number in the CRT must not come back to us as
 * a close of the descriptor, so it forgets its number first.
 */
int
crt_release(int fd)
{
	struct placeholder *p;
	uintptr_t handle;

	if (!crt_is_led() || crt_handle(fd, &handle) != 0 ||
	    (p = placeholder_find((HANDLE)handle)) == NULL)
		return EBUSY;
	atomic_store(&p->fd, -1);
	if (atomic_load(&p->users) != 0) {
		atomic_store(&p->fd, fd);
		return EBUSY;
	}
	return crt_close(fd);
}

/*
 * _dup2() closes fd's own handle, duplicates the placeholder's and sets it, in
 * one step; hook_DuplicateHandle() makes that a placeholder of its own.
 */
int
crt_replace(int fd, int keep)
{
	static const DWORD std[] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
	    STD_ERROR_HANDLE };
	HANDLE h = fd < 3 ? GetStdHandle(std[fd]) : NULL;
	int err, from, saved = errno;

	if ((err = crt_reserve(&from)) != 0)
		return err;
	crt_hook_replace(fd, keep);
	if (_dup2(from, fd) != 0)
		err = errno;
	crt_hook_replace(-1, 0);
	if (keep && fd < 3)
		(void)SetStdHandle(std[fd], h);
	errno_restore(saved);
	(void)crt_release(from);
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
crt_is_placeholder(uintptr_t handle)
{
	return placeholder_find((HANDLE)handle) != NULL;
}

struct file *
crt_take_duplicate(uintptr_t handle, int fd)
{
	struct placeholder *p = placeholder_find((HANDLE)handle);
	struct file *f;

	if (p == NULL || (f = atomic_load(&p->file)) == NULL)
		return NULL;
	atomic_store(&p->fd, fd);
	return atomic_exchange(&p->file, NULL);
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

int
crt_appends_next(int fd)
{
	const unsigned char *mark;
	STARTUPINFOW si;
	int n;

	GetStartupInfoW(&si);
	if (si.lpReserved2 == NULL || si.cbReserved2 < sizeof(n))
		return -1;
	(void)memcpy(&n, si.lpReserved2, sizeof(n));
	mark = si.lpReserved2 + sizeof(n);
	for (; fd < n && fd < (int)(si.cbReserved2 - sizeof(n)); fd++)
		if ((mark[fd] & CRT_OPEN) && (mark[fd] & CRT_APPEND))
			return fd;
	return -1;
}
