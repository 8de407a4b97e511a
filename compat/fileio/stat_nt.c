#include "fileio/stat_nt.h"

#include <fcntl.h>
#include <string.h>
#include <wchar.h>

#include "afunix/node.h"
#include "fileio/at_nt.h"
#include "fileio/reparse.h"
#include "fileio/special.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/access_nt.h"

/* 1601 to 1970, in NT's unit of 100 ns. */
#define EPOCH 116444736000000000LL
#define TICKS 10000000LL

static struct timespec
to_timespec(LARGE_INTEGER t)
{
	struct timespec ts;
	int64_t ticks = t.QuadPart - EPOCH;

	ts.tv_sec = ticks / TICKS;
	if (ticks % TICKS < 0)
		ts.tv_sec--;
	ts.tv_nsec = (long)(ticks - ts.tv_sec * TICKS) * 100;
	return ts;
}

int
from_timespec(const struct timespec *ts, LARGE_INTEGER *t)
{
	if (ts->tv_sec > INT64_MAX / TICKS - EPOCH / TICKS - 1 ||
	    ts->tv_sec < -EPOCH / TICKS)
		return EINVAL;
	t->QuadPart = ts->tv_sec * TICKS + ts->tv_nsec / 100 + EPOCH;
	return t->QuadPart > 0 ? 0 : EINVAL;
}

/* NT runs what is called so; a file has no bit for it. */
int
is_executable(const uint16_t *name)
{
	static const wchar_t *const ext[] = { L".exe", L".com", L".bat",
	    L".cmd" };
	const wchar_t *dot;
	size_t i;

	if (name == NULL ||
	    (dot = wcsrchr((const wchar_t *)name, L'.')) == NULL)
		return 0;
	for (i = 0; i < sizeof(ext) / sizeof(ext[0]); i++)
		if (_wcsicmp(dot, ext[i]) == 0)
			return 1;
	return 0;
}

static mode_t
file_mode(HANDLE h, DWORD attributes, ULONG tag, const struct at_name *name,
    int node)
{
	mode_t mode;

	if (reparse_is_link(tag))
		return S_IFLNK | 0777;
	if (node)
		mode = S_IFSOCK | 0755;
	else if (attributes & FILE_ATTRIBUTE_DIRECTORY)
		mode = S_IFDIR | 0755;
	else
		mode = S_IFREG | 0644;
	if (S_ISREG(mode) && name != NULL &&
	    is_executable(name->path))
		mode |= 0111;
	if (S_ISREG(mode) && (attributes & FILE_ATTRIBUTE_READONLY))
		mode &= ~(mode_t)0222;
	if (nt_is_private(h))
		mode &= ~(mode_t)0077;
	return mode;
}

/*
 * Class by class: what has it all at once (FileAllInformation,
 * GetFileInformationByHandle) finds out the path too, or the volume by name,
 * which takes longer than the rest together.
 */
static NTSTATUS
query(HANDLE h, FILE_INFORMATION_CLASS class, void *to, ULONG size)
{
	IO_STATUS_BLOCK iosb;

	return nt.NtQueryInformationFile(h, &iosb, to, size, class);
}

/* The 32-bit number that NT gives a volume; 0 when it has none to tell. */
static dev_t
volume_number(HANDLE h)
{
	union {
		FILE_FS_VOLUME_INFORMATION info;
		unsigned char room[sizeof(FILE_FS_VOLUME_INFORMATION) +
		    (MAX_PATH + 1) * sizeof(WCHAR)];
	} u;
	IO_STATUS_BLOCK iosb;
	NTSTATUS status;

	status = NtQueryVolumeInformationFile(h, &iosb, &u, sizeof(u),
	    FileFsVolumeInformation);
	return NT_SUCCESS(status) ? u.info.VolumeSerialNumber : 0;
}

