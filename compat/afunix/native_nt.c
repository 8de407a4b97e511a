/* From documents and reports: no Wine so far has AF_UNIX, so never run yet. */
#include "afunix/native_nt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "socket/sock_nt.h"

#define TAG_AF_UNIX 0x80000023U
#define GET_PEER_PID _WSAIOR(IOC_VENDOR, 256)
#define SUN_PATH 108

static INIT_ONCE asked = INIT_ONCE_STATIC_INIT;
static int works;

static BOOL CALLBACK
ask(PINIT_ONCE once, PVOID arg, PVOID *context)
{
	uintptr_t s;

	(void)once, (void)arg, (void)context;
	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &s) == 0) {
		nt_sock_close(s, 0);
		works = 1;
	}
	return TRUE;
}

int
native_works(void)
{
	(void)InitOnceExecuteOnce(&asked, ask, NULL, NULL);
	return works;
}

int
native_path(const char *path, char out[SUN_PATH])
{
	const char *use = path;
	char *utf8 = NULL;
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	err = nt_utf8(wide, &utf8);
	free(wide);
	if (err != 0)
		return err;
	/* Absolute may be too long where relative is not. */
	use = strncmp(utf8, "\\\\?\\", 4) == 0 ? utf8 + 4 : utf8;
	if (strlen(use) >= SUN_PATH)
		use = path;
	err = strlen(use) < SUN_PATH ? 0 : ENAMETOOLONG;
	if (err == 0)
		strcpy(out, use);
	free(utf8);
	return err;
}

/*
 * A name for the path's claim: the same however the path is written.  By NT's
 * own table, as its file systems compare names, which no user's language
 * changes; and user32's CharUpperBuff() would bring the desktop's DLLs into
 * every program with sockets.
 */
static int
claim_name(const char *path, const WCHAR *space, WCHAR *name, size_t size)
{
	WCHAR full[32768 / 8], *p;
	uint64_t h = 14695981039346656037ULL;
	uint16_t *wide;
	DWORD n;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	n = GetFullPathNameW((WCHAR *)wide, sizeof(full) / sizeof(*full), full,
	    NULL);
	free(wide);
	if (n == 0 || n >= sizeof(full) / sizeof(*full))
		return ENAMETOOLONG;
	for (p = full; *p != 0; p++)
		h = (h ^ RtlUpcaseUnicodeChar(*p)) * 1099511628211ULL;
	(void)swprintf(name, size, L"%ls\\compat-unix-%08x%08x", space,
	    (unsigned int)(h >> 32), (unsigned int)h);
	return 0;
}

/*
 * The claim is a named event that exists as long as somebody has it open: it
 * goes away with the process, and needs no thread to own it.
 */
int
native_claim(const char *path, uintptr_t *claim)
{
	WCHAR name[64];
	HANDLE h;
	int err;

	if ((err = claim_name(path, L"Global", name, 64)) != 0)
		return err;
	h = nt.CreateEventW(NULL, TRUE, FALSE, name);
	if (h == NULL)
		return GetLastError() == ERROR_ACCESS_DENIED ? EADDRINUSE :
		    nt_errno(GetLastError());
	if (GetLastError() == ERROR_ALREADY_EXISTS) {
		(void)CloseHandle(h);
		return EADDRINUSE;
	}
	*claim = (uintptr_t)h;
	return 0;
}

void
native_unclaim(uintptr_t claim)
{
	(void)CloseHandle((HANDLE)claim);
}

int
native_look(const char *path)
{
	WIN32_FIND_DATAW found;
	uint16_t *wide;
	HANDLE h;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	/* Opening it would need a flag; its directory entry says enough. */
	h = FindFirstFileW((WCHAR *)wide, &found);
	err = h == INVALID_HANDLE_VALUE ? nt_errno(GetLastError()) : 0;
	free(wide);
	if (err != 0)
		return err;
	(void)FindClose(h);
	if ((found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0 ||
	    found.dwReserved0 != TAG_AF_UNIX)
		return EADDRINUSE;
	return 0;
}

int
native_remove(const char *path)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	err = DeleteFileW((WCHAR *)wide) ? 0 : nt_errno(GetLastError());
	free(wide);
	return err;
}

uint32_t
native_peer(uintptr_t sock)
{
	ULONG pid = 0;
	DWORD n;

	if (winsock.WSAIoctl(sock, GET_PEER_PID, NULL, 0, &pid, sizeof(pid),
	    &n, NULL, NULL) != 0)
		return 0;
	return pid;
}
