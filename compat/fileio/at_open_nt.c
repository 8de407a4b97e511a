/* Opening what at_name() made, and what NT's refusals mean. */
#include "fileio/at_nt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <wchar.h>

#include "afunix/node.h"
#include "fileio/disk.h"
#include "fileio/open.h"
#include "fileio/reparse.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/access_nt.h"

#define NAME_UNITS 32768	/* no name of NT's is longer */

static void
attributes_of(const struct at_name *n, size_t len, UNICODE_STRING *name,
    OBJECT_ATTRIBUTES *attr)
{
	name->Buffer = (wchar_t *)n->path;
	name->Length = (USHORT)(len * sizeof(wchar_t));
	name->MaximumLength = name->Length;
	InitializeObjectAttributes(attr, name, OBJ_CASE_INSENSITIVE,
	    (HANDLE)n->root, n->security);
}

int
at_private(struct at_name *n, mode_t mode, int is_dir)
{
	SECURITY_ATTRIBUTES *sa;
	int err;

	if (!is_private(mode & ~umask_get()))
		return 0;
	if ((err = nt_private(is_dir ? NT_DIRECTORY : NT_FILE, &sa)) == 0)
		n->security = sa->lpSecurityDescriptor;
	return err;
}

NTSTATUS
at_create(const struct at_name *n, ACCESS_MASK access, ULONG attributes,
    ULONG disposition, ULONG options, HANDLE *h, ULONG_PTR *information)
{
	OBJECT_ATTRIBUTES attr;
	IO_STATUS_BLOCK iosb;
	UNICODE_STRING name;
	NTSTATUS status;
	size_t len;

	if (n->path == NULL)
		return STATUS_NO_SUCH_DEVICE;
	len = wcslen((const wchar_t *)n->path);
	if (len >= NAME_UNITS)
		return STATUS_NAME_TOO_LONG;
	attributes_of(n, len, &name, &attr);
	iosb.Information = 0;
	status = nt.NtCreateFile(h, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES,
	    &attr, &iosb, NULL, attributes, SHARE_ALL, disposition,
	    options | FILE_OPEN_FOR_BACKUP_INTENT, NULL, 0);
	if (information != NULL)
		*information = iosb.Information;
	return status;
}

/* A slash at the end of a link's name asks for what it leads to. */
int
at_open(const struct at_name *n, ACCESS_MASK access, int flags, HANDLE *h)
{
	ULONG options = 0;

	if (n->must_be_dir)
		options = FILE_DIRECTORY_FILE;
	else if (flags & AT_SYMLINK_NOFOLLOW)
		options = FILE_OPEN_REPARSE_POINT;
	return at_errno(n, at_create(n, access, 0, FILE_OPEN, options, h,
	    NULL));
}

static int
attribute_tag(HANDLE h, FILE_ATTRIBUTE_TAG_INFO *tag)
{
	IO_STATUS_BLOCK iosb;

	return NT_SUCCESS(nt.NtQueryInformationFile(h, &iosb, tag,
	    sizeof(*tag), FileAttributeTagInformation));
}

int
at_is_dir(HANDLE h)
{
	FILE_ATTRIBUTE_TAG_INFO tag;

	return attribute_tag(h, &tag) &&
	    (tag.FileAttributes & FILE_ATTRIBUTE_DIRECTORY);
}

