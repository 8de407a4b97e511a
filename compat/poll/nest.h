/* The thread of a nested epoll instance; see nest.c. */
#ifndef POLL_NEST_H
#define POLL_NEST_H

#include <stdint.h>

struct nest {
	uintptr_t port;
	uintptr_t thread;
};

int nest_thread(void (*)(void *), void *, uintptr_t *thread);
void nest_join(uintptr_t thread);

#endif
