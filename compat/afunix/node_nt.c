#include "afunix/node.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/path_nt.h"
#include "nt/access_nt.h"
#include "nt/errmap.h"
#include "nt/nt.h"
#include "nt/path.h"
#include "nt/random.h"

#define TAG_AF_UNIX 0x80000023U

/* Far beyond the data: NT's locks are mandatory, and clients read the node. */
#define LOCK_BYTE_LOW 0x554e4958U
#define LOCK_BYTE_HIGH 0x7ffffff0U

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* A name that changes under us is looked at again, but not for ever. */
#define TRIES 100

static int
lock_node(HANDLE h)
{
	OVERLAPPED at;

	memset(&at, 0, sizeof(at));
	at.Offset = LOCK_BYTE_LOW;
	at.OffsetHigh = LOCK_BYTE_HIGH;
	return LockFileEx(h, LOCKFILE_EXCLUSIVE_LOCK |
	    LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at) ? 0 : EADDRINUSE;
}

static int
write_node(HANDLE h, const struct unix_node *node)
{
	unsigned char bytes[UNIX_NODE_SIZE];
	OVERLAPPED at;
	DWORD n;

	unix_node_encode(node, bytes);
	memset(&at, 0, sizeof(at));
	if (!WriteFile(h, bytes, sizeof(bytes), &n, &at))
		return nt_errno(GetLastError());
	return n == sizeof(bytes) ? 0 : ENOSPC;
}

static int
read_node(HANDLE h, struct unix_node *node)
{
	unsigned char bytes[UNIX_NODE_SIZE];
	LARGE_INTEGER size;
	OVERLAPPED at;
	DWORD n;

	memset(&at, 0, sizeof(at));
	if (!GetFileSizeEx(h, &size) || size.QuadPart != sizeof(bytes) ||
	    !ReadFile(h, bytes, sizeof(bytes), &n, &at) || n != sizeof(bytes))
		return EINVAL;
	return unix_node_decode(bytes, node);
}

static void
discard(HANDLE h)
{
	FILE_DISPOSITION_INFO gone = { TRUE };

	(void)SetFileInformationByHandle(h, FileDispositionInfo, &gone,
	    sizeof(gone));
	(void)CloseHandle(h);
}

/* Give the file its name, if nobody has it: EEXIST. */
static int
rename_to(HANDLE h, const WCHAR *path)
{
	size_t bytes = wcslen(path) * sizeof(*path);
	FILE_RENAME_INFO *info;
	DWORD code = 0;

	info = calloc(1, sizeof(*info) + bytes);
	if (info == NULL)
		return ENOMEM;
	info->FileNameLength = (DWORD)bytes;
	memcpy(info->FileName, path, bytes);
	if (!SetFileInformationByHandle(h, FileRenameInfo, info,
	    (DWORD)(sizeof(*info) + bytes)))
		code = GetLastError();
	free(info);
	switch (code) {
	case 0:
		return 0;
	case ERROR_ACCESS_DENIED:	/* its holder has it open */
	case ERROR_ALREADY_EXISTS:
	case ERROR_FILE_EXISTS:
		return EEXIST;
	default:
		return nt_errno(code);
	}
}

/*
 * The node appears under its name only when it is complete and locked: nobody
 * ever sees one that is half written, or one that looks stale and is not.
 */
