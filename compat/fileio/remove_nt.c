/*
 * unlink and rmdir.
 *
 * NT removes a name when the last handle of its file is closed; POSIX removes
 * it at once.  Since Windows 10 1709 NT can do the latter on NTFS (FILE_-
 * DISPOSITION_POSIX_SEMANTICS), and since 1809 DeleteFileW does.  Where it
 * cannot, as on FAT and under Wine 8, the file is first given a name that
 * nobody looks for, so that its own is free at once: LIM-FILE-3.
 */
#include "fileio/names.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "fileio/displace_nt.h"
#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

/* Newer than mingw's headers. */
#define DISPOSITION_INFO_EX ((FILE_INFO_BY_HANDLE_CLASS)21)
#define DISPOSITION_DELETE 0x1
#define DISPOSITION_POSIX 0x2
#define DISPOSITION_IGNORE_READONLY 0x10

/* The answers of a system or file system that does not know the class. */
int
is_unsupported(DWORD code)
{
	return code == ERROR_INVALID_PARAMETER || code == ERROR_NOT_SUPPORTED ||
	    code == ERROR_INVALID_FUNCTION ||
	    code == ERROR_CALL_NOT_IMPLEMENTED;
}

int
rename_handle(HANDLE h, const wchar_t *to)
{
	size_t len = wcslen(to) * sizeof(*to);
	FILE_RENAME_INFO *info;
	int err = 0;

	if ((info = calloc(1, sizeof(*info) + len)) == NULL)
		return ENOMEM;
	info->FileNameLength = (DWORD)len;
	(void)memcpy(info->FileName, to, len);
	if (!nt.SetFileInformationByHandle(h, FileRenameInfo, info,
	    (DWORD)(sizeof(*info) + len)))
		err = nt_errno(GetLastError());
	free(info);
	return err;
}

#define SUFFIX_MAX 48

/* A rename by handle wants the whole name.  With room for SUFFIX_MAX more. */
static int
full_name(const uint16_t *path, wchar_t **full, size_t *size)
{
	const wchar_t *p = (const wchar_t *)path;
	DWORD need;

	need = GetFullPathNameW(p, 0, NULL, NULL);
	*size = (size_t)need + SUFFIX_MAX;
	if (need == 0 || (*full = malloc(*size * sizeof(**full))) == NULL)
		return ENOMEM;
	if (GetFullPathNameW(p, need, *full, NULL) >= need) {
		free(*full);
		return EIO;
	}
	return 0;
}

/* Give the file another name in its directory, which nobody looks for. */
int
displace(HANDLE h, const uint16_t *path)
{
	static atomic_uint count;
	const wchar_t *name;
	wchar_t *full;
	size_t dir, size;
	int err;

	if ((err = full_name(path, &full, &size)) != 0)
		return err;
	name = wcsrchr(full, L'\\');
	dir = name != NULL ? (size_t)(name - full) + 1 : 0;
	(void)_snwprintf(full + dir, size - dir, L".deleted-%lu-%u",
	    GetCurrentProcessId(), atomic_fetch_add(&count, 1));
	err = rename_handle(h, full);
	free(full);
	return err;
}

/* There is nothing left to try when that fails too. */
void
put_back(HANDLE h, const uint16_t *path)
{
	wchar_t *full;
	size_t size;

	if (full_name(path, &full, &size) != 0)
		return;
	(void)rename_handle(h, full);
	free(full);
}

/*
 * NT does not mark a mapped file for deletion, but takes a handle that deletes
 * when it is closed.  A program that runs is refused here too.
 */
