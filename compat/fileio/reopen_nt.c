#include "fileio/disk.h"

#include <fcntl.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

static DWORD
access_of(int flags)
{
	DWORD r = GENERIC_READ, w = GENERIC_WRITE | FILE_READ_ATTRIBUTES;

	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return r;
	case O_WRONLY:
		return w;
	default:
		return r | w;
	}
}

/* By the handle: the file may have no name any more, or another. */
int
disk_reopen(struct file *f, int flags, struct file **fp)
{
	HANDLE h;
	int err;

	h = nt.ReOpenFile((HANDLE)f->handle, access_of(flags), FILE_SHARE_READ |
	    FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_FLAG_OVERLAPPED);
	if (h == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	if ((err = disk_new((uintptr_t)h, flags & (O_ACCMODE | O_APPEND),
	    fp)) != 0) {
		(void)CloseHandle(h);
		return err;
	}
	if ((flags & O_TRUNC) && (err = handle_truncate(*fp, 0)) != 0)
		file_put(*fp);
	return err;
}
