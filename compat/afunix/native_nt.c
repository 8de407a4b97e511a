/* From documents and reports: no Wine so far has AF_UNIX (LIM-UNIX-10). */
#include "afunix/native_nt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "afunix/node.h"
#include "fileio/path_nt.h"
#include "nt/access_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "nt/random.h"
#include "socket/sock_nt.h"

#define GET_PEER_PID _WSAIOR(IOC_VENDOR, 256)

/* Of a name of NT's. */
#define NAME 64

/* Its sockaddr_un, which older headers lack. */
struct native_address {
	ADDRESS_FAMILY family;
	char path[NATIVE_PATH];
};

static INIT_ONCE asked = INIT_ONCE_STATIC_INIT;
static INIT_ONCE asked_names = INIT_ONCE_STATIC_INIT;
static int works, tells_names;

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
native_path(const char *path, char out[NATIVE_PATH])
{
	uint16_t *wide;
	char *utf8;
	int err;

	/* Checked as every other; but a relative one stays short. */
	if ((err = nt_path(path, &wide)) != 0)
		return err;
	free(wide);
	if ((err = nt_wide(path, &wide)) != 0)
		return err;
	err = nt_utf8(wide, &utf8);
	free(wide);
	if (err != 0)
		return err;
	memset(out, 0, NATIVE_PATH);
	if (strlen(utf8) < NATIVE_PATH)
		strcpy(out, utf8);
	else
		err = ENAMETOOLONG;
	free(utf8);
	return err;
}

static void
address(const char path[NATIVE_PATH], struct native_address *un)
{
	memset(un, 0, sizeof(*un));
	un->family = AF_UNIX;
	memcpy(un->path, path, NATIVE_PATH);
}

/* Not nt_sock_bind(): of a directory that one may not write WSAEACCES is so. */
int
native_bind_at(uintptr_t sock, const char path[NATIVE_PATH])
{
	struct native_address un;

	address(path, &un);
	return winsock.bind(sock, (struct sockaddr *)&un, sizeof(un)) == 0 ?
	    0 : nt_errno((uint32_t)WSAGetLastError());
}

int
native_connect_to(uintptr_t sock, const char path[NATIVE_PATH])
{
	struct native_address un;

	address(path, &un);
	return nt_sock_connect(sock, &un, sizeof(un));
}

int
native_accept_from(uintptr_t sock, uintptr_t *conn, char client[NATIVE_PATH])
{
	struct native_address un;
	int err, len = sizeof(un);

	memset(&un, 0, sizeof(un));
	err = nt_sock_accept_from(sock, conn, &un, &len);
	if (err == 0) {
		un.path[NATIVE_PATH - 1] = '\0';
		memcpy(client, un.path, NATIVE_PATH);
	}
	return err;
}

/* A node for a moment, in the directory for temporary files. */
static int
bind_probe(uintptr_t sock, const char *node, char path[NATIVE_PATH])
{
	int err;

	if ((err = native_path(node, path)) == 0 &&
	    (err = native_bind_at(sock, path)) == 0)
		err = nt_sock_blocking(sock);
	return err;
}

static int
try_names(uintptr_t listener, uintptr_t client, const char *nodes[2])
{
	char path[2][NATIVE_PATH], name[NATIVE_PATH];
	uintptr_t conn;

	if (bind_probe(listener, nodes[0], path[0]) != 0 ||
	    nt_sock_listen(listener, 1) != 0 ||
	    bind_probe(client, nodes[1], path[1]) != 0 ||
	    native_connect_to(client, path[0]) != 0 ||
	    native_accept_from(listener, &conn, name) != 0)
		return 0;
	nt_sock_close(conn, 0);
	return strcmp(name, path[1]) == 0;
}

static BOOL CALLBACK
ask_names(PINIT_ONCE once, PVOID arg, PVOID *context)
{
	char server[64], client[64];
	const char *nodes[2] = { server, client };
	uintptr_t l, c;
	uint64_t id;

	(void)once, (void)arg, (void)context;
	nt_random(&id, sizeof(id));
	(void)snprintf(server, sizeof(server), "/tmp/compat-%016llx-l", id);
	(void)snprintf(client, sizeof(client), "/tmp/compat-%016llx-c", id);
	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &l) != 0)
		return TRUE;
	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &c) == 0) {
		tells_names = try_names(l, c, nodes);
		nt_sock_close(c, 0);
	}
	nt_sock_close(l, 0);
	(void)native_remove(server);
	(void)native_remove(client);
	return TRUE;
}

int
native_tells_names(void)
{
	(void)InitOnceExecuteOnce(&asked_names, ask_names, NULL, NULL);
	return tells_names;
}

