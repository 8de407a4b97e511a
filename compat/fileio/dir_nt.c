#include "fileio/dir.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/node.h"
#include "fileio/at_nt.h"
#include "fileio/reparse.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* As much as NT hands over at once, at most: some 500 names. */
#define BUFFER 65536

struct dir_scan {
	HANDLE dir;		/* the description's */
	HANDLE h;		/* our own, with the place; NULL: not begun */
	int plain;		/* a file system without file numbers */
	size_t at, len;		/* of buffer: not read yet, filled */
	_Alignas(LARGE_INTEGER) unsigned char buffer[BUFFER];
};

int
dir_scan_new(uintptr_t handle, struct dir_scan **sp)
{
	struct dir_scan *s;

	if ((s = malloc(sizeof(*s))) == NULL)
		return ENOMEM;
	s->dir = (HANDLE)handle;
	s->h = NULL;
	s->plain = 0;
	s->at = s->len = 0;
	*sp = s;
	return 0;
}

/* Wine reads a directory once for each handle, whatever RestartScan says. */
void
dir_scan_rewind(struct dir_scan *s)
{
	if (s->h != NULL)
		(void)CloseHandle(s->h);
	s->h = NULL;
	s->at = s->len = 0;
}

void
dir_scan_free(struct dir_scan *s)
{
	dir_scan_rewind(s);
	free(s);
}

static NTSTATUS
begin(struct dir_scan *s)
{
	uint16_t itself[] = { 0 };
	struct at_name n = { .root = (uintptr_t)s->dir, .path = itself };

	return at_create(&n, FILE_LIST_DIRECTORY, 0, FILE_OPEN,
	    FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT, &s->h, NULL);
}

static NTSTATUS
query(struct dir_scan *s)
{
	IO_STATUS_BLOCK iosb = { .Information = 0 };
	NTSTATUS status;

	status = nt.NtQueryDirectoryFile(s->h, NULL, NULL, NULL, &iosb,
	    s->buffer, sizeof(s->buffer), s->plain ?
	    FileFullDirectoryInformation : FileIdFullDirectoryInformation,
	    FALSE, NULL, FALSE);
	s->at = 0;
	s->len = NT_SUCCESS(status) ? iosb.Information : 0;
	return status;
}

static int
refill(struct dir_scan *s)
{
	NTSTATUS status = STATUS_SUCCESS;
	int first = s->h == NULL;

	if (first)
		status = begin(s);
	if (NT_SUCCESS(status))
		status = query(s);
	if (first && !s->plain && (status == STATUS_INVALID_INFO_CLASS ||
	    status == STATUS_NOT_SUPPORTED)) {
		s->plain = 1;
		status = query(s);
	}
	switch (status) {
	case STATUS_NO_MORE_FILES:
	case STATUS_NO_SUCH_FILE:
	case STATUS_DELETE_PENDING:	/* and so empty */
		return 0;
	default:
		return NT_SUCCESS(status) ? 0 : nt_status_errno(status);
	}
}

/* Only what is in the file tells an emulated socket's node. */
static int
is_node(struct dir_scan *s, const WCHAR *name, size_t bytes)
{
	struct at_name n = { .root = (uintptr_t)s->dir };
	int yes;

	if ((n.path = calloc(1, bytes + sizeof(*n.path))) == NULL)
		return 0;
	(void)memcpy(n.path, name, bytes);
	yes = at_is_node(&n);
	free(n.path);
	return yes;
}

static unsigned char
type_of(struct dir_scan *s, const FILE_FULL_DIR_INFORMATION *i,
    const WCHAR *name)
{
	/* Of a reparse point NT gives the tag in the place of this size. */
	ULONG tag = i->FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ?
	    i->EaSize : 0;

	if (reparse_is_link(tag))
		return DT_LNK;
	switch (unix_node_looks(i->EndOfFile.QuadPart, i->FileAttributes,
	    tag)) {
	case NODE_YES:
		return DT_SOCK;
	case NODE_MAYBE:
		if (is_node(s, name, i->FileNameLength))
			return DT_SOCK;
		break;
	case NODE_NO:
		break;
	}
	return i->FileAttributes & FILE_ATTRIBUTE_DIRECTORY ? DT_DIR : DT_REG;
}

uint64_t
dir_hash(const char *name)
{
	uint64_t n = 14695981039346656037ULL;

	for (; *name != '\0'; name++)
		n = (n ^ (unsigned char)*name) * 1099511628211ULL;
	return n;
}

int
dir_scan_next(struct dir_scan *s, struct dirent *e, int *end)
{
	const FILE_ID_FULL_DIR_INFORMATION *with;
	const FILE_FULL_DIR_INFORMATION *i;
	const WCHAR *name;
	int err, n;

	*end = 0;
	if (s->at == s->len && (err = refill(s)) != 0)
		return err;
	if (s->at == s->len) {
		*end = 1;
		return 0;
	}
	/* The same up to EaSize. */
	i = (const void *)(s->buffer + s->at);
	with = (const void *)i;
	name = s->plain ? i->FileName : with->FileName;
	s->at = i->NextEntryOffset != 0 ? s->at + i->NextEntryOffset : s->len;
	n = WideCharToMultiByte(CP_UTF8, 0, name,
	    (int)(i->FileNameLength / sizeof(*name)), e->d_name,
	    (int)sizeof(e->d_name) - 1, NULL, NULL);
	if (n == 0)
		return nt_errno(GetLastError());
	e->d_name[n] = '\0';
	e->d_type = type_of(s, i, name);
	e->d_reclen = (unsigned short)(offsetof(struct dirent, d_name) +
	    (size_t)n + 1);
	/* Where there are no numbers, one that is the same every time. */
	e->d_ino = s->plain ? dir_hash(e->d_name) : (ino_t)with->FileId.QuadPart;
	return 0;
}
