#include <sys/time.h>

#include "fd/result.h"
#include "time/clock.h"

int
gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	int64_t now = clock_realtime_ns();

	(void)tz;
	tv->tv_sec = now / 1000000000;
	tv->tv_usec = (long)(now % 1000000000 / 1000);
	return result(0, 0);
}
