/*
 * open: one NtCreateFile for what is a file, which most are; NT says when it is
 * a directory, and is asked again.
 */
#include "fileio/open.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "afunix/node.h"
#include "fileio/at_nt.h"
#include "fileio/disk.h"
#include "fileio/special.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* What F_GETFL does not tell. */
#define FORGOTTEN (O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC)

/* All that NT is asked with; more would only make it refuse more. */
static ACCESS_MASK
access_of(int flags)
{
	ACCESS_MASK a;

	if (flags & O_PATH)
		return 0;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		a = GENERIC_READ;
		break;
	case O_WRONLY:
		a = GENERIC_WRITE;
		break;
	default:
		a = GENERIC_READ | GENERIC_WRITE;
	}
	return flags & O_TRUNC ? a | FILE_WRITE_DATA : a;
}

static ULONG
options_of(int flags, int must_be_dir)
{
	ULONG options = 0;

	if (flags & O_DSYNC)
		options |= FILE_WRITE_THROUGH;
	/* A dangling link is in the way of O_EXCL, its target is not made. */
	if ((!must_be_dir && (flags & O_NOFOLLOW)) ||
	    (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		options |= FILE_OPEN_REPARSE_POINT;
	return options;
}

static int
wants_write(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
}

/* Opened with O_NOFOLLOW: is it a link? */
static int
check_link(HANDLE h, int flags)
{
	if (!(flags & O_NOFOLLOW) || !at_is_link(h))
		return 0;
	return flags & O_DIRECTORY ? ENOTDIR : ELOOP;
}

/* An emulated AF_UNIX socket looks like a file. */
static int
check_socket(HANDLE h, const struct at_name *n)
{
	off_t size;
	int err;

	if ((err = at_size(n, h, &size)) != 0)
		return err;
	return size == UNIX_NODE_SIZE && at_is_node(n) ? ENXIO : 0;
}

static int
open_disk(HANDLE h, const struct at_name *n, int flags, int created,
    struct file **fp)
{
	int err;

	if (!created && ((err = check_link(h, flags)) != 0 ||
	    (err = check_socket(h, n)) != 0))
		return err;
	if ((err = disk_new((uintptr_t)h, flags & ~FORGOTTEN, fp)) != 0)
		return err;
	if ((flags & O_TRUNC) && !created &&
	    (err = handle_truncate(*fp, 0)) != 0) {
		free(*fp);
		return err;
	}
	return 0;
}

/* "\??\pipe\x" and the like can be anything. */
static DWORD
type_of(HANDLE h, const struct at_name *n)
{
	const wchar_t *path = (const wchar_t *)n->path;

	if (n->root != 0 || path[5] == L':' || wcsncmp(path + 4, L"UNC", 3) == 0)
		return FILE_TYPE_DISK;
	return GetFileType(h);
}

static int
open_any(HANDLE h, const struct at_name *n, int flags, int created,
    struct file **fp)
{
	switch (type_of(h, n)) {
	case FILE_TYPE_DISK:
		return open_disk(h, n, flags, created, fp);
	case FILE_TYPE_CHAR:
		return stream_new((uintptr_t)h, FILE_CHAR, flags & ~FORGOTTEN,
		    1, fp);
	default:
		return stream_new((uintptr_t)h, FILE_PIPE, flags & ~FORGOTTEN,
		    1, fp);
	}
}

static int
open_dir(const struct at_name *n, int flags, struct file **fp)
{
	int err, write = wants_write(flags);
	NTSTATUS status;
	HANDLE h;

	status = at_create(n, write ? 0 : GENERIC_READ, 0, FILE_OPEN,
	    FILE_DIRECTORY_FILE | options_of(flags, n->must_be_dir), &h, NULL);
	if (status != 0)
		return at_errno(n, status);
	if ((err = check_link(h, flags)) != 0 ||
	    (err = write ? EISDIR : 0) != 0 ||
	    (err = dirfile_new((uintptr_t)h, flags & ~FORGOTTEN, fp)) != 0)
		(void)nt.CloseHandle(h);
	return err;
}

/* A description that names a file and does nothing else. */
static int
open_path(const struct at_name *n, int flags, struct file **fp)
{
	HANDLE h;
	int err, is_dir;

	if ((err = at_open(n, 0, flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0,
	    &h)) != 0)
		return err;
	flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	is_dir = at_is_dir(h) && !((flags & O_NOFOLLOW) && at_is_link(h));
	if (is_dir)
		err = dirfile_new((uintptr_t)h, flags, fp);
	else if (flags & O_DIRECTORY)
		err = ENOTDIR;
	else
		err = path_new((uintptr_t)h, flags, fp);
	if (err != 0)
		(void)nt.CloseHandle(h);
	return err;
}

static int
open_file(struct at_name *n, int flags, mode_t mode, struct file **fp)
{
	ULONG attributes = FILE_ATTRIBUTE_NORMAL, how = FILE_OPEN;
	ULONG_PTR information = 0;
	NTSTATUS status;
	HANDLE h;
	int err;

	if (flags & O_CREAT) {
		how = flags & O_EXCL ? FILE_CREATE : FILE_OPEN_IF;
		if (!(mode & ~umask_get() & 0222))
			attributes = FILE_ATTRIBUTE_READONLY;
		if ((err = at_private(n, mode, 0)) != 0)
			return err;
	}
	status = at_create(n, access_of(flags), attributes, how,
	    FILE_NON_DIRECTORY_FILE | options_of(flags, 0), &h, &information);
	if (status == STATUS_FILE_IS_A_DIRECTORY)
		return flags & O_CREAT && flags & O_EXCL ? EEXIST :
		    open_dir(n, flags, fp);
	if (status != 0)
		return at_errno(n, status);
	if ((err = open_any(h, n, flags, information == FILE_CREATED,
	    fp)) != 0)
		(void)nt.CloseHandle(h);
	return err;
}

/* A slash at the end, and O_DIRECTORY, ask for a directory. */
static int
open_checked(struct at_name *n, int flags, mode_t mode,
    struct file **fp)
{
	if (n->special != AT_NO_SPECIAL)
		return special_open(n, flags, fp);
	if ((flags & O_CREAT) && n->must_be_dir)
		return n->last != AT_LAST_NAME && (flags & O_EXCL) ? EEXIST :
		    EISDIR;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return tmpfile_open(n, flags, mode, fp);
	if (flags & O_PATH)
		return open_path(n, flags, fp);
	if (n->must_be_dir || (flags & O_DIRECTORY))
		return open_dir(n, flags, fp);
	return open_file(n, flags, mode, fp);
}

/* Linux: O_PATH drops what it does not know of, the others contradict. */
static int
check_flags(int *flags)
{
	if (*flags & O_PATH) {
		*flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
		return 0;
	}
	if ((*flags & O_ACCMODE) == O_ACCMODE)
		return EINVAL;
	if ((*flags & O_TMPFILE) == O_TMPFILE)
		return (*flags & O_CREAT) || (*flags & O_ACCMODE) == O_RDONLY ?
		    EINVAL : 0;
	return (*flags & O_TMPFILE) & ~O_DIRECTORY ||
	    (*flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY) ?
	    EINVAL : 0;
}

int
file_open_at(int dirfd, const char *path, int flags, mode_t mode,
    struct file **fp)
{
	struct at_name n;
	int err;

	if ((err = check_flags(&flags)) != 0 ||
	    (err = at_name(dirfd, path, &n)) != 0)
		return err;
	err = open_checked(&n, flags, mode, fp);
	at_free(&n);
	return err;
}

int
file_open(const char *path, int flags, mode_t mode, struct file **fp)
{
	return file_open_at(AT_FDCWD, path, flags, mode, fp);
}
