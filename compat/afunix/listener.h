/* What listener.c and service_nt.c share; see service.h. */
#ifndef AFUNIX_LISTENER_H
#define AFUNIX_LISTENER_H

#include <stdatomic.h>
#include <stdint.h>

#include "afunix/hello.h"
#include "afunix/service.h"
#include "afunix/service_nt.h"
#include "fd/lock.h"

struct unix_listener {
	struct item item;
	atomic_uint refs;	/* the socket's and the service's */
	uintptr_t base;
	struct unix_node keys;

	struct lock lock;
	/* Under lock: */
	uintptr_t sock;
	int stopped;
	int shut;
	int limit;
	struct file *file;
	struct unix_conn *queue, **queue_end;
	struct unix_conn *waiting, **waiting_end;
	int waiting_count;

	atomic_int queued;
	uintptr_t event;
};

/* --- listener.c --- */

/* A verified client: queue it, make it wait, or send it away. */
void listener_admit(struct unix_listener *, struct unix_conn *, int nonblock);
void listener_ref(struct unix_listener *);
void listener_put(struct unix_listener *);
uint32_t listener_pid(void);

/* --- peer.c --- */

/* Take care of l from now on: accept and verify its peers. */
int service_add(struct unix_listener *);

/* l was stopped: forget it. */
void service_remove(struct unix_listener *);

#endif
