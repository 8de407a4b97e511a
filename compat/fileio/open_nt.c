#include "fileio/open.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "afunix/node.h"
#include "fileio/disk.h"
#include "fileio/path_nt.h"
#include "fileio/stat_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "nt/access_nt.h"

static DWORD
access_of(int flags)
{
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return GENERIC_READ;
	case O_WRONLY:
		/* Attributes for fstat, which GENERIC_WRITE does not include. */
		return GENERIC_WRITE | FILE_READ_ATTRIBUTES;
	default:
		return GENERIC_READ | GENERIC_WRITE;
	}
}

/*
 * O_TRUNC is not CREATE_ALWAYS: that would put new attributes on the file, and
 * fails where the old ones are "hidden" or "system".
 */
static DWORD
disposition_of(int flags)
{
	if (!(flags & O_CREAT))
		return OPEN_EXISTING;
	return flags & O_EXCL ? CREATE_NEW : OPEN_ALWAYS;
}

static DWORD
attributes_of(int flags, mode_t mode)
{
	DWORD a = FILE_FLAG_OVERLAPPED | FILE_FLAG_BACKUP_SEMANTICS;

	if ((flags & O_CREAT) && !(mode & ~umask_get() & 0222))
		a |= FILE_ATTRIBUTE_READONLY;
	else
		a |= FILE_ATTRIBUTE_NORMAL;
	if (flags & O_SYNC)
		a |= FILE_FLAG_WRITE_THROUGH;
	if (flags & O_NOFOLLOW)
		a |= FILE_FLAG_OPEN_REPARSE_POINT;
	return a;
}

static int
wants_write(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
}

static int
open_disk(HANDLE h, const uint16_t *path, int flags, int created,
    struct file **fp)
{
	struct stat st;
	int err;

	if ((err = stat_handle(h, &st)) != 0)
		return err;
	if (afunix_is_node(path, st.st_size, 0, 0))
		return ENXIO;
	if (S_ISLNK(st.st_mode))
		return ELOOP;		/* O_NOFOLLOW */
	if (S_ISSOCK(st.st_mode))
		return ENXIO;
	if (S_ISDIR(st.st_mode)) {
		if (wants_write(flags))
			return EISDIR;
		return dirfile_new((uintptr_t)h, flags, fp);
	}
	if (flags & O_DIRECTORY)
		return ENOTDIR;
	if ((err = disk_new((uintptr_t)h, flags & ~(O_CREAT | O_EXCL | O_TRUNC),
	    fp)) != 0)
		return err;
	if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY && !created &&
	    (err = handle_truncate(*fp, 0)) != 0) {
		free(*fp);
		return err;
	}
	return 0;
}

/* CreateFileW failed: what POSIX says where NT's answer is another. */
static int
open_errno(const uint16_t *path, int flags, DWORD code)
{
	DWORD a;

	if (code == ERROR_ACCESS_DENIED && wants_write(flags) &&
	    (a = path_attributes(path)) != INVALID_FILE_ATTRIBUTES &&
	    (a & FILE_ATTRIBUTE_DIRECTORY))
		return EISDIR;
	return path_errno(path, code);
}

static int
open_wide(const uint16_t *path, int flags, mode_t mode, struct file **fp)
{
	SECURITY_ATTRIBUTES *sa = NULL;
	HANDLE h;
	int created, err;

	if ((flags & O_CREAT) && is_private(mode & ~umask_get()) &&
	    (err = nt_private(0, &sa)) != 0)
		return err;
	h = nt.CreateFileW((const wchar_t *)path, access_of(flags), SHARE_ALL,
	    sa, disposition_of(flags), attributes_of(flags, mode), NULL);
	if (h == INVALID_HANDLE_VALUE)
		return open_errno(path, flags, GetLastError());
	created = (flags & O_CREAT) && GetLastError() != ERROR_ALREADY_EXISTS;
	switch (GetFileType(h)) {
	case FILE_TYPE_DISK:
		err = open_disk(h, path, flags, created, fp);
		break;
	case FILE_TYPE_CHAR:
		err = stream_new((uintptr_t)h, FILE_CHAR, flags, 1, fp);
		break;
	default:
		err = stream_new((uintptr_t)h, FILE_PIPE, flags, 1, fp);
	}
	if (err != 0)
		(void)CloseHandle(h);
	return err;
}

/* A slash at the end asks for a directory, and NT does not take it. */
static int
trailing_slash(uint16_t *path, int *flags)
{
	size_t n = wcslen((wchar_t *)path);

	if (n < 2 || path[n - 1] != L'\\' || path[n - 2] == L':')
		return 0;
	if (*flags & O_CREAT)
		return EISDIR;
	while (n > 1 && path[n - 1] == L'\\' && path[n - 2] != L':')
		path[--n] = L'\0';
	*flags |= O_DIRECTORY;
	return 0;
}

int
file_open(const char *path, int flags, mode_t mode, struct file **fp)
{
	uint16_t *wide;
	int err;

	if ((flags & O_ACCMODE) == O_ACCMODE)
		return EINVAL;
	if ((err = nt_path(path, &wide)) != 0)
		return err;
	if ((err = trailing_slash(wide, &flags)) == 0)
		err = open_wide(wide, flags, mode, fp);
	free(wide);
	return err;
}
