#include "fileio/disk.h"

#include <sys/stat.h>

#include "fileio/stat_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

void
handle_close(uintptr_t handle)
{
	(void)nt.CloseHandle((HANDLE)handle);
}

int
handle_size(uintptr_t handle, off_t *size)
{
	LARGE_INTEGER n;

	if (!GetFileSizeEx((HANDLE)handle, &n))
		return nt_errno(GetLastError());
	*size = n.QuadPart;
	return 0;
}

int
handle_stat(struct file *f, struct stat *st)
{
	return stat_handle((HANDLE)f->handle, NULL, st);
}

/* A mapped section keeps NT from making a file shorter: EBUSY, LIM-FILE-6. */
int
handle_truncate(struct file *f, off_t size)
{
	FILE_END_OF_FILE_INFO info;

	info.EndOfFile.QuadPart = size;
	if (!nt.SetFileInformationByHandle((HANDLE)f->handle, FileEndOfFileInfo,
	    &info, sizeof(info)))
		return nt_errno(GetLastError());
	return 0;
}

/*
 * NT flushes only through a handle that may write; POSIX lets any do it.  A
 * second handle that may is made from the first; where the file's rights
 * forbid that, the answer is EACCES and nothing was flushed.
 */
int
handle_sync(struct file *f, int data_only)
{
	HANDLE h = (HANDLE)f->handle, w;
	DWORD code;

	(void)data_only;
	if (nt.FlushFileBuffers(h))
		return 0;
	if ((code = GetLastError()) != ERROR_ACCESS_DENIED)
		return nt_errno(code);
	w = nt.ReOpenFile(h, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE |
	    FILE_SHARE_DELETE, 0);
	if (w == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	code = nt.FlushFileBuffers(w) ? 0 : GetLastError();
	(void)CloseHandle(w);
	return nt_errno(code);
}
