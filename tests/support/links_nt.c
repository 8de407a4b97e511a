/*
 * A reparse point is simulated by a regular file that holds a mark and what
 * FSCTL_GET_REPARSE_POINT would tell.
 */
#include "support/links.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "nt/calls_nt.h"

#define UNITS 32768
#define MOST_LINKS 63
#define DATA_MAX 4096
#define GET_REPARSE_POINT 0x900a8
#define RENAME_INFORMATION_EX ((FILE_INFORMATION_CLASS)65)
#define TAG_SYMLINK 0xa000000cU
#define TAG_JUNCTION 0xa0000003U

/* What the file holds. */
struct node {
	char mark[24];
	ULONG is_dir, len;
	struct {
		ULONG tag;
		USHORT len, reserved;
		USHORT name_at, name_len, print_at, print_len;
		unsigned char rest[DATA_MAX];
	} data;
};

static const char mark[24] = "libcompat: test's link\n";
static struct nt_calls real;

/* Handles of nodes, as they were opened last. */
static struct {
	HANDLE h;
	struct node node;
} open_nodes[64];
static unsigned int next_open;

static struct node *
node_of(HANDLE h)
{
	size_t i;

	for (i = 0; i < sizeof(open_nodes) / sizeof(open_nodes[0]); i++)
		if (open_nodes[i].h == h && h != NULL)
			return &open_nodes[i].node;
	return NULL;
}

static void
note(HANDLE h, const struct node *node)
{
	size_t i;

	for (i = 0; i < sizeof(open_nodes) / sizeof(open_nodes[0]); i++)
		if (open_nodes[i].h == h)
			open_nodes[i].h = NULL;
	if (node == NULL)
		return;
	next_open = (next_open + 1) % 64;
	open_nodes[next_open].h = h;
	open_nodes[next_open].node = *node;
}

/* Is the first len units of an NT path a node? */
static int
read_node(const wchar_t *path, size_t len, struct node *node)
{
	wchar_t *copy = malloc((len + 1) * sizeof(*copy));
	DWORD a, n = 0;
	HANDLE h;

	(void)memcpy(copy, path, len * sizeof(*copy));
	copy[len] = L'\0';
	copy[1] = L'\\';
	a = GetFileAttributesW(copy);
	if (a != INVALID_FILE_ATTRIBUTES && !(a & FILE_ATTRIBUTE_DIRECTORY) &&
	    (h = CreateFileW(copy, GENERIC_READ, FILE_SHARE_READ |
	    FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0,
	    NULL)) != INVALID_HANDLE_VALUE) {
		(void)ReadFile(h, node, sizeof(*node), &n, NULL);
		(void)CloseHandle(h);
	}
	free(copy);
	return n > sizeof(mark) + 8 &&
	    memcmp(node->mark, mark, sizeof(mark)) == 0;
}

/* "\??\C:\a\.\..\b": without the dots. */
static void
normalize(wchar_t *path)
{
	wchar_t *out = path + 6, *in = out, *name;
	size_t len;

	while (*in != L'\0') {
		name = ++in;		/* behind the separator */
		len = wcscspn(in, L"\\");
		in += len;
		if (len == 0 || (len == 1 && name[0] == L'.'))
			continue;
		if (len == 2 && name[0] == L'.' && name[1] == L'.') {
			while (out > path + 6 && *--out != L'\\')
				;
			continue;
		}
		*out++ = L'\\';
		(void)memmove(out, name, len * sizeof(*out));
		out += len;
	}
	if (out == path + 6)
		*out++ = L'\\';
	*out = L'\0';
}

/* path, whose first len units are a link, goes on from its target. */
static void
graft(wchar_t *path, size_t len, const struct node *node)
{
	size_t names = node->data.tag == TAG_SYMLINK ? 4 : 0, dir = 0;
	const unsigned char *at = node->data.rest + names + node->data.name_at;
	size_t n = node->data.name_len / sizeof(wchar_t);
	wchar_t *out = calloc(UNITS, sizeof(*out));
	ULONG flags = 0;

	if (names > 0)
		(void)memcpy(&flags, node->data.rest, sizeof(flags));
	if (flags & 1) {
		dir = 6;
		if (*(const wchar_t *)(const void *)at != L'\\')
			for (dir = len; path[dir - 1] != L'\\'; dir--)
				;
	}
	(void)memcpy(out, path, dir * sizeof(*out));
	(void)memcpy(out + dir, at, n * sizeof(*out));
	(void)wcscpy(out + dir + n, path + len);
	normalize(out);
	(void)wcscpy(path, out);
	free(out);
}

