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
#include <string.h>
#include <wchar.h>

#include "fileio/names_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

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

#define SUFFIX_MAX 48

/* Another name in its directory, which nobody looks for. */
int
displace(HANDLE h, const struct at_name *n)
{
	static atomic_uint count;
	const wchar_t *path = (const wchar_t *)n->path, *name;
	struct at_name to = *n;
	wchar_t *other;
	size_t dir;
	int err;

	name = wcsrchr(path, L'\\');
	dir = name != NULL ? (size_t)(name - path) + 1 : 0;
	if ((other = malloc((dir + SUFFIX_MAX) * sizeof(*other))) == NULL)
		return ENOMEM;
	(void)memcpy(other, path, dir * sizeof(*other));
	(void)_snwprintf(other + dir, SUFFIX_MAX, L".deleted-%lu-%u",
	    GetCurrentProcessId(), atomic_fetch_add(&count, 1));
	to.path = (uint16_t *)other;
	err = nt_status_errno(at_rename(h, &to, 0));
	free(other);
	return err;
}

/* There is nothing left to try when that fails too. */
void
put_back(HANDLE h, const struct at_name *n)
{
	(void)at_rename(h, n, 0);
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
	(void)nt.CloseHandle(d);
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
delete_old(HANDLE h, const struct at_name *n, int is_dir)
{
	int displaced, err;

	if (is_dir)
		return set_deleted(h);
	displaced = displace(h, n) == 0;
	if ((err = set_deleted(h)) != 0 && displaced)
		put_back(h, n);
	return err;
}

int
delete_handle(HANDLE h, const struct at_name *n, int is_dir)
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
	return delete_old(h, n, is_dir);
}

int
file_id(HANDLE h, struct file_id *id)
{
	BY_HANDLE_FILE_INFORMATION info;

	if (!GetFileInformationByHandle(h, &info))
		return 0;
	id->volume = info.dwVolumeSerialNumber;
	id->high = info.nFileIndexHigh;
	id->low = info.nFileIndexLow;
	id->links = info.nNumberOfLinks;
	return 1;
}

int
same_id(const struct file_id *a, const struct file_id *b)
{
	return a->volume == b->volume && a->high == b->high && a->low == b->low;
}

/*
 * Among the files of a volume.  The volume's own number, which file_id() asks
 * for too, costs more than all the rest of an unlink under Wine, and a call of
 * NT elsewhere.
 */
static int
file_number(HANDLE h, LONGLONG *number)
{
	FILE_INTERNAL_INFORMATION info;
	IO_STATUS_BLOCK iosb;

	if (!NT_SUCCESS(NtQueryInformationFile(h, &iosb, &info, sizeof(info),
	    FileInternalInformation)))
		return 0;
	*number = info.IndexNumber.QuadPart;
	return 1;
}

/*
 * Wine accepts a deletion, but keeps the name of what somebody else has open.
 * Look, and take the name away if it is still that file's.  On NT there is
 * nothing to open any more.
 */
static int
free_name(const struct at_name *n, LONGLONG gone)
{
	LONGLONG now;
	HANDLE h;
	int err = 0;

	if (at_create(n, DELETE, 0, FILE_OPEN, FILE_OPEN_REPARSE_POINT, &h,
	    NULL) != 0)
		return 0;
	if (file_number(h, &now) && now == gone) {
		if (displace(h, n) == 0)
			(void)set_deleted(h);	/* or it would stay there */
		else
			err = EBUSY;
	}
	(void)nt.CloseHandle(h);
	return err;
}

static int
remove_handle(HANDLE h, const struct at_name *n, int is_dir)
{
	LONGLONG number;
	int err, known;

	known = file_number(h, &number);
	err = delete_handle(h, n, is_dir);
	(void)nt.CloseHandle(h);
	if (err == 0 && known)
		err = free_name(n, number);
	return err;
}

/* unlink() of a directory fails, of a link to one it must not. */
static int
unlink_dir(const struct at_name *n)
{
	HANDLE h;
	int err;

	if ((err = at_errno(n, at_create(n, DELETE | FILE_WRITE_ATTRIBUTES, 0,
	    FILE_OPEN, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT, &h,
	    NULL))) != 0)
		return err;
	if (at_is_link(h))
		return remove_handle(h, n, 1);
	(void)nt.CloseHandle(h);
	return EISDIR;
}

static int
remove_dir(const struct at_name *n)
{
	NTSTATUS status;
	HANDLE h;

	status = at_create(n, DELETE | FILE_WRITE_ATTRIBUTES, 0, FILE_OPEN,
	    FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT, &h, NULL);
	if (status == STATUS_SHARING_VIOLATION)
		return EBUSY;		/* some process's current directory */
	if (status != 0)
		return at_errno(n, status);
	if (at_is_link(h)) {
		(void)nt.CloseHandle(h);
		return ENOTDIR;
	}
	return remove_handle(h, n, 1);
}

/* "name/": unlink fails, but it depends on what is there. */
static int
unlink_slash(const struct at_name *n)
{
	struct at_name plain = *n;
	HANDLE h;
	int err;

	plain.must_be_dir = 0;
	if ((err = at_errno(n, at_create(&plain, 0, 0, FILE_OPEN,
	    FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT, &h, NULL))) != 0)
		return err;
	err = at_is_link(h) ? ENOTDIR : EISDIR;
	(void)nt.CloseHandle(h);
	return err;
}

int
at_remove(const struct at_name *n, int want_dir)
{
	NTSTATUS status;
	HANDLE h;

	if (want_dir)
		return remove_dir(n);
	if (n->must_be_dir)
		return unlink_slash(n);
	status = at_create(n, DELETE | FILE_WRITE_ATTRIBUTES, 0, FILE_OPEN,
	    FILE_NON_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT, &h, NULL);
	if (status == STATUS_FILE_IS_A_DIRECTORY)
		return unlink_dir(n);
	if (status != 0)
		return at_errno(n, status);
	return remove_handle(h, n, 0);
}

/* What POSIX and Linux say of names that are no entries. */
static int
check_last(const struct at_name *n, int want_dir)
{
	if (n->special != AT_NO_SPECIAL)
		return want_dir ? ENOTDIR : EACCES;
	switch (n->last) {
	case AT_LAST_DOT:
		return want_dir ? EINVAL : EISDIR;
	case AT_LAST_DOTDOT:
		return want_dir ? ENOTEMPTY : EISDIR;
	case AT_LAST_ROOT:
		return want_dir ? EBUSY : EISDIR;
	default:
		return 0;
	}
}

int
name_remove(int dirfd, const char *path, int want_dir)
{
	struct at_name n;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if ((err = check_last(&n, want_dir)) == 0)
		err = at_remove(&n, want_dir);
	at_free(&n);
	return err;
}
