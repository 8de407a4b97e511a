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

/* Once for each description: under Wine it takes longer than all the rest. */
static int
may_run(struct file *f)
{
	union {
		FILE_NAME_INFORMATION info;
		WCHAR room[4096];
	} u;
	IO_STATUS_BLOCK iosb;
	int runs = atomic_load(&f->runs);

	if (runs == 0) {
		runs = 1;
		if (NT_SUCCESS(NtQueryInformationFile((HANDLE)f->handle,
		    &iosb, &u, sizeof(u) - sizeof(WCHAR),
		    FileNameInformation))) {
			u.info.FileName[u.info.FileNameLength / 2] = L'\0';
			if (is_executable((uint16_t *)u.info.FileName))
				runs = 2;
		}
		atomic_store(&f->runs, runs);
	}
	return runs == 2;
}

int
handle_stat(struct file *f, struct stat *st)
{
	int err;

	if (f->kind != FILE_DISK && f->kind != FILE_DIR)
		return stat_handle((HANDLE)f->handle, st);
	err = stat_disk((HANDLE)f->handle, NULL, st);
	if (err == 0 && f->kind == FILE_DISK && may_run(f))
		st->st_mode |= (st->st_mode & 0444) >> 2;
	return err;
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
