#include "fd/adopt.h"

#include <fcntl.h>

#include "fileio/disk.h"
#include "fileio/open.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

static int
kind_of(HANDLE h, enum file_kind *kind)
{
	switch (GetFileType(h)) {
	case FILE_TYPE_DISK:
		*kind = FILE_DISK;
		return 0;
	case FILE_TYPE_CHAR:
		*kind = FILE_CHAR;
		return 0;
	case FILE_TYPE_PIPE:
		*kind = FILE_PIPE;
		return 0;
	default:
		return EBADF;
	}
}

/*
 * Which way the handle is open.  NT tells what access a handle was granted
 * (NtQueryObject, ObjectBasicInformation); a console handle may have both and
 * mean one, which does no harm.
 */
static int
mode_of(HANDLE h)
{
	PUBLIC_OBJECT_BASIC_INFORMATION info;
	int r, w;

	if (NtQueryObject(h, ObjectBasicInformation, &info, sizeof(info),
	    NULL) != STATUS_SUCCESS)
		return O_RDWR;
	r = (info.GrantedAccess & (FILE_READ_DATA | GENERIC_READ)) != 0;
	w = (info.GrantedAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA |
	    GENERIC_WRITE)) != 0;
	if (r == w)
		return O_RDWR;
	return r ? O_RDONLY : O_WRONLY;
}

int
adopt_handle(uintptr_t handle, struct file **fp)
{
	enum file_kind kind;
	int err;

	if ((err = kind_of((HANDLE)handle, &kind)) != 0)
		return err;
	return stream_new(handle, kind, mode_of((HANDLE)handle), 0, fp);
}

int
adopt_same_kind(struct file *f)
{
	enum file_kind kind;

	return kind_of((HANDLE)f->handle, &kind) == 0 && kind == f->kind;
}

int
adopt_dup(struct file *f, struct file **fp)
{
	HANDLE copy, self = GetCurrentProcess();
	int err;

	if (!nt.DuplicateHandle(self, (HANDLE)f->handle, self, &copy, 0, FALSE,
	    DUPLICATE_SAME_ACCESS))
		return nt_errno(GetLastError());
	err = stream_new((uintptr_t)copy, f->kind, file_flags(f), 1,
	    fp);
	if (err != 0)
		(void)CloseHandle(copy);
	return err;
}