static int
create(const WCHAR *path, const struct unix_node *node, HANDLE *out)
{
	SECURITY_ATTRIBUTES *owner;
	uint32_t unique;
	WCHAR *name;
	size_t room;
	HANDLE h;
	int err;

	if ((err = nt_private(NT_FILE, &owner)) != 0)
		return err;
	nt_random(&unique, sizeof(unique));
	room = wcslen(path) + 16;
	if ((name = calloc(room, sizeof(*name))) == NULL)
		return ENOMEM;
	(void)swprintf(name, room, L"%ls.%08x~", path, unique);
	h = CreateFileW(name, GENERIC_READ | GENERIC_WRITE | DELETE, SHARE_ALL,
	    owner, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
	err = h == INVALID_HANDLE_VALUE ? nt_errno(GetLastError()) : 0;
	free(name);
	if (err != 0)
		return err;
	if ((err = lock_node(h)) != 0 || (err = write_node(h, node)) != 0 ||
	    (err = rename_to(h, path)) != 0) {
		discard(h);
		return err;
	}
	*out = h;
	return 0;
}

/* Is the file behind h the one that path names now? */
static int
is_named(HANDLE h, const WCHAR *path)
{
	BY_HANDLE_FILE_INFORMATION a, b;
	HANDLE now;
	BOOL ok;

	now = CreateFileW(path, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL,
	    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
	if (now == INVALID_HANDLE_VALUE)
		return 0;
	ok = GetFileInformationByHandle(h, &a) &&
	    GetFileInformationByHandle(now, &b) &&
	    a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
	    a.nFileIndexHigh == b.nFileIndexHigh &&
	    a.nFileIndexLow == b.nFileIndexLow;
	(void)CloseHandle(now);
	return ok != 0;
}

static int
is_dead(uint32_t pid)
{
	HANDLE h;
	int dead;

	if ((h = OpenProcess(SYNCHRONIZE, FALSE, pid)) == NULL)
		return GetLastError() == ERROR_INVALID_PARAMETER;
	dead = WaitForSingleObject(h, 0) == WAIT_OBJECT_0;
	(void)CloseHandle(h);
	return dead;
}

/*
 * Documented: after a process ended, its locks go "soon".  So a lock whose
 * holder is dead is waited for, and one whose holder lives is not.
 */
static int
lock_stale(HANDLE h, uint32_t holder)
{
	int err, i;

	for (i = 0; (err = lock_node(h)) != 0 && i < TRIES; i++) {
		if (!is_dead(holder))
			break;
		Sleep(10);
	}
	return err;
}

static int
take_over(HANDLE h, const WCHAR *path, const struct unix_node *node)
{
	const char *strict = getenv("COMPAT_UNIX_STRICT");
	struct unix_node old;
	int err;

	if (read_node(h, &old) != 0 || (strict != NULL && *strict == '1'))
		return EADDRINUSE;
	if ((err = lock_stale(h, old.pid)) != 0)
		return err;
	/* Somebody may have removed it before we had the lock. */
	if (!is_named(h, path))
		return EAGAIN;
	return write_node(h, node);
}

/* Open what is there: ENOENT, or EADDRINUSE when it is not ours to touch. */
static int
open_node(const WCHAR *path, HANDLE *h)
{
	DWORD code;

	*h = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL,
	    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
	if (*h != INVALID_HANDLE_VALUE)
		return 0;
	code = GetLastError();
	if (code != ERROR_FILE_NOT_FOUND &&
	    GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES)
		return EADDRINUSE;
	return path_errno((const uint16_t *)path, code);
}

static int
try_bind(const WCHAR *path, const struct unix_node *node, HANDLE *h)
{
	int err;

	if ((err = open_node(path, h)) == ENOENT) {
		err = create(path, node, h);
		return err == EEXIST ? EAGAIN : err;
	}
	if (err != 0)
		return err;
	if ((err = take_over(*h, path, node)) != 0)
		(void)CloseHandle(*h);
	return err;
}

int
unix_node_bind(const char *path, const struct unix_node *node,
    uintptr_t *handle)
{
	uint16_t *wide;
	HANDLE h;
	int err, i;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	for (i = 0; i < TRIES; i++)
		if ((err = try_bind((WCHAR *)wide, node, &h)) != EAGAIN)
			break;
	free(wide);
	if (err == 0)
		*handle = (uintptr_t)h;
	return err == EAGAIN ? EADDRINUSE : err;
}

int
unix_node_rewrite(uintptr_t handle, const struct unix_node *node)
{
	return write_node((HANDLE)handle, node);
}

void
unix_node_release(uintptr_t handle)
{
	(void)CloseHandle((HANDLE)handle);
}

int
unix_node_read(const char *path, struct unix_node *node)
{
	uint16_t *wide;
	HANDLE h;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	/* With these flags directories and NT's own sockets open too. */
	h = CreateFileW((WCHAR *)wide, GENERIC_READ, SHARE_ALL, NULL,
	    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT |
	    FILE_FLAG_BACKUP_SEMANTICS, NULL);
	err = h == INVALID_HANDLE_VALUE ? path_errno(wide, GetLastError()) : 0;
	free(wide);
	if (err != 0)
		return err;
	err = read_node(h, node) == 0 ? 0 : ECONNREFUSED;
	(void)CloseHandle(h);
	return err;
}

enum node_look
unix_node_looks(int64_t size, uint32_t attributes, uint32_t reparse_tag)
{
	if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
		return reparse_tag == TAG_AF_UNIX ? NODE_YES : NODE_NO;
	return size == UNIX_NODE_SIZE &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 ? NODE_MAYBE : NODE_NO;
}

int
unix_node_is(uintptr_t handle)
{
	struct unix_node node;

	return read_node((HANDLE)handle, &node) == 0;
}
