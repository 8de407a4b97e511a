#include "fileio/io.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* What the end of a file or of a pipe looks like to a reader. */
static int
is_end(DWORD code)
{
	return code == ERROR_HANDLE_EOF || code == ERROR_BROKEN_PIPE;
}

/*
 * A writer has no end: a broken pipe is an error to him.  Another program has
 * locked the range: not EAGAIN, or one would wait for it by poll.
 */
static int
io_errno(DWORD code, int reading)
{
	if (code == ERROR_LOCK_VIOLATION)
		return EBUSY;
	return reading && is_end(code) ? 0 : nt_errno(code);
}

/*
 * An OVERLAPPED with an event does for both kinds of handle: on a synchronous
 * one the call returns when all is done, on the other it may have to be waited
 * for.  The event's lowest bit keeps the completion out of a port.
 */
static int
finish(HANDLE h, BOOL ok, OVERLAPPED *ov, int reading, size_t *done)
{
	DWORD code, n = 0;

	*done = 0;
	if (!ok && (code = GetLastError()) != ERROR_IO_PENDING)
		return io_errno(code, reading);
	if (!nt.GetOverlappedResult(h, ov, &n, TRUE))
		return io_errno(GetLastError(), reading);
	/*
	 * A console ends a read of nothing at CTRL+C, as if the input had
	 * ended, with the difference in the error (Microsoft, ReadConsole).
	 */
	if (ok && n == 0 && GetLastError() == ERROR_OPERATION_ABORTED)
		return ECANCELED;
	*done = n;
	return 0;
}

static int
transfer(HANDLE h, int reading, void *buf, size_t len, uint64_t off,
    size_t *done)
{
	DWORD n = (DWORD)(len < IO_MAX ? len : IO_MAX);
	OVERLAPPED ov = { 0 };
	HANDLE event;
	BOOL ok;
	int err;

	if ((err = nt_event_take(&event)) != 0)
		return err;
	ov.Offset = (DWORD)off;
	ov.OffsetHigh = (DWORD)(off >> 32);
	ov.hEvent = (HANDLE)((uintptr_t)event | 1);
	SetLastError(0);
	ok = reading ? nt.ReadFile(h, buf, n, NULL, &ov) :
	    nt.WriteFile(h, buf, n, NULL, &ov);
	err = finish(h, ok, &ov, reading, done);
	nt_event_give(event);
	return err;
}

int
io_read(uintptr_t handle, void *buf, size_t len, uint64_t off, size_t *done)
{
	return transfer((HANDLE)handle, 1, buf, len, off, done);
}

int
io_write(uintptr_t handle, const void *buf, size_t len, uint64_t off,
    size_t *done)
{
	return transfer((HANDLE)handle, 0, (void *)(uintptr_t)buf, len, off,
	    done);
}
