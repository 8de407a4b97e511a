#include "flock/range.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "signal/wait.h"
#include "time/clock.h"

#define PAUSE_MIN 500000		/* ns */
#define PAUSE_MAX 20000000

struct range_op {
	OVERLAPPED ov;
	HANDLE h, event;
};

/* Does a lock that waits come to an end here?  Known after the first one. */
enum { UNKNOWN, WAITS, TRIES };
static atomic_int ability = UNKNOWN;

static void
set_up(OVERLAPPED *ov, HANDLE event, uint64_t off)
{
	*ov = (OVERLAPPED){ 0 };
	ov->Offset = (DWORD)off;
	ov->OffsetHigh = (DWORD)(off >> 32);
	/* The lowest bit keeps the completion out of a port. */
	if (event != NULL)
		ov->hEvent = (HANDLE)((uintptr_t)event | 1);
}

static DWORD
collect(HANDLE h, OVERLAPPED *ov)
{
	DWORD n;

	return nt.GetOverlappedResult(h, ov, &n, TRUE) ? 0 : GetLastError();
}

/*
 * With LOCKFILE_FAIL_IMMEDIATELY the answer is there at once, on Windows
 * sometimes as "pending" that is complete already: so there must be an event.
 * Wine never says that, and sets an event by a call that costs half as much
 * as the lock and the unlock together.
 */
int
range_try(uintptr_t handle, int exclusive, uint64_t off, uint64_t len)
{
	DWORD flags = LOCKFILE_FAIL_IMMEDIATELY, code = 0;
	HANDLE event = NULL, h = (HANDLE)handle;
	OVERLAPPED ov;
	int err;

	if (exclusive)
		flags |= LOCKFILE_EXCLUSIVE_LOCK;
	if (!nt_wine && (err = nt_event_take(&event)) != 0)
		return err;
	set_up(&ov, event, off);
	if (!nt.LockFileEx(h, flags, 0, (DWORD)len, (DWORD)(len >> 32), &ov) &&
	    (code = GetLastError()) == ERROR_IO_PENDING)
		code = collect(h, &ov);
	if (event != NULL)
		nt_event_give(event);
	return nt_errno(code);
}

int
range_unlock(uintptr_t handle, uint64_t off, uint64_t len)
{
	OVERLAPPED ov;

	set_up(&ov, NULL, off);
	if (!nt.UnlockFileEx((HANDLE)handle, 0, (DWORD)len,
	    (DWORD)(len >> 32), &ov))
		return nt_errno(GetLastError());
	return 0;
}

static int
ask(struct range_op *op, int exclusive, uint64_t off, uint64_t len)
{
	set_up(&op->ov, op->event, off);
	/* Wine leaves it as it is, and then it looks completed. */
	op->ov.Internal = (ULONG_PTR)STATUS_PENDING;
	(void)ResetEvent(op->event);
	if (nt.LockFileEx(op->h, exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0, 0,
	    (DWORD)len, (DWORD)(len >> 32), &op->ov))
		return 0;
	return nt_errno(GetLastError());
}

/*
 * Wine accepts a lock that waits on an overlapped handle, never grants it, and
 * does not find it when it is to be cancelled.  Ask that of the first one, as
 * long as we do not know: on NT the operation is cancelled, or was completed.
 * 0, EINPROGRESS, ECANCELED (it works: ask again) or ENOSYS.
 */
static int
probe(struct range_op *op)
{
	DWORD code;

	if (atomic_load(&ability) == WAITS)
		return EINPROGRESS;
	if (!nt.CancelIoEx(op->h, &op->ov) &&
	    GetLastError() == ERROR_NOT_FOUND &&
	    !HasOverlappedIoCompleted(&op->ov)) {
		atomic_store(&ability, TRIES);
		return ENOSYS;
	}
	atomic_store(&ability, WAITS);
	code = collect(op->h, &op->ov);
	return code == ERROR_OPERATION_ABORTED ? ECANCELED : nt_errno(code);
}

int
range_start(uintptr_t handle, int exclusive, uint64_t off, uint64_t len,
    struct range_op **opp)
{
	struct range_op *op;
	int err;

	*opp = NULL;
	if (atomic_load(&ability) == TRIES)
		return ENOSYS;
	if ((op = calloc(1, sizeof(*op))) == NULL)
		return ENOMEM;
	op->h = (HANDLE)handle;
	if ((err = nt_event_take(&op->event)) != 0) {
		free(op);
		return err;
	}
	do {
		err = ask(op, exclusive, off, len);
	} while (err == EINPROGRESS && (err = probe(op)) == ECANCELED);
	if (err == EINPROGRESS)
		*opp = op;
	else if (err != ENOSYS)
		range_free(op);
	/* Else it is NT's to write to for ever, once in a process. */
	return err;
}

int
range_wait(struct range_op *op, int64_t deadline)
{
	int err = sig_wait((uintptr_t)op->event, deadline);
	DWORD code;

	if (err != 0)
		(void)nt.CancelIoEx(op->h, &op->ov);
	if ((code = collect(op->h, &op->ov)) == 0)
		return 0;
	return err != 0 ? err : nt_errno(code);
}

void
range_cancel(struct range_op *op)
{
	(void)nt.CancelIoEx(op->h, &op->ov);
}

void
range_free(struct range_op *op)
{
	nt_event_give(op->event);
	free(op);
}

int
range_pause(int64_t *pause, int64_t deadline)
{
	int64_t until;
	int err;

	*pause = *pause == 0 ? PAUSE_MIN : *pause * 2;
	if (*pause > PAUSE_MAX)
		*pause = PAUSE_MAX;
	until = clock_deadline(*pause);
	if (deadline >= 0 && deadline < until)
		until = deadline;
	err = sig_wait(0, until);
	if (err == ETIMEDOUT && (deadline < 0 || until < deadline))
		err = 0;
	return err;
}