static int
delete_by_close(HANDLE h)
{
	HANDLE d = nt.ReOpenFile(h, DELETE, SHARE_ALL,
	    FILE_FLAG_DELETE_ON_CLOSE);

	if (d == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	(void)CloseHandle(d);
	return 0;
}

static int
set_deleted(HANDLE h)
{
	FILE_DISPOSITION_INFO info = { .DeleteFile = TRUE };
	FILE_BASIC_INFO basic = { .FileAttributes = FILE_ATTRIBUTE_NORMAL };
	DWORD code;

	if (nt.SetFileInformationByHandle(h, FileDispositionInfo, &info,
	    sizeof(info)))
		return 0;
	if ((code = GetLastError()) != ERROR_ACCESS_DENIED)
		return nt_errno(code);
	/* The read-only attribute forbids it on NT, POSIX's does not. */
	(void)nt.SetFileInformationByHandle(h, FileBasicInfo, &basic,
	    sizeof(basic));
	if (nt.SetFileInformationByHandle(h, FileDispositionInfo, &info,
	    sizeof(info)))
		return 0;
	if ((code = GetLastError()) == ERROR_ACCESS_DENIED)
		return delete_by_close(h);
	return nt_errno(code);
}

static int
delete_old(HANDLE h, const uint16_t *path, int is_dir)
{
	int displaced, err;

	if (is_dir) {
		if (!RemoveDirectoryW((const wchar_t *)path))
			return nt_errno(GetLastError());
		return 0;
	}
	displaced = displace(h, path) == 0;
	if ((err = set_deleted(h)) != 0 && displaced)
		put_back(h, path);
	return err;
}

int
delete_handle(HANDLE h, const uint16_t *path, int is_dir)
{
	DWORD flags = DISPOSITION_DELETE | DISPOSITION_POSIX |
	    DISPOSITION_IGNORE_READONLY, code;

	if (nt.SetFileInformationByHandle(h, DISPOSITION_INFO_EX, &flags,
	    sizeof(flags)))
		return 0;
	/* h may delete: what is denied is to delete what is mapped. */
	if (!is_unsupported(code = GetLastError()) &&
	    (is_dir || code != ERROR_ACCESS_DENIED))
		return nt_errno(code);
	return delete_old(h, path, is_dir);
}

/*
 * Wine 10 accepts the POSIX deletion, but keeps the name of a file that
 * somebody else has open.  Look, and take the name away if it is still that
 * file's.  On NT there is nothing to open any more.
 */
static void
free_name(const uint16_t *path, const BY_HANDLE_FILE_INFORMATION *gone)
{
	BY_HANDLE_FILE_INFORMATION now;
	HANDLE h;

	if (path_open(path, DELETE | FILE_READ_ATTRIBUTES, 0, &h) != 0)
		return;
	if (GetFileInformationByHandle(h, &now) &&
	    now.dwVolumeSerialNumber == gone->dwVolumeSerialNumber &&
	    now.nFileIndexHigh == gone->nFileIndexHigh &&
	    now.nFileIndexLow == gone->nFileIndexLow &&
	    displace(h, path) == 0)
		(void)set_deleted(h);	/* or it would stay there */
	(void)CloseHandle(h);
}

static int
remove_wide(const uint16_t *path, int want_dir)
{
	BY_HANDLE_FILE_INFORMATION info;
	DWORD a;
	HANDLE h;
	int err, is_dir, known;

	if ((a = path_attributes(path)) == INVALID_FILE_ATTRIBUTES)
		return path_errno(path, GetLastError());
	is_dir = (a & FILE_ATTRIBUTE_DIRECTORY) != 0;
	if (want_dir && !is_dir)
		return ENOTDIR;
	if (!want_dir && is_dir && !(a & FILE_ATTRIBUTE_REPARSE_POINT))
		return EISDIR;
	if ((err = path_open(path, DELETE | FILE_READ_ATTRIBUTES |
	    FILE_WRITE_ATTRIBUTES, 0, &h)) != 0)
		return err;
	known = !is_dir && GetFileInformationByHandle(h, &info);
	err = delete_handle(h, path, is_dir);
	(void)CloseHandle(h);
	if (err == 0 && known)
		free_name(path, &info);
	return err;
}

static int
remove_name(const char *path, int want_dir)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	err = remove_wide(wide, want_dir);
	free(wide);
	return err;
}

int
name_unlink(const char *path)
{
	return remove_name(path, 0);
}

int
name_rmdir(const char *path)
{
	return remove_name(path, 1);
}
