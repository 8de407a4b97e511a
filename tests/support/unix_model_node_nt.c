/* The nodes of the model, and what NT's calls say of them. */
#include "support/unix_model_nt.h"

#include <string.h>

#define TAG_AF_UNIX 0x80000023U
#define ATTRIBUTES (FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_REPARSE_POINT)
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* Of 2001, to a ten-millionth of a second; below it is the port. */
#define MARK 0x01c0af15c0de0000LL

/* Of ntstatus.h. */
#define NOT_HANDLED ((NTSTATUS)0xc0000279)

struct nt_calls model_real_nt;

static int
is_mark(int64_t time)
{
	return (time & ~INT64_C(0xffff)) == MARK;
}

uint16_t
model_node_port(HANDLE h)
{
	FILE_BASIC_INFORMATION basic;
	IO_STATUS_BLOCK iosb;

	if (model_real_nt.NtQueryInformationFile(h, &iosb, &basic,
	    sizeof(basic), FileBasicInformation) != 0 ||
	    !is_mark(basic.LastWriteTime.QuadPart))
		return 0;
	return (uint16_t)basic.LastWriteTime.QuadPart;
}

static int
node_code(DWORD code)
{
	switch (code) {
	case ERROR_FILE_NOT_FOUND:
		return WSAECONNREFUSED;
	case ERROR_PATH_NOT_FOUND:
		return WSAENETDOWN;
	case ERROR_FILE_EXISTS:
	case ERROR_ALREADY_EXISTS:
		return WSAEADDRINUSE;
	case ERROR_ACCESS_DENIED:
		return WSAEACCES;
	default:
		return WSAEINVAL;
	}
}

static int64_t
index_of(HANDLE h)
{
	FILE_INTERNAL_INFORMATION info;
	IO_STATUS_BLOCK iosb;

	if (model_real_nt.NtQueryInformationFile(h, &iosb, &info, sizeof(info),
	    FileInternalInformation) != 0)
		return -1;
	return info.IndexNumber.QuadPart;
}

