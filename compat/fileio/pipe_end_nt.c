#include "fileio/pipe_end.h"

#include <stdatomic.h>
#include <stdio.h>
#include <wchar.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/random.h"
#include "signal/wait.h"

/*
 * CreatePipe's ends are synchronous: a read that has begun can be ended by
 * nobody.  So this makes a named pipe of one instance; the name is random,
 * because whoever knows it first could connect in our place, and
 * FIRST_PIPE_INSTANCE fails when someone else has it already.
 */
int
pipe_ends(size_t capacity, uintptr_t *r, uintptr_t *w)
{
	unsigned long long secret[2];
	wchar_t name[80];
	HANDLE in, out;
	int err;

	nt_random(secret, sizeof(secret));
	(void)_snwprintf(name, 80, L"\\\\.\\pipe\\compat-%lx-%016I64x%016I64x",
	    GetCurrentProcessId(), secret[0], secret[1]);
	in = nt.CreateNamedPipeW(name, PIPE_ACCESS_INBOUND |
	    FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
	    PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, (DWORD)capacity,
	    0, NULL);
	if (in == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	out = nt.CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0,
	    NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	if (out == INVALID_HANDLE_VALUE) {
		err = nt_errno(GetLastError());
		(void)CloseHandle(in);
		return err;
	}
	*r = (uintptr_t)in;
	*w = (uintptr_t)out;
	return 0;
}

int
pipe_available(uintptr_t r, size_t *n)
{
	DWORD avail = 0;

	*n = 0;
	if (!PeekNamedPipe((HANDLE)r, NULL, 0, NULL, &avail, NULL))
		return nt_errno(GetLastError());
	*n = avail;
	return 0;
}

/*
 * 0 for the end of the pipe too, which the next read finds.  Any other error
 * would come again at once, and the caller would go round for ever.
 */
static int
wait_errno(DWORD code)
{
	return code == ERROR_BROKEN_PIPE ? 0 : nt_errno(code);
}

/*
 * A read of nothing completes when there is something (or nobody) to read
 * from, and leaves it there: it can be cancelled without losing a byte.
 */
int
pipe_wait(uintptr_t r)
{
	HANDLE event, h = (HANDLE)r;
	OVERLAPPED ov = { 0 };
	DWORD n;
	char none;
	int err;

	if ((err = nt_event_take(&event)) != 0)
		return err;
	ov.hEvent = event;
	if (nt.ReadFile(h, &none, 0, NULL, &ov))
		goto give_event;
	if (GetLastError() != ERROR_IO_PENDING) {
		err = wait_errno(GetLastError());
		goto give_event;
	}
	if ((err = sig_wait((uintptr_t)event, -1)) != 0)
		(void)nt.CancelIoEx(h, &ov);
	if (nt.GetOverlappedResult(h, &ov, &n, TRUE))
		err = 0;	/* it may have completed after all */
	else if (err == 0)
		err = wait_errno(GetLastError());
give_event:
	nt_event_give(event);
	return err;
}

int
room_new(uintptr_t *event)
{
	HANDLE h;

	if ((h = nt.CreateEventW(NULL, TRUE, TRUE, NULL)) == NULL)
		return nt_errno(GetLastError());
	*event = (uintptr_t)h;
	return 0;
}

void
room_set(uintptr_t event, int on)
{
	if (on)
		(void)SetEvent((HANDLE)event);
	else
		(void)ResetEvent((HANDLE)event);
}

int
room_wait(uintptr_t event)
{
	return sig_wait(event, -1);
}