/* Follow links in path, in the last name if last; how many there were, or -1. */
static int
resolve(wchar_t *path, int last)
{
	struct node *node = malloc(sizeof(*node));
	size_t len;
	int links = 0;

again:
	for (len = 7; path[len - 1] != L'\0'; len++) {
		len += wcscspn(path + len, L"\\");
		if ((path[len] == L'\0' && !last) ||
		    !read_node(path, len, node))
			continue;
		graft(path, len, node);
		if (links++ < MOST_LINKS)
			goto again;
		links = -1;
		break;
	}
	free(node);
	return links;
}

/* A name below a directory's handle, or an absolute one, as one NT path. */
static int
absolute(HANDLE root, const wchar_t *name, size_t len, wchar_t *path)
{
	DWORD n = 0;

	if (root != NULL) {
		n = GetFinalPathNameByHandleW(root, path, UNITS, 0);
		if (n == 0 || n >= UNITS)
			return 0;
		path[1] = L'?';
		if (len > 0 && path[n - 1] != L'\\')
			path[n++] = L'\\';
	}
	(void)memcpy(path + n, name, len * sizeof(*name));
	path[n + len] = L'\0';
	return n + len > 7 && path[5] == L':';
}

/* The same for what a call is given: path, and how many links there were. */
static int
resolve_attributes(const OBJECT_ATTRIBUTES *a, int last, wchar_t *path)
{
	if (!absolute(a->RootDirectory, a->ObjectName->Buffer,
	    a->ObjectName->Length / sizeof(wchar_t), path)) {
		path[0] = L'\0';
		return 0;
	}
	return resolve(path, last);
}

static void
name_of(wchar_t *path, UNICODE_STRING *name, OBJECT_ATTRIBUTES *a)
{
	name->Buffer = path;
	name->Length = (USHORT)(wcslen(path) * sizeof(*path));
	name->MaximumLength = name->Length;
	a->ObjectName = name;
	a->RootDirectory = NULL;
}

static NTSTATUS
open_node(const struct node *node, ULONG how, ULONG *options)
{
	if (how == FILE_CREATE)
		return STATUS_OBJECT_NAME_COLLISION;
	if ((*options & FILE_NON_DIRECTORY_FILE) && node->is_dir)
		return STATUS_FILE_IS_A_DIRECTORY;
	if ((*options & FILE_DIRECTORY_FILE) && !node->is_dir)
		return STATUS_NOT_A_DIRECTORY;
	*options &= ~(ULONG)FILE_DIRECTORY_FILE;
	return STATUS_SUCCESS;
}

static NTSTATUS NTAPI
link_NtCreateFile(HANDLE *h, ACCESS_MASK access, OBJECT_ATTRIBUTES *attr,
    IO_STATUS_BLOCK *iosb, LARGE_INTEGER *size, ULONG attributes, ULONG share,
    ULONG how, ULONG options, PVOID ea, ULONG ealen)
{
	int last = !(options & FILE_OPEN_REPARSE_POINT), links, is_node = 0;
	wchar_t *path = malloc(2 * UNITS * sizeof(*path));
	struct node *node = malloc(sizeof(*node));
	OBJECT_ATTRIBUTES a = *attr;
	NTSTATUS status = STATUS_SUCCESS;
	UNICODE_STRING name;

	if ((links = resolve_attributes(attr, last, path)) < 0)
		status = STATUS_REPARSE_POINT_NOT_RESOLVED;
	if (links > 0)
		name_of(path, &name, &a);
	if (status == STATUS_SUCCESS && !last && path[0] != L'\0' &&
	    (is_node = read_node(path, wcslen(path), node)))
		status = open_node(node, how, &options);
	if (status == STATUS_SUCCESS)
		status = real.NtCreateFile(h, access, &a, iosb, size,
		    attributes, share, how, options, ea, ealen);
	if (status == STATUS_SUCCESS)
		note(*h, is_node ? node : NULL);
	free(node);
	free(path);
	return status;
}

static ULONG
attributes_of(const struct node *node)
{
	return FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_ARCHIVE |
	    (node->is_dir ? FILE_ATTRIBUTE_DIRECTORY : 0);
}