static HANDLE
open_path(const char *path, DWORD access, DWORD how)
{
	WCHAR wide[MODEL_PATH + 1];

	if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide,
	    MODEL_PATH + 1) == 0)
		return INVALID_HANDLE_VALUE;
	return model_real_nt.CreateFileW(wide, access, SHARE_ALL, NULL, how,
	    FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

int
model_node_make(const char *path, uint16_t port, int64_t *index)
{
	LARGE_INTEGER time = { .QuadPart = MARK | port };
	FILETIME mark = { time.LowPart, (DWORD)time.HighPart };
	HANDLE h = open_path(path, GENERIC_WRITE, CREATE_NEW);
	BOOL ok;

	if (h == INVALID_HANDLE_VALUE)
		return node_code(GetLastError());
	*index = index_of(h);
	ok = SetFileTime(h, NULL, NULL, &mark);
	(void)CloseHandle(h);
	return ok ? 0 : WSAENOBUFS;
}

int
model_node_read(const char *path, uint16_t *port, int64_t *index)
{
	HANDLE h = open_path(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING);

	if (h == INVALID_HANDLE_VALUE)
		return node_code(GetLastError());
	*port = model_node_port(h);
	*index = index_of(h);
	(void)CloseHandle(h);
	return *port != 0 ? 0 : WSAECONNREFUSED;
}

/* --- what they look like --- */

static NTSTATUS NTAPI
model_NtQueryInformationFile(HANDLE h, IO_STATUS_BLOCK *iosb, PVOID to,
    ULONG size, FILE_INFORMATION_CLASS class)
{
	NTSTATUS status = model_real_nt.NtQueryInformationFile(h, iosb, to,
	    size, class);
	FILE_ATTRIBUTE_TAG_INFO *tag = to;
	FILE_BASIC_INFORMATION *basic = to;

	if (status != 0)
		return status;
	if (class == FileBasicInformation &&
	    is_mark(basic->LastWriteTime.QuadPart)) {
		basic->FileAttributes = ATTRIBUTES;
	} else if (class == FileAttributeTagInformation &&
	    model_node_port(h) != 0) {
		tag->FileAttributes = ATTRIBUTES;
		tag->ReparseTag = TAG_AF_UNIX;
	}
	return status;
}

/* All classes that the library asks for are the same up to EaSize. */
static NTSTATUS NTAPI
model_NtQueryDirectoryFile(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc,
    PVOID ctx, IO_STATUS_BLOCK *iosb, PVOID to, ULONG size,
    FILE_INFORMATION_CLASS class, BOOLEAN one, UNICODE_STRING *mask,
    BOOLEAN restart)
{
	NTSTATUS status = model_real_nt.NtQueryDirectoryFile(h, event, apc, ctx,
	    iosb, to, size, class, one, mask, restart);
	FILE_FULL_DIR_INFORMATION *i = to;

	while (status == 0 && iosb->Information > 0) {
		if (is_mark(i->LastWriteTime.QuadPart)) {
			i->FileAttributes = ATTRIBUTES;
			i->EaSize = TAG_AF_UNIX;
		}
		if (i->NextEntryOffset == 0)
			break;
		i = (void *)((char *)i + i->NextEntryOffset);
	}
	return status;
}

static NTSTATUS NTAPI
model_NtCreateFile(HANDLE *h, ACCESS_MASK access, OBJECT_ATTRIBUTES *attr,
    IO_STATUS_BLOCK *iosb, LARGE_INTEGER *size, ULONG attributes, ULONG share,
    ULONG how, ULONG options, PVOID ea, ULONG ealen)
{
	NTSTATUS status = model_real_nt.NtCreateFile(h, access, attr, iosb,
	    size, attributes, share, how, options, ea, ealen);

	if (status != 0 || (options & FILE_OPEN_REPARSE_POINT) != 0 ||
	    model_node_port(*h) == 0)
		return status;
	(void)model_real_nt.CloseHandle(*h);
	return NOT_HANDLED;
}

static HANDLE WINAPI
model_CreateFileW(LPCWSTR name, DWORD access, DWORD share,
    SECURITY_ATTRIBUTES *sa, DWORD how, DWORD flags, HANDLE template)
{
	HANDLE h = model_real_nt.CreateFileW(name, access, share, sa, how,
	    flags, template);

	if (h == INVALID_HANDLE_VALUE ||
	    (flags & FILE_FLAG_OPEN_REPARSE_POINT) != 0 ||
	    model_node_port(h) == 0)
		return h;
	(void)model_real_nt.CloseHandle(h);
	SetLastError(ERROR_CANT_ACCESS_FILE);
	return INVALID_HANDLE_VALUE;
}

static HANDLE WINAPI
model_FindFirstFileW(LPCWSTR name, WIN32_FIND_DATAW *found)
{
	HANDLE h = model_real_nt.FindFirstFileW(name, found);
	LARGE_INTEGER time;

	if (h == INVALID_HANDLE_VALUE)
		return h;
	time.LowPart = found->ftLastWriteTime.dwLowDateTime;
	time.HighPart = (LONG)found->ftLastWriteTime.dwHighDateTime;
	if (is_mark(time.QuadPart)) {
		found->dwFileAttributes = ATTRIBUTES;
		found->dwReserved0 = TAG_AF_UNIX;
	}
	return h;
}

void
model_hook_nodes(void)
{
	model_real_nt = nt;
	nt.CreateFileW = model_CreateFileW;
	nt.FindFirstFileW = model_FindFirstFileW;
	nt.NtCreateFile = model_NtCreateFile;
	nt.NtQueryDirectoryFile = model_NtQueryDirectoryFile;
	nt.NtQueryInformationFile = model_NtQueryInformationFile;
}
