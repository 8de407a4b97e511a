/*
 * What a file takes on the disk: holes, and space in advance.
 */
#include "fileio/space.h"

#include "fileio/disk.h"
#include "fileio/names_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* A smaller hole is not worth a file that NT treats as sparse for ever. */
#define BIG_HOLE 1048576

/* One control call on an overlapped handle. */
static DWORD
control(HANDLE h, DWORD code, void *in, DWORD inlen, void *out, DWORD outlen,
    DWORD *n)
{
	OVERLAPPED ov = { 0 };
	HANDLE event;
	DWORD error = 0;

	if (nt_event_take(&event) != 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	ov.hEvent = (HANDLE)((uintptr_t)event | 1);
	if (!nt.DeviceIoControl(h, code, in, inlen, out, outlen, n, &ov) &&
	    (error = GetLastError()) == ERROR_IO_PENDING)
		error = nt.GetOverlappedResult(h, &ov, n, TRUE) ? 0 :
		    GetLastError();
	nt_event_give(event);
	return error;
}

void
hole_ahead(struct disk_file *d, uint64_t off)
{
	uint64_t end = (uint64_t)atomic_load(&d->seen_end);
	off_t size;
	DWORD n;

	if (off > INT64_MAX || off < end + BIG_HOLE || atomic_load(&d->sparse))
		return;
	if (handle_size(d->f.handle, &size) != 0)
		return;
	atomic_store(&d->seen_end, size);
	if (off < (uint64_t)size + BIG_HOLE)
		return;
	atomic_store(&d->sparse, 1);
	(void)control((HANDLE)d->f.handle, FSCTL_SET_SPARSE, NULL, 0, NULL, 0,
	    &n);
}

static HANDLE
reopen(HANDLE h, DWORD access)
{
	return nt.ReOpenFile(h, access, FILE_SHARE_READ | FILE_SHARE_WRITE |
	    FILE_SHARE_DELETE, FILE_FLAG_OVERLAPPED);
}

/* Only who may read may ask NT for this, and an fd may be for writing. */
static DWORD
ranges(HANDLE h, FILE_ALLOCATED_RANGE_BUFFER *ask,
    FILE_ALLOCATED_RANGE_BUFFER *got, DWORD *n)
{
	DWORD error;
	HANDLE r;

	error = control(h, FSCTL_QUERY_ALLOCATED_RANGES, ask, sizeof(*ask), got,
	    sizeof(*got), n);
	if (error != ERROR_ACCESS_DENIED ||
	    (r = reopen(h, GENERIC_READ)) == INVALID_HANDLE_VALUE)
		return error;
	error = control(r, FSCTL_QUERY_ALLOCATED_RANGES, ask, sizeof(*ask), got,
	    sizeof(*got), n);
	(void)nt.CloseHandle(r);
	return error;
}

int
space_data(uintptr_t handle, off_t off, off_t size, off_t *start, off_t *end)
{
	FILE_ALLOCATED_RANGE_BUFFER ask, got;
	DWORD error, n = 0;

	ask.FileOffset.QuadPart = off;
	ask.Length.QuadPart = size - off;
	error = ranges((HANDLE)handle, &ask, &got, &n);
	if (is_unsupported(error)) {
		*start = off;
		*end = size;
		return 0;
	}
	if (error != 0 && error != ERROR_MORE_DATA)
		return nt_errno(error);
	if (n < sizeof(got)) {
		*start = *end = size;
		return 0;
	}
	*start = got.FileOffset.QuadPart > off ? got.FileOffset.QuadPart : off;
	*end = got.FileOffset.QuadPart + got.Length.QuadPart;
	if (*end > size)
		*end = size;
	return 0;
}

int
space_zero(uintptr_t handle, off_t off, off_t end)
{
	FILE_ZERO_DATA_INFORMATION zero;
	DWORD error, n;

	zero.FileOffset.QuadPart = off;
	zero.BeyondFinalZero.QuadPart = end;
	error = control((HANDLE)handle, FSCTL_SET_ZERO_DATA, &zero,
	    sizeof(zero), NULL, 0, &n);
	return is_unsupported(error) ? EOPNOTSUPP : nt_errno(error);
}

int
space_punch(uintptr_t handle, off_t off, off_t end)
{
	DWORD error, n;

	error = control((HANDLE)handle, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &n);
	if (error != 0)
		return is_unsupported(error) ? EOPNOTSUPP : nt_errno(error);
	return space_zero(handle, off, end);
}

/*
 * Setting the end of the file would cut off what another process appended since
 * we looked.  A section never makes a file shorter, and when it makes it longer
 * NT does that under the file's own lock.  It wants a handle that may read.
 */
int
space_extend(uintptr_t handle, off_t size)
{
	HANDLE again = NULL, h = (HANDLE)handle, section;
	ULARGE_INTEGER max = { .QuadPart = (uint64_t)size };
	int err = 0;

	section = nt.CreateFileMappingW(h, NULL, PAGE_READWRITE, max.HighPart,
	    max.LowPart, NULL);
	if (section == NULL && GetLastError() == ERROR_ACCESS_DENIED) {
		again = reopen(h, GENERIC_READ | GENERIC_WRITE);
		if (again == INVALID_HANDLE_VALUE)
			return nt_errno(GetLastError());
		section = nt.CreateFileMappingW(again, NULL, PAGE_READWRITE,
		    max.HighPart, max.LowPart, NULL);
	}
	if (section == NULL)
		err = nt_errno(GetLastError());
	else
		(void)CloseHandle(section);
	if (again != NULL)
		(void)nt.CloseHandle(again);
	return err;
}