int
at_is_link(HANDLE h)
{
	FILE_ATTRIBUTE_TAG_INFO tag;

	return attribute_tag(h, &tag) &&
	    (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
	    reparse_is_link(tag.ReparseTag);
}

/* Of ntdll, and in no public header. */
NTSTATUS NTAPI NtQueryFullAttributesFile(OBJECT_ATTRIBUTES *,
    FILE_NETWORK_OPEN_INFORMATION *);

/*
 * NT tells it of the handle in no time.  Wine then has its server hand over a
 * descriptor first, which is half an open more; asked by name it only looks,
 * but knows no directory's handle.
 */
int
at_size(const struct at_name *n, HANDLE h, off_t *size)
{
	FILE_NETWORK_OPEN_INFORMATION info;
	OBJECT_ATTRIBUTES attr;
	UNICODE_STRING name;

	if (nt_wine && n->root == 0) {
		attributes_of(n, wcslen((const wchar_t *)n->path), &name,
		    &attr);
		if (NtQueryFullAttributesFile(&attr, &info) == 0) {
			*size = info.EndOfFile.QuadPart;
			return 0;
		}
	}
	return handle_size((uintptr_t)h, size);
}

/* The first len units of n's path: 1 for a directory, 0 for a file, or -1. */
static int
prefix_is_dir(const struct at_name *n, size_t len)
{
	OBJECT_ATTRIBUTES attr;
	IO_STATUS_BLOCK iosb;
	UNICODE_STRING name;
	HANDLE h;
	int is_dir;

	attributes_of(n, len, &name, &attr);
	if (nt.NtCreateFile(&h, FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attr,
	    &iosb, NULL, 0, SHARE_ALL, FILE_OPEN, FILE_OPEN_FOR_BACKUP_INTENT,
	    NULL, 0) != 0)
		return -1;
	is_dir = at_is_dir(h);
	(void)nt.CloseHandle(h);
	return is_dir;
}

int
at_is_node(const struct at_name *n)
{
	HANDLE h;
	int yes;

	if (!NT_SUCCESS(at_create(n, FILE_READ_DATA, 0, FILE_OPEN,
	    FILE_SYNCHRONOUS_IO_NONALERT, &h, NULL)))
		return 0;
	yes = unix_node_is((uintptr_t)h);
	(void)CloseHandle(h);
	return yes;
}

int
at_passes_file(const struct at_name *n)
{
	const wchar_t *path = (const wchar_t *)n->path;
	size_t len = wcslen(path);
	int is_dir;

	for (;;) {
		while (len > 0 && path[len - 1] != L'\\')
			len--;
		if (len < 2 || path[len - 2] == L':')
			return 0;
		if ((is_dir = prefix_is_dir(n, --len)) >= 0)
			return !is_dir;
	}
}

int
at_errno(const struct at_name *n, NTSTATUS status)
{
	switch (status) {
	case STATUS_OBJECT_PATH_NOT_FOUND:
	case STATUS_OBJECT_PATH_SYNTAX_BAD:
	case STATUS_OBJECT_NAME_INVALID:
		return at_passes_file(n) ? ENOTDIR : ENOENT;
	default:
		return nt_status_errno(status);
	}
}

/*
 * Wine's GetFinalPathNameByHandleW() knows no long names; what NtQueryObject()
 * tells there begins as we want it, and on NT with a device.
 */
static int
object_name(HANDLE h, wchar_t **out)
{
	OBJECT_NAME_INFORMATION *info;
	ULONG size = sizeof(*info) + NAME_UNITS * sizeof(wchar_t), n;
	NTSTATUS status;
	int err = ENAMETOOLONG;

	if ((info = malloc(size)) == NULL)
		return ENOMEM;
	status = NtQueryObject(h, (OBJECT_INFORMATION_CLASS)1, info, size, &n);
	if (status != 0)
		err = nt_status_errno(status);
	else if (info->Name.Length > 8 &&
	    wcsncmp(info->Name.Buffer, L"\\??\\", 4) == 0) {
		n = info->Name.Length / sizeof(wchar_t);
		err = ENOMEM;
		if ((*out = malloc((n + 1) * sizeof(wchar_t))) != NULL) {
			(void)memcpy(*out, info->Name.Buffer,
			    n * sizeof(wchar_t));
			(*out)[n] = L'\0';
			err = 0;
		}
	}
	free(info);
	return err;
}

int
at_handle_name(HANDLE h, uint16_t **path)
{
	wchar_t *buf;
	DWORD n, size = 300;
	int err = 0;

	for (;;) {
		if ((buf = malloc(size * sizeof(*buf))) == NULL)
			return ENOMEM;
		n = GetFinalPathNameByHandleW(h, buf, size, VOLUME_NAME_DOS);
		if (n > 0 && n < size)
			break;
		free(buf);
		if (n == 0) {
			err = object_name(h, &buf);
			break;
		}
		size = n + 1;
	}
	if (err != 0)
		return err;
	buf[1] = L'?';
	*path = (uint16_t *)buf;
	return 0;
}
