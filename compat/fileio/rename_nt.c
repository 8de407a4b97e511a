/*
 * rename: replaces its target, open or not, in one step where NT can
 * (FILE_RENAME_POSIX_SEMANTICS, Windows 10 1709 on NTFS).  Elsewhere, as under
 * Wine, MoveFileExW does for a target that is not open; one that is open is
 * moved out of the way first, and for a moment there is no file of that name:
 * LIM-FILE-4.
 */
#include "fileio/names.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/displace_nt.h"
#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

/* Newer than mingw's headers. */
#define RENAME_INFO_EX ((FILE_INFO_BY_HANDLE_CLASS)22)
#define RENAME_REPLACE 0x1
#define RENAME_POSIX 0x2
#define RENAME_IGNORE_READONLY 0x40

struct rename_info_ex {
	DWORD flags;
	HANDLE root;
	DWORD len;		/* in bytes */
	WCHAR name[1];
};

static DWORD
rename_posix(HANDLE h, const uint16_t *to)
{
	size_t len = wcslen((const wchar_t *)to) * sizeof(*to);
	struct rename_info_ex *info;
	DWORD code = 0;

	if ((info = calloc(1, sizeof(*info) + len)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	info->flags = RENAME_REPLACE | RENAME_POSIX | RENAME_IGNORE_READONLY;
	info->len = (DWORD)len;
	(void)memcpy(info->name, to, len);
	if (!nt.SetFileInformationByHandle(h, RENAME_INFO_EX, info,
	    (DWORD)(sizeof(*info) + len)))
		code = GetLastError();
	free(info);
	return code;
}

/* The target is open: take its name away, and put it back if that helps not. */
static DWORD
move_over(const uint16_t *from, const uint16_t *to)
{
	HANDLE h;
	DWORD code = 0;

	if (path_open(to, DELETE | FILE_READ_ATTRIBUTES, 0, &h) != 0)
		return ERROR_ACCESS_DENIED;
	if (displace(h, to) != 0) {
		code = ERROR_ACCESS_DENIED;
	} else if (!nt.MoveFileExW((const wchar_t *)from, (const wchar_t *)to,
	    0)) {
		code = GetLastError();
		put_back(h, to);
	} else {
		(void)delete_handle(h, to, 0);
	}
	(void)CloseHandle(h);
	return code;
}

static DWORD
move(const uint16_t *from, const uint16_t *to)
{
	DWORD a, code;

	if (nt.MoveFileExW((const wchar_t *)from, (const wchar_t *)to,
	    MOVEFILE_REPLACE_EXISTING))
		return 0;
	code = GetLastError();
	a = path_attributes(to);
	if (a == INVALID_FILE_ATTRIBUTES || (a & FILE_ATTRIBUTE_DIRECTORY) ||
	    (code != ERROR_ACCESS_DENIED && code != ERROR_SHARING_VIOLATION))
		return code;
	return move_over(from, to);
}

/*
 * May `from` replace what is at `to`?  A directory there goes now: *removed
 * says that it has to come back if the rename fails.
 */
static int
check_target(const uint16_t *from, const uint16_t *to, int *removed)
{
	DWORD a = path_attributes(from), b = path_attributes(to);
	int from_dir, to_dir;

	*removed = 0;
	if (a == INVALID_FILE_ATTRIBUTES)
		return path_errno(from, ERROR_PATH_NOT_FOUND);
	if (b == INVALID_FILE_ATTRIBUTES)
		return 0;
	from_dir = (a & FILE_ATTRIBUTE_DIRECTORY) != 0;
	to_dir = (b & FILE_ATTRIBUTE_DIRECTORY) != 0;
	if (from_dir != to_dir)
		return to_dir ? EISDIR : ENOTDIR;
	if (!to_dir ||
	    _wcsicmp((const wchar_t *)from, (const wchar_t *)to) == 0)
		return 0;
	if (!RemoveDirectoryW((const wchar_t *)to))
		return path_errno(to, GetLastError());
	*removed = 1;
	return 0;
}

/* Two names of one file: POSIX does nothing; one name in two cases renames. */
static int
same_file(HANDLE h, const uint16_t *to)
{
	BY_HANDLE_FILE_INFORMATION a, b;
	HANDLE t;
	int same;

	if (path_open(to, FILE_READ_ATTRIBUTES, 0, &t) != 0)
		return 0;
	same = GetFileInformationByHandle(h, &a) &&
	    GetFileInformationByHandle(t, &b) && a.nNumberOfLinks > 1 &&
	    a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
	    a.nFileIndexHigh == b.nFileIndexHigh &&
	    a.nFileIndexLow == b.nFileIndexLow;
	(void)CloseHandle(t);
	return same;
}

static int
rename_wide(const uint16_t *from, const uint16_t *to)
{
	HANDLE h;
	DWORD code;
	int err, removed;

	if ((err = path_open(from, DELETE | FILE_READ_ATTRIBUTES, 0, &h)) != 0)
		return err;
	if (same_file(h, to)) {
		(void)CloseHandle(h);
		return 0;
	}
	if ((err = check_target(from, to, &removed)) != 0) {
		(void)CloseHandle(h);
		return err;
	}
	code = rename_posix(h, to);
	(void)CloseHandle(h);
	if (is_unsupported(code))
		code = move(from, to);
	err = code == 0 ? 0 : path_errno(to, code);
	if (err != 0 && removed)
		(void)CreateDirectoryW((const wchar_t *)to, NULL);
	return err;
}

/*
 * NT refuses a directory with ERROR_ACCESS_DENIED, which would be EACCES:
 * POSIX says EPERM.  A volume without links (FAT) says
 * ERROR_INVALID_FUNCTION, the same EPERM in POSIX.
 */
static int
link_wide(const uint16_t *from, const uint16_t *to)
{
	DWORD code, attributes = GetFileAttributesW((const wchar_t *)from);

	if (attributes == INVALID_FILE_ATTRIBUTES)
		return path_errno(from, GetLastError());
	if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
		return EPERM;
	if (CreateHardLinkW((const wchar_t *)to, (const wchar_t *)from, NULL))
		return 0;
	code = GetLastError();
	return code == ERROR_INVALID_FUNCTION ? EPERM : path_errno(to, code);
}

typedef int (*wide_call)(const uint16_t *, const uint16_t *);

static int
with_wide(const char *from, const char *to, wide_call call)
{
	uint16_t *wfrom, *wto;
	int err;

	if ((err = nt_path(from, &wfrom)) != 0)
		return err;
	if ((err = nt_path(to, &wto)) == 0) {
		err = call(wfrom, wto);
		free(wto);
	}
	free(wfrom);
	return err;
}

int
name_rename(const char *from, const char *to)
{
	return with_wide(from, to, rename_wide);
}

int
name_link(const char *from, const char *to)
{
	return with_wide(from, to, link_wide);
}
