#include <unistd.h>

#include <errno.h>

#include "fd/result.h"
#include "signal/wait.h"
#include "time/clock.h"

#define SECOND INT64_C(1000000000)

/* A handler ends it, whatever its flags (signal(7) of Linux). */
static int
sleep_until(int64_t deadline)
{
	int err;

	do {
		err = sig_wait(0, deadline);
	} while (err == EINTR && (err = sig_interrupt_always()) == 0);
	return err == ETIMEDOUT ? 0 : err;
}

unsigned int
sleep(unsigned int seconds)
{
	int64_t deadline = clock_deadline(seconds * SECOND), left;

	if (sleep_until(deadline) == 0)
		return 0;
	left = deadline - clock_monotonic_ns();
	return left <= 0 ? 0 : (unsigned int)((left + SECOND - 1) / SECOND);
}

int
usleep(useconds_t us)
{
	return result(sleep_until(clock_deadline(us * INT64_C(1000))), 0);
}
