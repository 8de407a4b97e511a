/*
 * Watches: how a description tells poll and epoll that something changed.
 *
 * A struct watch belongs to one registration of one poller.  It hangs in the
 * description's list as long as the registration lives, and holds no
 * reference: when the last reference goes, file_put() calls watch_detach_all()
 * and the registration disappears, as on Linux.
 */
#ifndef POLL_WATCH_H
#define POLL_WATCH_H

#include "fd/file.h"

struct watch {
	struct watch *next;
	uint32_t events;	/* EPOLL* bits wanted, ERR and HUP implied */

	/*
	 * Called with the list's lock held, on any thread: must not block, take
	 * another description's lock or call back into the file; it may post a
	 * packet to a completion port.
	 */
	void (*notify)(struct watch *, uint32_t events);

	/*
	 * Called without locks when the description goes away; must have
	 * removed the watch from the list (watch_remove) when it returns.
	 */
	void (*detach)(struct watch *);
};

void watch_add(struct file *, struct watch *);
void watch_remove(struct file *, struct watch *);

/* Some of events (EPOLLIN, EPOLLOUT, ...) began to hold for f. */
void watch_notify(struct file *f, uint32_t events);

/* The union of what the watches of f want: to skip work nobody waits for. */
uint32_t watch_wanted(struct file *f);

void watch_detach_all(struct file *f);

#endif
