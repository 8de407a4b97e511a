/*
 * NT's completion port, as far as epoll needs it: a queue of packets that
 * threads wait on.  A packet is the completion of a request (afd.h), or was
 * posted with port_post().
 */
#ifndef POLL_PORT_H
#define POLL_PORT_H

#include <stdint.h>

#define PORT_BATCH 64		/* most that port_wait() takes at once */

struct packet {
	uintptr_t key;		/* 0 for completions */
	void *context;
};

int port_open(uintptr_t *port);
void port_close(uintptr_t port);
int port_post(uintptr_t port, uintptr_t key, void *context);

/*
 * Take up to max packets.  Wait for the first one until the deadline
 * (clock_monotonic_ns(); -1: no limit, 0: do not wait).  Return 0 with their
 * number in *n, ETIMEDOUT, EINTR (only if alertable: an APC ran), or an errno.
 */
int port_wait(uintptr_t port, struct packet *, unsigned int max,
    int64_t deadline, int alertable, unsigned int *n);

#endif
