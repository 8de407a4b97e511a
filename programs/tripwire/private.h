/* What the files of tripwire share. */
#ifndef TRIPWIRE_PRIVATE_H
#define TRIPWIRE_PRIVATE_H

#include "tripwire.h"

#include <signal.h>
#include <stdatomic.h>

/*
 * A handler changes the state, so all that has to change at once is one word:
 * the phase, how many signals came, why and when it tripped.
 */
#define STATE_PHASE(s)		((enum tripwire_phase)((s) & 3))
#define STATE_SIGNALS(s)	((unsigned)((s) >> 2 & 3))
#define STATE_SIGNALS_MASK	(UINT64_C(3) << 2)
#define STATE_CAUSE(s)		((enum tripwire_cause)((s) >> 4 & 7))
#define STATE_SIGNO(s)		((int)((s) >> 7 & 127))
#define STATE_USEC(s)		((int64_t)((s) >> 14))	/* since born */

struct source {
	int fd;
	int parent;		/* means the parent, and is ours */
};

struct cond_waiter {
	pthread_cond_t *cond;
	pthread_mutex_t *mutex;
	int pinned;		/* the watcher is at it */
	int woken;
	struct cond_waiter *next;
};

struct call {
	pthread_t thread;
	struct call *next;
};

struct task_waiter {
	struct tripwire_group *group;
	int fd;
	struct task_waiter *next;
};

struct hook {
	enum tripwire_phase phase;
	void (*fn)(void *);
	void *arg;
	const char *name, *file;
	int line;
	int64_t timeout;
	struct tripwire_group group;
	struct hook *next;
};

struct tripwire {
	/* What handlers touch. */
	_Atomic uint64_t state;
	atomic_uint announced;		/* 1 << phase: its fd is readable */
	_Atomic uint64_t signals;	/* 1 << signo */
	struct tripwire *_Atomic next;
	int fd[2];			/* draining, stopping */
	int spare;			/* to wait for tasks at the end by */

	atomic_uint refs;
	int64_t born;
	struct tripwire_options options;

	pthread_mutex_t lock;		/* all below */
	char text[80];
	struct tripwire_task *tasks;
	unsigned ntasks;
	struct task_waiter *task_waiters;
	struct hook *hooks, *dead_hooks;
	struct tripwire_counts counts;
	_Atomic int64_t drained_at, stopped_at;	/* end of these phases */

	/* The watcher, a thread that some need: watch.c. */
	pthread_cond_t turned;
	int watching, quit;
	pthread_t watcher;
	int kick;
	unsigned long asked, seen;	/* changes; those it has seen */
	struct source sources[TRIPWIRE_SOURCES];
	unsigned nsources;
	struct cond_waiter *cond_waiters;
	struct call *calls;
};

/* trip.c */
int64_t trip_now(void);
void trip_by(struct tripwire *tw, enum tripwire_cause cause);
void trip_signal(struct tripwire *tw, int signo);
void trip_stop(struct tripwire *tw);
void trip_force(struct tripwire *tw);
void trip_mark(_Atomic int64_t *at);

/* signal.c: stop hearing of signals, and put their actions back. */
void trip_unsubscribe(struct tripwire *tw);
/* The handler that ends calls; as often as it was asked for. */
void trip_urgent(int on);

/* watch.c; all but the last with the lock held. */
int trip_watcher(struct tripwire *tw);
void trip_kick(struct tripwire *tw);
void trip_kick_and_wait(struct tripwire *tw);
void trip_watcher_end(struct tripwire *tw);

/* wait.c: for poll(), rounded up. */
int trip_poll_time(int64_t until);
int64_t trip_until(int64_t timeout);

/* task.c: what tripwire_on() runs enters even now. */
int trip_spawn(struct tripwire *tw, struct hook *hook);
/* tripwire_wait_tasks(), by an eventfd of the caller's. */
int trip_wait_tasks(struct tripwire *tw, struct tripwire_group *group,
    int64_t timeout, int fd);

/* report.c */
void trip_say(struct tripwire *tw, const char *fmt, ...);
/* With the lock held. */
void trip_list(struct tripwire *tw, const struct tripwire_group *group);

#endif
