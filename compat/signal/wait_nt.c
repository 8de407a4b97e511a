#include "signal/wait.h"

#include "nt/errmap.h"
#include "nt/nt.h"

#include "signal/state.h"
#include "time/clock.h"

/* NT's relative time for what is left until the deadline, rounded up. */
static LARGE_INTEGER *
time_left(int64_t deadline, LARGE_INTEGER *timeout)
{
	int64_t left;

	if (deadline < 0)
		return NULL;
	left = deadline - clock_monotonic_ns();
	timeout->QuadPart = left > 0 ? -((left + 99) / 100) : 0;
	return timeout;
}

static int
is_signalled(HANDLE h)
{
	LARGE_INTEGER now = { .QuadPart = 0 };

	return NtWaitForSingleObject(h, FALSE, &now) == STATUS_WAIT_0;
}

/* EAGAIN: woken for nothing, or so it seems. */
static int
wait_once(struct sig_thread *t, HANDLE h, int64_t deadline)
{
	LARGE_INTEGER timeout;
	NTSTATUS status;

	if (sig_wanted(t))
		return is_signalled(h) ? 0 : EINTR;
	status = NtWaitForSingleObject(h, TRUE, time_left(deadline, &timeout));
	switch (status) {
	case STATUS_WAIT_0:
	case STATUS_ABANDONED_WAIT_0:
		return 0;
	case STATUS_USER_APC:
		return EAGAIN;
	case STATUS_TIMEOUT:
		/* NT's clock and ours can differ by a tick. */
		return clock_monotonic_ns() < deadline ? EAGAIN : ETIMEDOUT;
	default:
		return nt_status_errno(status);
	}
}

int
sig_wait(uintptr_t handle, int64_t deadline)
{
	/* Our own thread is never signalled: a wait for time and APCs. */
	HANDLE h = handle != 0 ? (HANDLE)handle : GetCurrentThread();
	struct sig_thread *t = sig_self();
	int err;

	sig_wait_begin();
	do {
		err = wait_once(t, h, deadline);
	} while (err == EAGAIN);
	sig_wait_end();
	if (err != EINTR)
		sig_retarget(t);
	return err;
}
