/* struct timespec, where <time.h> would declare too much. */
#ifndef COMPAT_BITS_TIMESPEC_H
#define COMPAT_BITS_TIMESPEC_H

#include <bits/crt.h>

#ifndef _TIMESPEC_DEFINED	/* mingw's guard; its definition is the same */
#define _TIMESPEC_DEFINED
struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

struct itimerspec {
	struct timespec it_interval;
	struct timespec it_value;
};
#endif

#endif