int
stat_disk(HANDLE h, const struct at_name *name, struct stat *st)
{
	FILE_ATTRIBUTE_TAG_INFO tag = { 0, 0 };
	FILE_STANDARD_INFORMATION size;
	FILE_INTERNAL_INFORMATION number;
	FILE_BASIC_INFORMATION basic;
	NTSTATUS status;
	enum node_look node;

	(void)memset(st, 0, sizeof(*st));
	if (!NT_SUCCESS(status = query(h, FileBasicInformation, &basic,
	    sizeof(basic))) ||
	    !NT_SUCCESS(status = query(h, FileStandardInformation, &size,
	    sizeof(size))))
		return nt_status_errno(status);
	if (NT_SUCCESS(query(h, FileInternalInformation, &number,
	    sizeof(number))))
		st->st_ino = (ino_t)number.IndexNumber.QuadPart;
	if (basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
		(void)query(h, FileAttributeTagInformation, &tag, sizeof(tag));
	node = unix_node_looks(size.EndOfFile.QuadPart, basic.FileAttributes,
	    tag.ReparseTag);
	st->st_dev = volume_number(h);
	st->st_nlink = size.NumberOfLinks;
	st->st_mode = file_mode(h, basic.FileAttributes, tag.ReparseTag, name,
	    node == NODE_YES || (node == NODE_MAYBE &&
	    name != NULL && at_is_node(name)));
	st->st_size = S_ISREG(st->st_mode) ? size.EndOfFile.QuadPart : 0;
	st->st_blksize = 4096;
	st->st_blocks = (size.AllocationSize.QuadPart + 511) / 512;
	st->st_atim = to_timespec(basic.LastAccessTime);
	st->st_mtim = to_timespec(basic.LastWriteTime);
	st->st_ctim = to_timespec(basic.ChangeTime);
	return 0;
}

int
stat_handle(HANDLE h, struct stat *st)
{
	(void)memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	st->st_blksize = 4096;
	switch (GetFileType(h)) {
	case FILE_TYPE_DISK:
		return stat_disk(h, NULL, st);
	case FILE_TYPE_CHAR:
		st->st_mode = S_IFCHR | 0666;
		return 0;
	case FILE_TYPE_PIPE:
		st->st_mode = S_IFIFO | 0600;
		return 0;
	default:
		return EBADF;
	}
}

/* "\??\pipe\x" and the like can be anything. */
static int
stat_open_handle(HANDLE h, const struct at_name *n, struct stat *st)
{
	const wchar_t *path = (const wchar_t *)n->path;

	if (n->root != 0 || path[5] == L':' || wcsncmp(path + 4, L"UNC", 3) == 0)
		return stat_disk(h, n, st);
	return stat_handle(h, st);
}

/*
 * The access list is read too; who may list a directory may know what else
 * stat says of its files, whether or not they let him in.
 */
static int
stat_open(const struct at_name *n, int flags, HANDLE *h)
{
	int err;

	err = at_open(n, READ_CONTROL, flags, h);
	if (err == EACCES)
		err = at_open(n, 0, flags, h);
	return err;
}

/*
 * Look at the node itself first: a file whose reparse point no driver resolves,
 * as an AF_UNIX socket, can only be opened so.
 */
int
stat_name(const struct at_name *n, int flags, struct stat *st)
{
	HANDLE h;
	int err;

	if (n->special != AT_NO_SPECIAL)
		return special_stat(n, !(flags & AT_SYMLINK_NOFOLLOW), st);
	if ((err = stat_open(n, AT_SYMLINK_NOFOLLOW, &h)) != 0)
		return err;
	err = stat_open_handle(h, n, st);
	(void)CloseHandle(h);
	if (err != 0 || (flags & AT_SYMLINK_NOFOLLOW) || !S_ISLNK(st->st_mode))
		return err;
	if ((err = stat_open(n, 0, &h)) != 0)
		return err;
	err = stat_open_handle(h, n, st);
	(void)CloseHandle(h);
	return err;
}
