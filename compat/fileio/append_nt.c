#include "fileio/io.h"

#include <stdio.h>

#include "fileio/disk.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

#define NAME_MAX_LEN 64

/*
 * One mutex for one file, named by the file's number.  A mutex, not a byte
 * range: who waits for it is woken, and it lets go when its holder is killed.
 * Not by the volume's number too: this is for Wine, which says 0 for it when
 * the file has lost its first name, and before its mount manager is up.
 */
static int
lock_open(struct append_lock *l, HANDLE h)
{
	BY_HANDLE_FILE_INFORMATION info = { 0 };
	wchar_t name[NAME_MAX_LEN];
	HANDLE mutex;

	/* Wine knows no number for what it inherited from Unix: 0 then. */
	(void)GetFileInformationByHandle(h, &info);
	(void)_snwprintf(name, NAME_MAX_LEN,
	    L"Local\\compat-append-%lx-%lx", info.nFileIndexHigh,
	    info.nFileIndexLow);
	if ((mutex = nt.CreateMutexW(NULL, FALSE, name)) == NULL)
		return nt_errno(GetLastError());
	l->mutex = (uintptr_t)mutex;
	return 0;
}

int
append_begin(struct append_lock *l, uintptr_t handle, uint64_t *off)
{
	off_t size;
	int err;

	*off = IO_APPEND;
	if (!nt_wine)
		return 0;
	if (l->mutex == 0 && (err = lock_open(l, (HANDLE)handle)) != 0)
		return err;
	(void)WaitForSingleObject((HANDLE)l->mutex, INFINITE);
	if ((err = handle_size(handle, &size)) != 0) {
		append_end(l);
		return err;
	}
	*off = (uint64_t)size;
	return 0;
}

void
append_end(struct append_lock *l)
{
	if (l->mutex != 0)
		(void)ReleaseMutex((HANDLE)l->mutex);
}

void
append_close(struct append_lock *l)
{
	if (l->mutex != 0)
		handle_close(l->mutex);
}
