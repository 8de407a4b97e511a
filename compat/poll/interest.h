/*
 * The readiness core: epoll instances and their registrations.  poll() and
 * select() use instances of their own.
 *
 * See README.md for the way of an event, who owns what, and the lock order.
 */
#ifndef POLL_INTEREST_H
#define POLL_INTEREST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/epoll.h>

#include "fd/file.h"
#include "fd/lock.h"
#include "poll/afd.h"
#include "poll/watch.h"

/* Requests on one AFD handle: the cost of a cancel grows with them. */
#define GROUP_MAX 32

/* What epoll_ctl() takes besides events, and what is none of its business. */
#define REG_FLAGS (EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE | EPOLLWAKEUP | \
	WATCH_END_HUPS)

struct afd_group {
	struct afd_group *next;		/* all of the instance */
	struct afd_group *open_next;	/* those with room */
	uintptr_t via, port;
	int skips;		/* a request complete at once sends no packet */
	unsigned int users;
};

/*
 * What one epoll instance wants of one (descriptor, description).  The kernel
 * writes into op, so a reg comes from a pool that is never freed (pool.c), and
 * goes back only when nothing is pending.
 */
struct reg {
	struct afd_op op;
	struct epoll *ep;
	struct file *file;	/* no reference: the watch tells of its end */
	struct watch watch;
	struct reg *hash_next;
	struct reg *prev, *next;	/* in ep->first, under ready_lock */
	struct afd_group *group;
	uint64_t data;
	uint64_t generation;	/* changes with each use of the object */
	uint64_t op_generation;	/* the one that op was started for */
	int fd;
	uint32_t events;	/* EPOLL* wanted, flags included */
	uint32_t found;		/* AFD_* of the last check */
	uint32_t reported;	/* EPOLLET: AFD_* that were reported */
	uint32_t own;		/* EPOLL* that the socket itself knew then */
	uint32_t own_reported;
	uint64_t stamp;		/* the wait that reported it last */
	int at;			/* its place in what that wait returns */
	atomic_uint used;	/* EPOLL* that a call took since the start */
	atomic_uint dry;	/* EPOLL* that a call found not to hold */
	uint32_t revents;	/* poll(): found in this call */
	uint64_t round;		/* poll(): the call that wants it */
	unsigned char pending;	/* op belongs to the kernel */
	unsigned char cancelled;
	unsigned char peeked;	/* its result was used before its packet came */
	unsigned char queued;	/* in ep->first, under ready_lock */
	unsigned char dead;	/* waits for its completion to go */
};

/* For tests and benchmarks. */
struct poll_counters {
	uint64_t polls;		/* AFD requests made */
	uint64_t inline_polls;	/* of these, complete at once */
	uint64_t cancels;
	uint64_t waits;		/* calls to take packets from the port */
	uint64_t packets;	/* taken */
	uint64_t posts;		/* wake-ups posted */
	uint64_t events;	/* reported */
	unsigned int pending;	/* requests that the kernel has now */
};

struct epoll {
	struct file file;
	struct lock lock;
	uintptr_t port;
	uintptr_t afd_port;	/* where requests complete, see nest.c */
	struct nest *nest;
	struct reg **table;	/* hash by descriptor */
	unsigned int buckets, count;
	struct afd_group *groups, *open_groups;
	unsigned int pending;	/* requests that the kernel has */
	unsigned int replaced;	/* of these, cancelled to ask for more */
	struct reg *zombies;	/* removed, still pending; by hash_next */
	int crowded;		/* the last wait had no room for packets */
	uint64_t stamp;		/* of the latest wait */
	uint64_t round;		/* of the latest poll() */
	struct alarm *alarms;	/* under ready_lock */
	struct epoll *free_next;	/* poll(): while idle */
	const void *owner;	/* poll(): the thread that used it */
	struct poll_counters n;

	struct lock ready_lock;
	struct reg *first, *last;	/* to be looked at by the next wait */
	unsigned int waiters;	/* threads blocked on the port */
	int woken;		/* a wake-up is on its way */
};

static inline struct reg *
reg_of(struct watch *w)
{
	return (struct reg *)((char *)w - offsetof(struct reg, watch));
}

/* pool.c */
struct reg *reg_alloc(void);
void reg_free(struct reg *);

/*
 * interest.c: the instance's lock is held, but for ep_new() and ep_free().
 * The caller of reg_add() and reg_remove() has a reference to the file, or is
 * told of its end.
 */
int ep_new(struct epoll **);
void ep_free(struct epoll *);
struct reg *reg_find(struct epoll *, int fd, struct file *);
int reg_add(struct epoll *, int fd, struct file *, uint32_t events,
    uint64_t data, struct reg **);
void reg_change(struct reg *, uint32_t events, uint64_t data);
void reg_remove(struct reg *);
void reg_bury(struct reg *);		/* its completion came */

/* group.c: the lock is held. */
int group_join(struct reg *);
void group_leave(struct reg *);
void group_close_all(struct epoll *);

/*
 * ready.c: the registrations that the next wait has to look at, and the
 * waking of waits.  With or without the instance's lock.
 */
void reg_queue(struct reg *);
int reg_unqueue(struct reg *);		/* 1: it was queued */
struct reg *ep_pop(struct epoll *);
struct reg *ep_last(struct epoll *);
int ep_wake(struct epoll *);		/* 1: a thread is woken */
int ep_has_waiters(struct epoll *);
int ep_block(struct epoll *);
int ep_unblock(struct epoll *);		/* 1: there is something to look at */
void ep_woken(struct epoll *);
int reg_notify(struct watch *, uint32_t events, int taken);
void reg_used(struct watch *, uint32_t events, int dry);

/* check.c: the lock is held. */
uint32_t reg_mask(const struct reg *);
uint32_t reg_check(struct reg *);
void reg_arm(struct reg *);
uint32_t reg_complete(struct reg *);
void reg_cancel(struct reg *);

/*
 * nest.c: instances that are watched themselves.  nest_enter() is called
 * without locks before outer gets a registration of inner, and nest_leave()
 * after that; between them no other nesting changes.  0, ELOOP, ENOMEM...
 */
int nest_enter(struct epoll *outer, struct epoll *inner);
void nest_leave(void);
int ep_nest(struct epoll *);		/* without locks; for poll() */
void nest_stop(struct epoll *);
void nest_free(struct epoll *);

/* wait.c */
#define KEY_WAKE 1		/* of packets without a request */
int ep_wait(struct epoll *, struct epoll_event *, int max, int64_t deadline,
    int *n);
int ep_is_ready(struct epoll *);	/* lock held */

/* epoll.c */
extern const struct file_ops epoll_ops;

/* The counters of an epoll descriptor: 0, EBADF or EINVAL. */
int poll_counters(int epfd, struct poll_counters *);

#endif
