#include "signal/wait.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "signal/state.h"
#include "time/clock.h"
#include "time/until_nt.h"

#define ANY 1

static int
is_signalled(HANDLE *h, ULONG n)
{
	LARGE_INTEGER now = { .QuadPart = 0 };
	NTSTATUS status;

	status = NtWaitForMultipleObjects(n, h, ANY, FALSE, &now);
	return status >= STATUS_WAIT_0 && status < STATUS_WAIT_0 + (int)n;
}

/* EAGAIN: woken for nothing, or so it seems. */
static int
wait_once(struct sig_thread *t, HANDLE *h, ULONG n, int64_t deadline)
{
	LARGE_INTEGER timeout;
	NTSTATUS status;

	if (sig_wanted(t))
		return is_signalled(h, n) ? 0 : EINTR;
	status = n == 1 ?
	    NtWaitForSingleObject(h[0], TRUE, nt_until(deadline, &timeout)) :
	    NtWaitForMultipleObjects(n, h, ANY, TRUE,
	    nt_until(deadline, &timeout));
	if (status >= STATUS_WAIT_0 && status < STATUS_WAIT_0 + (int)n)
		return 0;
	switch (status) {
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
sig_wait_any(const uintptr_t *handles, int n, int64_t deadline)
{
	struct sig_thread *t = sig_self();
	HANDLE h[SIG_WAIT_MAX];
	int err, i;

	for (i = 0; i < n; i++)
		h[i] = (HANDLE)handles[i];
	sig_wait_begin();
	do {
		err = wait_once(t, h, (ULONG)n, deadline);
	} while (err == EAGAIN);
	sig_wait_end();
	if (err != EINTR)
		sig_retarget(t);
	return err;
}

int
sig_wait(uintptr_t handle, int64_t deadline)
{
	/* Our own thread is never signalled: a wait for time and APCs. */
	if (handle == 0)
		handle = (uintptr_t)GetCurrentThread();
	return sig_wait_any(&handle, 1, deadline);
}