static NTSTATUS NTAPI
link_NtQueryInformationFile(HANDLE h, IO_STATUS_BLOCK *iosb, PVOID info,
    ULONG len, FILE_INFORMATION_CLASS class)
{
	NTSTATUS status = real.NtQueryInformationFile(h, iosb, info, len,
	    class);
	FILE_STANDARD_INFORMATION *standard = info;
	const struct node *node = node_of(h);

	if (status != STATUS_SUCCESS || node == NULL)
		return status;
	if (class == FileBasicInformation)
		((FILE_BASIC_INFORMATION *)info)->FileAttributes =
		    attributes_of(node);
	if (class == FileAttributeTagInformation) {
		((FILE_ATTRIBUTE_TAG_INFO *)info)->FileAttributes =
		    attributes_of(node);
		((FILE_ATTRIBUTE_TAG_INFO *)info)->ReparseTag = node->data.tag;
	}
	if (class == FileStandardInformation) {
		standard->EndOfFile.QuadPart = 0;
		standard->AllocationSize.QuadPart = 0;
		standard->Directory = (BOOLEAN)node->is_dir;
	}
	return status;
}

static NTSTATUS NTAPI
link_NtQueryAttributesFile(OBJECT_ATTRIBUTES *attr,
    FILE_BASIC_INFORMATION *info)
{
	wchar_t *path = malloc(2 * UNITS * sizeof(*path));
	struct node *node = malloc(sizeof(*node));
	OBJECT_ATTRIBUTES a = *attr;
	UNICODE_STRING name;
	NTSTATUS status;

	if (resolve_attributes(attr, 0, path) > 0)
		name_of(path, &name, &a);
	status = real.NtQueryAttributesFile(&a, info);
	if (status == STATUS_SUCCESS && path[0] != L'\0' &&
	    read_node(path, wcslen(path), node))
		info->FileAttributes = attributes_of(node);
	free(node);
	free(path);
	return status;
}

/* A new name: NT follows links on the way to it, and not in it. */
static NTSTATUS NTAPI
link_NtSetInformationFile(HANDLE h, IO_STATUS_BLOCK *iosb, PVOID info,
    ULONG len, FILE_INFORMATION_CLASS class)
{
	FILE_RENAME_INFORMATION *from = info, *to = NULL;
	wchar_t *path = malloc(2 * UNITS * sizeof(*path));
	NTSTATUS status;
	size_t n;

	if ((class == FileRenameInformation || class == RENAME_INFORMATION_EX ||
	    class == FileLinkInformation) &&
	    absolute(from->RootDirectory, from->FileName,
	    from->FileNameLength / sizeof(wchar_t), path) &&
	    resolve(path, 0) > 0) {
		n = wcslen(path) * sizeof(*path);
		to = calloc(1, sizeof(*to) + n);
		(void)memcpy(to, from, sizeof(*to));
		to->RootDirectory = NULL;
		to->FileNameLength = (ULONG)n;
		(void)memcpy(to->FileName, path, n);
		info = to;
		len = (ULONG)(sizeof(*to) + n);
	}
	status = real.NtSetInformationFile(h, iosb, info, len, class);
	free(to);
	free(path);
	return status;
}

static NTSTATUS NTAPI
link_NtQueryDirectoryFile(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc,
    PVOID context, IO_STATUS_BLOCK *iosb, PVOID buf, ULONG len,
    FILE_INFORMATION_CLASS class, BOOLEAN one, UNICODE_STRING *mask,
    BOOLEAN again)
{
	NTSTATUS status = real.NtQueryDirectoryFile(h, event, apc, context,
	    iosb, buf, len, class, one, mask, again);
	wchar_t *path = malloc(2 * UNITS * sizeof(*path));
	struct node *node = malloc(sizeof(*node));
	FILE_ID_FULL_DIR_INFORMATION *i = buf;
	ULONG step = status == STATUS_SUCCESS;

	for (; step != 0; i = (void *)((char *)i + step)) {
		step = i->NextEntryOffset;
		if (class == FileIdFullDirectoryInformation &&
		    absolute(h, i->FileName, i->FileNameLength /
		    sizeof(wchar_t), path) &&
		    read_node(path, wcslen(path), node)) {
			i->FileAttributes = attributes_of(node);
			i->EaSize = node->data.tag;
			i->EndOfFile.QuadPart = 0;
		}
	}
	free(node);
	free(path);
	return status;
}

