#include "fileio/stat_nt.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "afunix/node.h"
#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

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
file_mode(const FILE_BASIC_INFO *b, ULONG tag, const uint16_t *name, int node)
{
	mode_t mode;

	if (node)
		return S_IFSOCK | 0755;
	if (tag == IO_REPARSE_TAG_SYMLINK || tag == IO_REPARSE_TAG_MOUNT_POINT)
		return S_IFLNK | 0777;
	if (b->FileAttributes & FILE_ATTRIBUTE_DIRECTORY)
		return S_IFDIR | 0755;
	mode = S_IFREG | (is_executable(name) ? 0755 : 0644);
	if (b->FileAttributes & FILE_ATTRIBUTE_READONLY)
		mode &= ~(mode_t)0222;
	return mode;
}

static int
stat_disk(HANDLE h, const uint16_t *name, struct stat *st)
{
	BY_HANDLE_FILE_INFORMATION info;
	FILE_ATTRIBUTE_TAG_INFO tag = { 0, 0 };
	FILE_STANDARD_INFO size;
	FILE_BASIC_INFO basic;
	ULONG reparse = 0;
	int node;

	if (!GetFileInformationByHandleEx(h, FileBasicInfo, &basic,
	    sizeof(basic)) ||
	    !GetFileInformationByHandleEx(h, FileStandardInfo, &size,
	    sizeof(size)))
		return nt_errno(GetLastError());
	if ((basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
	    GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag,
	    sizeof(tag)))
		reparse = tag.ReparseTag;
	node = name != NULL && afunix_is_node(name, size.EndOfFile.QuadPart,
	    basic.FileAttributes, reparse);
	/* Wine knows no number for a file that it inherited: 0 and 0 then. */
	if (GetFileInformationByHandle(h, &info)) {
		st->st_dev = info.dwVolumeSerialNumber;
		st->st_ino = (ino_t)info.nFileIndexHigh << 32 |
		    info.nFileIndexLow;
	}
	st->st_nlink = size.NumberOfLinks;
	st->st_mode = file_mode(&basic, reparse, name, node);
	st->st_size = S_ISREG(st->st_mode) ? size.EndOfFile.QuadPart : 0;
	st->st_blksize = 4096;
	st->st_blocks = (size.AllocationSize.QuadPart + 511) / 512;
	st->st_atim = to_timespec(basic.LastAccessTime);
	st->st_mtim = to_timespec(basic.LastWriteTime);
	st->st_ctim = to_timespec(basic.ChangeTime);
	return 0;
}

int
stat_handle(HANDLE h, const uint16_t *name, struct stat *st)
{
	(void)memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	st->st_blksize = 4096;
	switch (GetFileType(h)) {
	case FILE_TYPE_DISK:
		return stat_disk(h, name, st);
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

/*
 * Look at the node itself first: a file whose reparse point no driver resolves,
 * as an AF_UNIX socket, can only be opened so (ERROR_CANT_ACCESS_FILE without).
 */
static int
stat_wide(const uint16_t *path, int follow, struct stat *st)
{
	HANDLE h;
	int err;

	if ((err = path_open(path, FILE_READ_ATTRIBUTES, 0, &h)) != 0)
		return err;
	err = stat_handle(h, path, st);
	(void)CloseHandle(h);
	if (err != 0 || !follow || !S_ISLNK(st->st_mode))
		return err;
	if ((err = path_open(path, FILE_READ_ATTRIBUTES, 1, &h)) != 0)
		return err;
	err = stat_handle(h, path, st);
	(void)CloseHandle(h);
	return err;
}

int
stat_path(const char *path, int follow, struct stat *st)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	err = stat_wide(wide, follow, st);
	if (err == 0 && path[strlen(path) - 1] == '/' && !S_ISDIR(st->st_mode))
		err = ENOTDIR;
	free(wide);
	return err;
}
