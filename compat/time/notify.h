/* The threads that SIGEV_THREAD asks for. */
#ifndef TIME_NOTIFY_H
#define TIME_NOTIFY_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct notify {
	void (*fn)(union sigval);
	union sigval value;
	uint64_t mask;		/* of signals, for the thread */
	size_t stack;		/* its size; 0: the program's own choice */
};

/* Call fn(value) on a new thread: 0, ENOMEM, EAGAIN... */
int notify_start(const struct notify *);

#endif
