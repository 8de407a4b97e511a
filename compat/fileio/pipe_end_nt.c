#include "fileio/pipe_end.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/random.h"
#include "signal/wait.h"

/*
 * CreatePipe's ends are synchronous: a read that has begun can be ended by
 * nobody.  So this makes a named pipe of one instance; the name is random,
 * because whoever knows it first could connect in our place, and
 * FIRST_PIPE_INSTANCE fails when someone else has it already.  Both directions
 * are open, so that a read can wait at the writer's end for the readers to go;
 * nothing is ever written the other way.
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
	in = nt.CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX |
	    FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
	    PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, (DWORD)capacity,
	    0, NULL);
	if (in == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	out = nt.CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
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

/* NamedPipeState, from the driver kit's headers. */
enum { PIPE_IS_CONNECTED = 3 };

int
pipe_is_alone(uintptr_t end)
{
	FILE_PIPE_LOCAL_INFORMATION info;
	IO_STATUS_BLOCK iosb;

	if (NtQueryInformationFile((HANDLE)end, &iosb, &info, sizeof(info),
	    FilePipeLocalInformation) != STATUS_SUCCESS)
		return 1;
	return info.NamedPipeState != PIPE_IS_CONNECTED;
}

/* 0 when the cancelled operation had completed after all. */
static int
cancel(HANDLE h, OVERLAPPED *ov, size_t *n)
{
	DWORD done = 0;
	BOOL ok;

	(void)nt.CancelIoEx(h, ov);
	ok = nt.GetOverlappedResult(h, ov, &done, TRUE);
	*n = done;
	return ok ? 0 : nt_errno(GetLastError());
}

int
pipe_get(uintptr_t r, void *buf, size_t len, size_t *n)
{
	HANDLE event, h = (HANDLE)r;
	OVERLAPPED ov = { 0 };
	DWORD done = 0;
	int err;

	*n = 0;
	if ((err = nt_event_take(&event)) != 0)
		return err;
	ov.hEvent = (HANDLE)((uintptr_t)event | 1);
	if (nt.ReadFile(h, buf, (DWORD)len, NULL, &ov)) {
		if (!nt.GetOverlappedResult(h, &ov, &done, TRUE))
			err = nt_errno(GetLastError());
		*n = done;
	} else if (GetLastError() == ERROR_IO_PENDING) {
		err = cancel(h, &ov, n);
		if (err == ECANCELED)
			err = EAGAIN;
	} else {
		err = nt_errno(GetLastError());
	}
	nt_event_give(event);
	return err == EPIPE ? 0 : err;
}

/* NT writes to it until the write has ended. */
struct pipe_put {
	OVERLAPPED ov;
	HANDLE event;
};

static void
put_free(struct pipe_put *p)
{
	nt_event_give(p->event);
	free(p);
}

int
pipe_put(uintptr_t w, const void *buf, size_t len, size_t *n,
    struct pipe_put **pp)
{
	struct pipe_put *p;
	DWORD done = 0;
	int err;

	*n = 0;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ENOMEM;
	if ((err = nt_event_take(&p->event)) != 0) {
		free(p);
		return err;
	}
	p->ov.hEvent = (HANDLE)((uintptr_t)p->event | 1);
	if (nt.WriteFile((HANDLE)w, buf, (DWORD)len, NULL, &p->ov)) {
		if (!nt.GetOverlappedResult((HANDLE)w, &p->ov, &done, TRUE))
			err = nt_errno(GetLastError());
		*n = done;
	} else if (GetLastError() == ERROR_IO_PENDING) {
		*pp = p;
		return EINPROGRESS;
	} else {
		err = nt_errno(GetLastError());
	}
	put_free(p);
	return err;
}

int
pipe_put_end(uintptr_t w, struct pipe_put *p, int block, size_t *n)
{
	DWORD done = 0;
	int err = EAGAIN, end;

	if (block)
		err = sig_wait((uintptr_t)p->event, -1);
	if (err != 0) {
		end = cancel((HANDLE)w, &p->ov, n);
		if (end != ECANCELED)
			err = end;
	} else {
		if (!nt.GetOverlappedResult((HANDLE)w, &p->ov, &done, TRUE))
			err = nt_errno(GetLastError());
		*n = done;
	}
	put_free(p);
	return err;
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

/*
 * A read at the writer's end ends when the readers are gone, and not before:
 * nobody writes to there.
 */
int
pipe_wait_room(uintptr_t w, uintptr_t room)
{
	HANDLE event, h = (HANDLE)w;
	OVERLAPPED ov = { 0 };
	uintptr_t both[2];
	size_t n;
	char none;
	int err;

	if ((err = nt_event_take(&event)) != 0)
		return err;
	ov.hEvent = event;
	if (!nt.ReadFile(h, &none, 0, NULL, &ov) &&
	    GetLastError() == ERROR_IO_PENDING) {
		both[0] = room;
		both[1] = (uintptr_t)event;
		err = sig_wait_any(both, 2, -1);
		(void)cancel(h, &ov, &n);
	}
	nt_event_give(event);
	return err;
}

uint32_t
pipe_access(int writer)
{
	return writer ? FILE_GENERIC_WRITE | FILE_READ_ATTRIBUTES :
	    FILE_GENERIC_READ | FILE_WRITE_ATTRIBUTES;
}
