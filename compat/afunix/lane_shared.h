/* What lane.c and lane_io.c share; see lane.h. */
#ifndef AFUNIX_LANE_SHARED_H
#define AFUNIX_LANE_SHARED_H

#include <stdatomic.h>
#include <stdint.h>

#include "afunix/lane.h"

#define LANE_HOLDERS 64
#define LANE_MAILS 64

/* sending, receiving: its threads that are at the stream without the lock. */
struct holder {
	struct lane_who who;
	int32_t count;			/* of descriptions; 0: free */
	uint32_t order;
	atomic_uint sending, receiving;
};

/* Under the lock, but for the atomic ones. */
struct end {
	struct holder holders[LANE_HOLDERS];
	uint32_t joined;		/* how many ever held it */
	atomic_int strangers;		/* others hold it, who are not there */
	atomic_int shut;		/* SOCK_SHUT_*; both: it is closed */
	atomic_int reset;		/* the peer left data; until told */
	atomic_uint posting;		/* senders have to take the lock */
	_Atomic uint64_t sent;		/* bytes written at this end */
	_Atomic uint64_t received;	/* and read */
	_Atomic uint32_t marked;	/* who the peer thinks writes here */
	_Atomic uint32_t writer;	/* of the byte that is read next */
	atomic_uint pending;		/* mails for who reads at this end */
	uint32_t first;
	struct lane_mail mails[LANE_MAILS];
};

struct shared {
	struct end end[2];
	atomic_int plain;		/* bytes go by that nobody counts */
	uint64_t given[2];		/* see lane_give() */
};

struct map {
	atomic_uint refs;
	uintptr_t section, mutex;
	struct shared *sh;
};

struct lane {
	struct map *map;
	int which;
	struct end *me, *peer;
	struct holder *self;
};

void lane_lock(struct lane *);
void lane_unlock(struct lane *);

/* What is told of a process that holds the end; NULL: it does not. */
struct holder *lane_find(struct end *, uint32_t pid);

/* lane_end.c: nobody has this end any more; see lane_close(). */
void lane_end(struct lane *, uintptr_t sock, int lost);

/* The process that came last to hold the end; NULL: nobody does. */
struct holder *lane_newest(struct end *);

/* The peer writes here, too, and may be broken: never more than there are. */
static inline unsigned int
lane_pending(const struct end *e)
{
	const unsigned int n = atomic_load(&e->pending);

	return n < LANE_MAILS ? n : LANE_MAILS;
}

static inline void
lane_pop(struct end *e)
{
	e->first = (e->first + 1) % LANE_MAILS;
	atomic_fetch_sub(&e->pending, 1);
}

#endif
