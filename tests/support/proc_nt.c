/*
 * Works on NT's handles alone, so that a fault of the library under test
 * cannot hide here.
 */
#include "support/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "nt/nt.h"

#define KILLED 0xDEAD

struct proc {
	HANDLE process, in, out;
};

/* One argument, quoted as the CRT of the child takes it apart again. */
static size_t
quote(const char *arg, char *to)
{
	size_t n = 0, slashes = 0;

	to[n++] = '"';
	for (; *arg != '\0'; arg++) {
		slashes = *arg == '\\' ? slashes + 1 : 0;
		if (*arg == '"')
			to[n++] = '\\';
		to[n++] = *arg;
	}
	for (; slashes > 0; slashes--)
		to[n++] = '\\';
	to[n++] = '"';
	return n;
}

static wchar_t *
command_line(const char *const argv[])
{
	static char line[32000];
	wchar_t *wide;
	size_t n = 0;
	int i, units;

	for (i = 0; argv[i] != NULL; i++) {
		if (n + 2 * strlen(argv[i]) + 4 > sizeof(line))
			return NULL;
		n += quote(argv[i], line + n);
		line[n++] = ' ';
	}
	line[n] = '\0';
	units = MultiByteToWideChar(CP_UTF8, 0, line, -1, NULL, 0);
	if ((wide = malloc((size_t)units * sizeof(*wide))) != NULL)
		(void)MultiByteToWideChar(CP_UTF8, 0, line, -1, wide, units);
	return wide;
}

/* Our end must not be inherited, or the child would wait for itself. */
static int
make_pipe(HANDLE *r, HANDLE *w, HANDLE *ours)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, TRUE };

	if (!CreatePipe(r, w, &sa, 0))
		return -1;
	(void)SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
	return 0;
}

static int
start(wchar_t *line, HANDLE in, HANDLE out, HANDLE *process)
{
	PROCESS_INFORMATION info;
	STARTUPINFOW si = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES };

	si.hStdInput = in;
	si.hStdOutput = out;
	si.hStdError = GetStdHandle(STD_ERROR_HANDLE);
	(void)SetHandleInformation(si.hStdError, HANDLE_FLAG_INHERIT,
	    HANDLE_FLAG_INHERIT);
	if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &si,
	    &info)) {
		(void)fprintf(stderr, "CreateProcess: error %lu\n",
		    GetLastError());
		return -1;
	}
	(void)CloseHandle(info.hThread);
	*process = info.hProcess;
	return 0;
}

int
proc_spawn(const char *const argv[], struct proc **pp)
{
	struct proc *p;
	wchar_t *line;
	HANDLE in, out;
	int status;

	p = calloc(1, sizeof(*p));
	line = command_line(argv);
	if (p == NULL || line == NULL ||
	    make_pipe(&in, &p->in, &p->in) != 0 ||
	    make_pipe(&p->out, &out, &p->out) != 0)
		return -1;
	status = start(line, in, out, &p->process);
	(void)CloseHandle(in);
	(void)CloseHandle(out);
	free(line);
	*pp = p;
	return status;
}

int
proc_readline(struct proc *p, char *buf, size_t size)
{
	size_t n = 0;
	DWORD got;
	char c;

	while (n + 1 < size) {
		if (!ReadFile(p->out, &c, 1, &got, NULL) || got == 0) {
			if (n == 0)
				return -1;
			break;
		}
		if (c == '\n')
			break;
		if (c != '\r')
			buf[n++] = c;
	}
	buf[n] = '\0';
	return (int)n;
}

int
proc_writeline(struct proc *p, const char *line)
{
	char text[512];
	DWORD n, put;

	n = (DWORD)snprintf(text, sizeof(text), "%s\n", line);
	return WriteFile(p->in, text, n, &put, NULL) && put == n ? 0 : -1;
}

void
proc_kill(struct proc *p)
{
	(void)TerminateProcess(p->process, KILLED);
}

int
proc_wait(struct proc *p)
{
	DWORD code = 0;

	(void)CloseHandle(p->in);
	(void)WaitForSingleObject(p->process, INFINITE);
	(void)GetExitCodeProcess(p->process, &code);
	(void)CloseHandle(p->process);
	(void)CloseHandle(p->out);
	free(p);
	return code == KILLED ? -1 : (int)code;
}
