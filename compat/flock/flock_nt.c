#include "flock/flock.h"

#include <sys/file.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "signal/wait.h"
#include "time/clock.h"

/*
 * NT's byte-range locks are mandatory: they refuse other handles' reads and
 * writes inside the range.  So lock one byte where no data can be, and the
 * lock is advisory in effect.  Never [0, size): that misses what is appended
 * later and is nothing for an empty file.  The byte is below 2^63, beyond what
 * NTFS lets a file grow to (2^64 clusters in theory, 256 TB to 8 PB in fact).
 */
#define LOCK_BYTE 0x7FFFFFFFFFFFFF00ULL

/* Between two tries of a blocking call: LIM-FLOCK-1. */
#define PAUSE_MIN 500000		/* ns */
#define PAUSE_MAX 20000000

static OVERLAPPED
lock_byte(HANDLE event)
{
	OVERLAPPED ov = { 0 };

	ov.Offset = (DWORD)LOCK_BYTE;
	ov.OffsetHigh = (DWORD)(LOCK_BYTE >> 32);
	ov.hEvent = (HANDLE)((uintptr_t)event | 1);
	return ov;
}

/*
 * With LOCKFILE_FAIL_IMMEDIATELY the answer is there at once, on Windows
 * sometimes as "pending" that is complete already.
 */
static int
try_lock(HANDLE h, int type)
{
	DWORD flags = LOCKFILE_FAIL_IMMEDIATELY, code = 0, n;
	OVERLAPPED ov;
	HANDLE event;
	int err;

	if (type == LOCK_EX)
		flags |= LOCKFILE_EXCLUSIVE_LOCK;
	if ((err = nt_event_take(&event)) != 0)
		return err;
	ov = lock_byte(event);
	if (!nt.LockFileEx(h, flags, 0, 1, 0, &ov)) {
		code = GetLastError();
		if (code == ERROR_IO_PENDING)
			code = nt.GetOverlappedResult(h, &ov, &n, TRUE) ? 0 :
			    GetLastError();
	}
	nt_event_give(event);
	return nt_errno(code);
}

/*
 * An unlock that finds nothing to unlock is an error of NT's only (158, and 33
 * on Wine); we ask for it only when there is a lock.
 */
static int
unlock(HANDLE h)
{
	OVERLAPPED ov = lock_byte(NULL);

	ov.hEvent = NULL;
	if (!nt.UnlockFileEx(h, 0, 1, 0, &ov))
		return nt_errno(GetLastError());
	return 0;
}

/*
 * EX to SH is atomic: NT lets the holder stack a shared lock on its exclusive
 * one, and one unlock then takes the exclusive away (LockFileEx: "the first
 * unlock operation unlocks the exclusive lock").  SH to EX is not: NT's own
 * shared lock would be in the way, so it goes first, as on Linux.
 */
static int
convert(struct flock_state *s, HANDLE h, int type)
{
	int err;

	if (s->held == type)
		return 0;
	if (s->held == LOCK_EX) {
		if (!s->stacked && (err = try_lock(h, LOCK_SH)) != 0)
			return err;
		s->stacked = 1;
		if ((err = unlock(h)) == 0) {
			s->stacked = 0;
			s->held = LOCK_SH;
		}
		return err;
	}
	if (s->held == LOCK_SH) {
		if ((err = unlock(h)) != 0)
			return err;
		s->held = 0;
	}
	if ((err = try_lock(h, type)) == 0)
		s->held = type;
	return err;
}

static int
release(struct flock_state *s, HANDLE h)
{
	int err = 0;

	lock_write(&s->lock);
	if (s->stacked && (err = unlock(h)) == 0) {
		s->stacked = 0;
		s->held = LOCK_SH;
	}
	if (err == 0 && s->held != 0 && (err = unlock(h)) == 0)
		s->held = 0;
	unlock_write(&s->lock);
	return err;
}

static int
attempt(struct flock_state *s, HANDLE h, int type)
{
	int err;

	lock_write(&s->lock);
	err = convert(s, h, type);
	unlock_write(&s->lock);
	return err;
}

/*
 * A blocking LockFileEx on an overlapped handle never completes under Wine and
 * cannot be cancelled there, and a lock that is granted after its wait was
 * given up would be held by nobody.  So this tries, and waits longer each
 * time; a signal ends the wait at once.
 */
int
flock_handle(struct flock_state *s, uintptr_t handle, int op)
{
	HANDLE h = (HANDLE)handle;
	int64_t pause = PAUSE_MIN;
	int err;

	if (op & LOCK_UN)
		return release(s, h);
	for (;;) {
		err = attempt(s, h, op & ~LOCK_NB);
		if (err != EWOULDBLOCK || (op & LOCK_NB))
			return err;
		err = sig_wait(0, clock_deadline(pause));
		if (err == EINTR && (err = sig_interrupt()) != 0)
			return err;
		if (pause < PAUSE_MAX)
			pause *= 2;
	}
}