static WINBOOL WINAPI
link_DeviceIoControl(HANDLE h, DWORD what, LPVOID in, DWORD inlen, LPVOID out,
    DWORD outlen, DWORD *n, OVERLAPPED *ov)
{
	struct node *node = node_of(h);

	if (what != GET_REPARSE_POINT)
		return real.DeviceIoControl(h, what, in, inlen, out, outlen, n,
		    ov);
	if (node == NULL || node->len > outlen) {
		SetLastError(node == NULL ? ERROR_NOT_A_REPARSE_POINT :
		    ERROR_MORE_DATA);
		return FALSE;
	}
	(void)memcpy(out, &node->data, node->len);
	*n = node->len;
	return TRUE;
}

/* Substitute name and print name, as CreateSymbolicLinkW() writes them. */
static void
fill(struct node *node, ULONG tag, const wchar_t *text)
{
	static const wchar_t prefix[] = L"\\??\\";
	size_t len = wcslen(text) * sizeof(*text), at = 0;
	ULONG relative = text[0] != L'\0' && text[1] != L':';

	(void)memset(node, 0, sizeof(*node));
	(void)memcpy(node->mark, mark, sizeof(mark));
	node->data.tag = tag;
	if (tag == TAG_SYMLINK) {
		(void)memcpy(node->data.rest, &relative, sizeof(relative));
		at = sizeof(relative);
	}
	if (!relative) {
		(void)memcpy(node->data.rest + at, prefix, 8);
		node->data.name_len = 8;
	}
	(void)memcpy(node->data.rest + at + node->data.name_len, text, len);
	node->data.name_len += (USHORT)len;
	node->data.print_at = (USHORT)(node->data.name_len + 2);
	node->data.print_len = (USHORT)len;
	(void)memcpy(node->data.rest + at + node->data.print_at, text, len);
	node->data.len = (USHORT)(8 + at + node->data.print_at + len + 2);
	node->len = 8u + node->data.len;
}

static BOOL
put(const wchar_t *path, const struct node *node)
{
	wchar_t *full = malloc(2 * UNITS * sizeof(*full));
	DWORD n, code = 0;
	HANDLE h;

	(void)wcscpy(full, path);
	full[1] = L'?';
	(void)resolve(full, 0);
	full[1] = L'\\';
	h = CreateFileW(full, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
	free(full);
	if (h == INVALID_HANDLE_VALUE)
		return FALSE;
	if (!WriteFile(h, node, (DWORD)(offsetof(struct node, data) +
	    node->len), &n, NULL))
		code = GetLastError();
	(void)CloseHandle(h);
	SetLastError(code);
	return code == 0;
}

static BOOLEAN WINAPI
link_CreateSymbolicLinkW(LPCWSTR path, LPCWSTR text, DWORD flags)
{
	struct node *node = malloc(sizeof(*node));
	BOOL ok;

	fill(node, TAG_SYMLINK, text);
	node->is_dir = flags & 1;
	ok = put(path, node);
	free(node);
	return (BOOLEAN)ok;
}

int
links_junction(const char *target, const char *path)
{
	wchar_t wide[MAX_PATH], full[MAX_PATH], at[MAX_PATH + 4] = L"\\\\?\\";
	struct node *node = malloc(sizeof(*node));
	BOOL ok;

	(void)MultiByteToWideChar(CP_UTF8, 0, target, -1, wide, MAX_PATH);
	(void)GetFullPathNameW(wide, MAX_PATH, full, NULL);
	(void)MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, MAX_PATH);
	(void)GetFullPathNameW(wide, MAX_PATH, at + 4, NULL);
	fill(node, TAG_JUNCTION, full);
	node->is_dir = 1;
	ok = real.NtCreateFile != NULL && put(at, node);
	free(node);
	return ok ? 0 : -1;
}

static int
makes_links(void)
{
	DWORD a;

	(void)CreateSymbolicLinkW(L"link-probe", L"link-target", 2);
	a = GetFileAttributesW(L"link-probe");
	(void)DeleteFileW(L"link-probe");
	return a != INVALID_FILE_ATTRIBUTES &&
	    (a & FILE_ATTRIBUTE_REPARSE_POINT);
}

void
links_start(void)
{
	if (real.NtCreateFile != NULL || makes_links())
		return;
	(void)printf("# links are simulated here\n");
	real = nt;
	nt.CreateSymbolicLinkW = link_CreateSymbolicLinkW;
	nt.DeviceIoControl = link_DeviceIoControl;
	nt.NtCreateFile = link_NtCreateFile;
	nt.NtQueryAttributesFile = link_NtQueryAttributesFile;
	nt.NtQueryDirectoryFile = link_NtQueryDirectoryFile;
	nt.NtQueryInformationFile = link_NtQueryInformationFile;
	nt.NtSetInformationFile = link_NtSetInformationFile;
}
