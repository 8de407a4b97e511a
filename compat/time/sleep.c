#include <unistd.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/wait.h"
#include "time/convert.h"
#include "time/sleep.h"

/* EINTR only if a handler ran: a signal may also end up elsewhere. */
static int
wait_for(uintptr_t timer, enum timebase base, int64_t due)
{
	int err;

	if ((err = timer_start(timer, base, due)) != 0)
		return err;
	err = sig_wait(timer, -1);
	return err == EINTR ? sig_interrupt_always() : err;
}

/*
 * The timeouts of NT's waits go by clock interrupts, up to 15.6 ms apart; a
 * timer of its own makes the difference.  Without one, the wait's own.
 */
int
sleep_until(enum timebase base, int64_t due)
{
	uintptr_t timer;
	int64_t left;
	int err = 0;

	/* What came before does not interrupt. */
	sig_poll();
	if ((left = due - timebase_now(base)) <= 0)
		return 0;
	if (timer_open(base, &timer) != 0) {
		do {
			err = sig_wait(0, clock_deadline(left));
			if (err == EINTR)
				err = sig_interrupt_always();
		} while ((err == 0 || err == ETIMEDOUT) &&
		    (left = due - timebase_now(base)) > 0);
		return err == ETIMEDOUT ? 0 : err;
	}
	while (err == 0 && timebase_now(base) < due)
		err = wait_for(timer, base, due);
	timer_close(timer);
	sig_poll();
	return err;
}

unsigned int
sleep(unsigned int seconds)
{
	int64_t due = timebase_after(TIME_MONOTONIC, seconds * NS_PER_S), left;

	if (sleep_until(TIME_MONOTONIC, due) == 0)
		return 0;
	left = due - clock_monotonic_ns();
	return left <= 0 ? 0 :
	    (unsigned int)((left + NS_PER_S - 1) / NS_PER_S);
}

int
usleep(useconds_t us)
{
	return result(sleep_until(TIME_MONOTONIC,
	    timebase_after(TIME_MONOTONIC, us * INT64_C(1000))), 0);
}