/*
 * A name for the path's turn: the same however the path is written.  By NT's
 * own table, as its file systems compare names, which no user's language
 * changes; and user32's CharUpperBuff() would bring the desktop's DLLs into
 * every program with sockets.
 */
static int
turn_name(const char *path, WCHAR *name, size_t size)
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
	(void)swprintf(name, size, L"Global\\compat-unix-turn-%08x%08x",
	    (unsigned int)(h >> 32), (unsigned int)h);
	return 0;
}

/* Another user's is not waited for: NT's bind tells the two apart, too. */
int
native_enter(const char *path, uintptr_t *turn)
{
	WCHAR name[NAME];
	HANDLE h;
	int err;

	*turn = 0;
	if ((err = turn_name(path, name, NAME)) != 0)
		return err;
	if ((h = nt.CreateMutexW(NULL, FALSE, name)) == NULL)
		return GetLastError() == ERROR_ACCESS_DENIED ? 0 :
		    nt_errno(GetLastError());
	(void)WaitForSingleObject(h, INFINITE);
	*turn = (uintptr_t)h;
	return 0;
}

void
native_leave(uintptr_t turn)
{
	if (turn == 0)
		return;
	(void)ReleaseMutex((HANDLE)turn);
	(void)CloseHandle((HANDLE)turn);
}

/* NT opens a node with this flag, and only so. */
static int
open_node(const char *path, DWORD access, HANDLE *h)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	*h = nt.CreateFileW((WCHAR *)wide, access, SHARE_ALL, NULL,
	    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
	err = *h == INVALID_HANDLE_VALUE ? path_errno(wide, GetLastError()) : 0;
	free(wide);
	return err;
}

/* By the file's number: a name that was unlinked is free for another. */
static int
claim_name(const char *path, WCHAR *name, size_t size)
{
	BY_HANDLE_FILE_INFORMATION info;
	HANDLE h;
	int err;

	if ((err = open_node(path, FILE_READ_ATTRIBUTES, &h)) != 0)
		return err;
	if (!GetFileInformationByHandle(h, &info))
		err = nt_errno(GetLastError());
	(void)CloseHandle(h);
	(void)swprintf(name, size, L"Global\\compat-unix-%08lx-%08lx%08lx",
	    info.dwVolumeSerialNumber, info.nFileIndexHigh,
	    info.nFileIndexLow);
	return err;
}

/* One that exists is of a node that was deleted, whose number is used again. */
int
native_claim(const char *path, uintptr_t *claim)
{
	WCHAR name[NAME];
	HANDLE h;
	int err;

	if ((err = claim_name(path, name, NAME)) != 0)
		return err;
	if ((h = nt.CreateEventW(NULL, TRUE, FALSE, name)) == NULL)
		return nt_errno(GetLastError());
	*claim = (uintptr_t)h;
	return 0;
}

void
native_unclaim(uintptr_t claim)
{
	(void)CloseHandle((HANDLE)claim);
}

void
native_listening(uintptr_t claim)
{
	(void)SetEvent((HANDLE)claim);
}

enum native_holder
native_holder(const char *path)
{
	enum native_holder how;
	WCHAR name[NAME];
	HANDLE h;

	if (claim_name(path, name, NAME) != 0)
		return NATIVE_NOBODY;
	if ((h = nt.OpenEventW(SYNCHRONIZE, FALSE, name)) == NULL)
		return GetLastError() == ERROR_ACCESS_DENIED ? NATIVE_BOUND :
		    NATIVE_NOBODY;
	how = WaitForSingleObject(h, 0) == WAIT_OBJECT_0 ? NATIVE_LISTENS :
	    NATIVE_BOUND;
	(void)CloseHandle(h);
	return how;
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
	h = nt.FindFirstFileW((WCHAR *)wide, &found);
	err = h == INVALID_HANDLE_VALUE ? path_errno(wide, GetLastError()) : 0;
	free(wide);
	if (err != 0)
		return err;
	(void)FindClose(h);
	return unix_node_looks(0, found.dwFileAttributes,
	    found.dwReserved0) == NODE_YES ? 0 : EADDRINUSE;
}

int
native_remove(const char *path)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	err = nt.DeleteFileW((WCHAR *)wide) ? 0 : nt_errno(GetLastError());
	free(wide);
	return err;
}

int
native_protect(const char *path)
{
	HANDLE h;
	int err;

	if ((err = open_node(path, READ_CONTROL | WRITE_DAC, &h)) != 0)
		return err;
	err = nt_set_private(h, 0, 1);
	(void)CloseHandle(h);
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
