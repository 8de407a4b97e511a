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

/*
 * In the events of watch_notify(): one thread takes what came, so that of the
 * watches with EPOLLEXCLUSIVE one that woke somebody is enough.  Its value is
 * that flag's, which is no event.
 */
#define WATCH_ONE (1u << 28)

/*
 * In what the poll operation of a socket tells, and nowhere else: nothing can
 * be sent any more, so that the end of what comes, which AFD tells of, is a
 * hang-up.
 */
#define WATCH_END_HUPS (1u << 27)

struct watch {
	struct watch *next;
	uint32_t events;	/* EPOLL* bits wanted, ERR and HUP implied */

	/*
	 * Called with the list's lock held, on any thread: must not block or
	 * call back into the file.  It may take the locks that come later in
	 * the order of README.md, and post a packet to a completion port.
	 * taken: a watch that returned 1 before woke somebody for WATCH_ONE.
	 */
	int (*notify)(struct watch *, uint32_t events, int taken);

	/*
	 * Called like notify, when a call of the program took some of what
	 * made events hold; see watch_used().
	 */
	void (*used)(struct watch *, uint32_t events, int dry);

	/*
	 * Called without locks when the description goes away; must have
	 * removed the watch from the list (watch_remove) when it returns.
	 */
	void (*detach)(struct watch *);
};

void watch_add(struct file *, struct watch *);
void watch_remove(struct file *, struct watch *);

/*
 * Some of events (EPOLLIN, EPOLLOUT, ...) began to hold for f.  With WATCH_ONE
 * the others must hold, not only be possible: the one that is woken would find
 * nothing, and the others would sleep on.
 */
void watch_notify(struct file *f, uint32_t events);

/*
 * A read, an accept (EPOLLIN) or a write (EPOLLOUT) was done on f.  dry: it
 * would have blocked, or did less than it was asked to, so that events do not
 * hold any more.  Kinds that AFD is asked about call this after each such
 * call; it costs next to nothing while nobody watches.  An event that was
 * found before is then looked at again before it is reported, and EPOLLET
 * knows when to expect the next edge.
 */
void watch_used(struct file *f, uint32_t events, int dry);

/* The union of what the watches of f want: to skip work nobody waits for. */
uint32_t watch_wanted(struct file *f);

void watch_detach_all(struct file *f);

#endif
