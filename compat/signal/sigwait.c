#include <signal.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/state.h"
#include "signal/wait.h"
#include "time/clock.h"

static int
wait_for(uint64_t set, int64_t deadline, siginfo_t *info)
{
	int err;

	do {
		err = sig_take(set, deadline, info);
	} while (err == EINTR && (err = sig_interrupt_always()) == 0);
	return err;
}

int
sigwait(const sigset_t *restrict set, int *restrict signo)
{
	siginfo_t info;
	int err;

	do {
		err = wait_for(*set, -1, &info);
	} while (err == EINTR);
	if (err == 0)
		*signo = info.si_signo;
	return err;
}

static int
deadline_of(const struct timespec *timeout, int64_t *deadline)
{
	int64_t ns;

	if (timeout == NULL) {
		*deadline = -1;
		return 0;
	}
	if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 ||
	    timeout->tv_nsec >= 1000000000)
		return EINVAL;
	if (__builtin_mul_overflow(timeout->tv_sec, INT64_C(1000000000), &ns) ||
	    __builtin_add_overflow(ns, timeout->tv_nsec, &ns))
		ns = INT64_MAX;
	*deadline = ns == 0 ? SIG_NOW : clock_deadline(ns);
	return 0;
}

int
sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
    const struct timespec *restrict timeout)
{
	siginfo_t got;
	int64_t deadline;
	int err;

	if ((err = deadline_of(timeout, &deadline)) == 0)
		err = wait_for(*set, deadline, &got);
	/* As in glibc: who waits is not told raise() from kill(). */
	if (err == 0 && got.si_code == SI_TKILL)
		got.si_code = SI_USER;
	if (err == 0 && info != NULL)
		*info = got;
	return result(err, err == 0 ? got.si_signo : 0);
}

int
sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}
