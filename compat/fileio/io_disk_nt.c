/*
 * One transfer on a regular file: one call of NT's when it is over at once,
 * two when it has to be waited for.  ReadFile() would be two in any case, as
 * its answer on an overlapped handle is asked for by another call.
 */
#include "fileio/io.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

/*
 * Many threads may be at work on one file object, whose own event then says
 * that one of them is done and not which: so each brings an event.  Wine never
 * leaves a transfer on a regular file pending, says "pending" all the same, and
 * charges a round trip to its server for setting the event: there, none.
 */
static int
event_take(HANDLE *event)
{
	*event = NULL;
	return nt_wine ? 0 : nt_event_take(event);
}

/* EBUSY: a native lock of somebody else's, as in io_nt.c. */
static int
status_errno(NTSTATUS status)
{
	switch (status) {
	case STATUS_END_OF_FILE:
		return 0;
	case STATUS_FILE_LOCK_CONFLICT:
		return EBUSY;
	default:
		return nt_status_errno(status);
	}
}

static int
finish(HANDLE h, HANDLE event, NTSTATUS status, const IO_STATUS_BLOCK *iosb,
    size_t *done)
{
	if (status == STATUS_PENDING) {
		while (*(const volatile NTSTATUS *)&iosb->Status ==
		    STATUS_PENDING)
			(void)WaitForSingleObject(event != NULL ? event : h,
			    INFINITE);
		status = iosb->Status;
	}
	if (status != STATUS_SUCCESS)
		return status_errno(status);
	*done = iosb->Information;
	return 0;
}

int
disk_read(uintptr_t handle, void *buf, size_t len, uint64_t off, size_t *done)
{
	LARGE_INTEGER at = { .QuadPart = (int64_t)off };
	IO_STATUS_BLOCK iosb = { .Status = STATUS_PENDING };
	HANDLE event, h = (HANDLE)handle;
	NTSTATUS status;
	int err;

	*done = 0;
	if ((err = event_take(&event)) != 0)
		return err;
	status = nt.NtReadFile(h, event, NULL, NULL, &iosb, buf,
	    (ULONG)(len < IO_MAX ? len : IO_MAX), &at, NULL);
	err = finish(h, event, status, &iosb, done);
	if (event != NULL)
		nt_event_give(event);
	return err;
}

int
disk_write(uintptr_t handle, const void *buf, size_t len, uint64_t off,
    size_t *done)
{
	LARGE_INTEGER at = { .QuadPart = (int64_t)off };
	IO_STATUS_BLOCK iosb = { .Status = STATUS_PENDING };
	HANDLE event, h = (HANDLE)handle;
	NTSTATUS status;
	int err;

	*done = 0;
	if ((err = event_take(&event)) != 0)
		return err;
	status = nt.NtWriteFile(h, event, NULL, NULL, &iosb,
	    (void *)(uintptr_t)buf, (ULONG)(len < IO_MAX ? len : IO_MAX), &at,
	    NULL);
	err = finish(h, event, status, &iosb, done);
	if (event != NULL)
		nt_event_give(event);
	return err;
}
