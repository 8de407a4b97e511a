/*
 * A program that knows nothing of libcompat, as NT has millions: it reads and
 * writes handles by ReadFile and WriteFile without an OVERLAPPED, and its C
 * runtime's descriptors.
 */
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
copy(HANDLE from, HANDLE to)
{
	static char buf[30000];
	DWORD n, put, done;

	while (ReadFile(from, buf, sizeof(buf), &n, NULL) && n > 0)
		for (put = 0; put < n; put += done)
			if (!WriteFile(to, buf + put, n - put, &done, NULL))
				return 3;
	return GetLastError() == ERROR_BROKEN_PIPE || n == 0 ? 0 : 4;
}

/*
 * Open what check_survivor.c says, read two bytes, and start argv[0] by the C
 * runtime, which tells it in STARTUPINFO.lpReserved2 what is open.
 */
static int
parent(char *argv[])
{
	char c[2];

	if (_open("file", _O_RDWR | _O_BINARY) != 3 ||
	    _open("file", _O_RDWR | _O_BINARY | _O_NOINHERIT) != 4 ||
	    _open("file", _O_WRONLY | _O_APPEND | _O_BINARY) != 5 ||
	    _dup2(3, 7) != 0 || _read(3, c, 2) != 2)
		return 9;
	return (int)_spawnv(_P_WAIT, argv[0], (const char *const *)argv);
}

int
main(int argc, char *argv[])
{
	const char *role = argc > 1 ? argv[1] : "";
	HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
	HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
	char text[64];
	DWORD n = 0;
	int fd, len;

	if (strcmp(role, "cat") == 0)
		return copy(in, out);
	if (strcmp(role, "exit") == 0)
		ExitProcess((UINT)strtoul(argv[2], NULL, 0));
	if (strcmp(role, "write") == 0) {
		fd = atoi(argv[2]);
		(void)_setmode(fd, _O_BINARY);
		len = (int)strlen(argv[3]);
		return _write(fd, argv[3], (unsigned)len) == len ? 0 : 5;
	}
	if (strcmp(role, "read") == 0) {
		if (!ReadFile(in, text, (DWORD)atoi(argv[2]), &n, NULL))
			return 6;
		return WriteFile(out, text, n, &n, NULL) ? 0 : 7;
	}
	if (strcmp(role, "fds") == 0) {
		for (fd = 0; fd < 100; fd++)
			if (_get_osfhandle(fd) > 0) {
				len = sprintf(text, "%d ", fd);
				(void)WriteFile(out, text, (DWORD)len, &n,
				    NULL);
			}
		return 0;
	}
	if (strcmp(role, "wait") == 0) {
		(void)WriteFile(out, "ready", 5, &n, NULL);
		(void)CloseHandle(out);
		Sleep(INFINITE);
	}
	if (strcmp(role, "closed") == 0)	/* is it there at all? */
		return _get_osfhandle(atoi(argv[2])) > 0 ? 1 : 0;
	if (strcmp(role, "parent") == 0)
		return parent(argv + 2);
	return 8;
}
