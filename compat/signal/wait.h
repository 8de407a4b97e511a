/*
 * Blocking and signals.  Every blocking call of the library waits through
 * here (or, on a completion port, alertably): a signal for the thread queues
 * an APC to it, which ends the wait.
 *
 *	for (;;) {
 *		start the operation;
 *		err = sig_wait(event, deadline);
 *		if (err == EINTR || err == ETIMEDOUT) {
 *			cancel, and collect the result: if the operation
 *			completed after all, that wins;
 *		}
 *		if (err != EINTR || (err = sig_interrupt()) != 0)
 *			break;			(0: restart)
 *	}
 */
#ifndef SIGNAL_WAIT_H
#define SIGNAL_WAIT_H

#include <errno.h>
#include <stdint.h>

/*
 * Wait until handle (event, process, ...; 0 for none) is signalled, the
 * deadline (absolute, clock_monotonic_ns(); -1: none) passes, or an unblocked
 * signal is pending for the calling thread.  Return 0, ETIMEDOUT or EINTR; no
 * handler has run yet.  A signalled handle wins over a pending signal.
 */
int sig_wait(uintptr_t handle, int64_t deadline);

/* The same for the first of n handles, from 1 to SIG_WAIT_MAX. */
#define SIG_WAIT_MAX 4
int sig_wait_any(const uintptr_t *handles, int n, int64_t deadline);

/* Is an unblocked signal pending for the calling thread? */
int sig_deliverable(void);

/*
 * Around a wait that is alertable but does not go through sig_wait(), as on a
 * completion port: signals of the process prefer a thread that waits.  begin
 * comes before the sig_deliverable() that precedes the wait, so that no signal
 * falls between the two.
 */
void sig_wait_begin(void);
void sig_wait_end(void);

/*
 * Run the handlers of what is pending and unblocked on this thread.  Return 0
 * when nothing ran or every handler had SA_RESTART (the caller restarts its
 * call), else EINTR.  sig_interrupt_always() is for calls that SA_RESTART
 * never restarts (epoll_wait, poll, sigsuspend; signal(7)).
 */
int sig_interrupt(void);
int sig_interrupt_always(void);

/*
 * What a wait ended with, once the handlers have run: 0 is to restart.  ends:
 * SA_RESTART does not count, as for a call with a timeout or one that has done
 * a part.
 */
static inline int
sig_waited(int err, int ends)
{
	if (err != EINTR)
		return err;
	return ends ? sig_interrupt_always() : sig_interrupt();
}

/* Cheap call at the entry of non-blocking public calls: run what is pending. */
void sig_poll(void);

/* Send a signal to the process from any thread, console threads included. */
int sig_post(int signo);

/*
 * Send a signal to the calling thread, as SIGPIPE is, and handle it if the
 * thread does not block it.
 */
void sig_raise(int signo);

/* For epoll_pwait and friends: swap the calling thread's mask.  Bit n-1 is
 * signal n, as in sigset_t. */
uint64_t sig_mask_swap(uint64_t mask);

#endif
