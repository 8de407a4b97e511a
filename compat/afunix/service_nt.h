/* The service's thread and its completion port. */
#ifndef AFUNIX_SERVICE_NT_H
#define AFUNIX_SERVICE_NT_H

#include <stdint.h>

#include "poll/afd.h"

/*
 * Something that a poll of AFD is out for.  The kernel writes into op, so it is
 * freed only after the completion was collected.
 */
struct item {
	struct afd_op op;
	void (*ready)(struct item *);
};

/* Start the thread, once. */
int service_start(void);

/* Run call(arg) on the thread. */
int service_post(void (*call)(void *), void *arg);

/*
 * Have item->ready called on the thread when base is ready for events.  0: it
 * is ready now and will not be called; EINPROGRESS: it will; or an errno.
 */
int service_arm(struct item *, uintptr_t base, uint32_t events);

/* The process is out of sockets or memory: do not spin. */
void service_pause(void);

/*
 * Called by the thread between two packets (peer.c): cut off who is late;
 * ms until the next is, or -1.
 */
int peers_expire(void);

#endif
