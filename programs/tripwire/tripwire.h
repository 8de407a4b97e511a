/*
 * tripwire.h: graceful shutdown of programs with threads.
 *
 * A tripwire is running until something trips it: a signal, a call, a
 * descriptor that becomes readable, the end of the parent.  Then it is
 * draining, and whoever waits by it hears of it at once; and stopping, when
 * that takes too long or somebody asks a second time.  Tasks are counted, so
 * that tripwire_drain() knows when all are done, and names those that are not.
 *
 * There may be any number of tripwires.  Times are in nanoseconds; a negative
 * one is for ever.  Unless a block says otherwise, functions may be called
 * from any thread, not from a signal handler; those that return int return 0
 * or a positive errno.  tripwire(3) has the whole.
 */
#ifndef TRIPWIRE_H
#define TRIPWIRE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRIPWIRE_FOREVER	INT64_C(-1)
#define TRIPWIRE_MSEC(n)	((int64_t)(n) * 1000000)
#define TRIPWIRE_SEC(n)		((int64_t)(n) * 1000000000)

struct tripwire;

enum tripwire_phase {
	TRIPWIRE_RUNNING,
	TRIPWIRE_DRAINING,	/* take nothing new, finish what is there */
	TRIPWIRE_STOPPING,	/* give up what is there */
	TRIPWIRE_FORCED		/* what is still there is left behind */
};

/*
 * Opening and closing.
 */

struct tripwire_options {
	int64_t deadline;	/* of draining; 60 s.  TRIPWIRE_DEADLINE=ms in
				 * the environment is stronger. */
	int64_t stop_time;	/* of stopping; 1 s */
	int64_t progress;	/* between two lines of it; 5 s */
	/* Where lines go, without their newline; NULL: standard error.  It
	 * must not call by the tripwire. */
	void (*report)(void *arg, const char *line);
	void *report_arg;
};

/** tripwire_options_init(options): set every option to its default. */
void tripwire_options_init(struct tripwire_options *options);

/**
 * tripwire_open(options, twp):
 * Make a tripwire that is running.  options may be NULL for the defaults; it
 * is copied.  The caller owns *twp and gives it to tripwire_close().
 *
 * Return 0, or
 *	EINVAL		TRIPWIRE_DEADLINE is not a number.
 *	EMFILE, ENFILE	no descriptor; it needs three.
 *	ENOMEM		no memory.
 */
int tripwire_open(const struct tripwire_options *options,
    struct tripwire **twp);

/**
 * tripwire_close(tw):
 * Give up the tripwire: it hears of signals no more, whose actions are what
 * they were, and if it was running it trips now, with TRIPWIRE_CLOSED as the
 * cause.  It goes when the last reference goes.  NULL is ignored.
 */
void tripwire_close(struct tripwire *tw);

/**
 * tripwire_ref(tw), tripwire_unref(tw):
 * Take one more reference, which costs one addition, and return tw; give one
 * back.  Whoever calls by tw must hold one; the owner does until
 * tripwire_close(), a counted task until it leaves.
 */
struct tripwire *tripwire_ref(struct tripwire *tw);
void tripwire_unref(struct tripwire *tw);

/*
 * What trips it.
 */

enum tripwire_cause {
	TRIPWIRE_NONE,
	TRIPWIRE_CALL,		/* tripwire_trip(), tripwire_drain() */
	TRIPWIRE_SIGNAL,
	TRIPWIRE_FD,		/* tripwire_watch() */
	TRIPWIRE_PARENT,	/* tripwire_watch_parent() */
	TRIPWIRE_CLOSED		/* tripwire_close() */
};

/* Why and when: the first cause counts. */
struct tripwire_reason {
	enum tripwire_cause cause;
	int signo;		/* of TRIPWIRE_SIGNAL, else 0 */
	int event;		/* COMPAT_CTRL_* that ends this process soon;
				 * -1: none */
	unsigned signals;	/* that came so far, 3 at most */
	int64_t when;		/* CLOCK_MONOTONIC */
	char text[80];		/* for people to read */
};

/* Flags of tripwire_signals(). */
#define TRIPWIRE_RESTART	0x1	/* SA_RESTART */

/**
 * tripwire_signals(tw, signals, n, flags):
 * Let n signals trip it; NULL and 0 mean SIGINT, SIGTERM and SIGHUP.  A
 * SIGHUP that is ignored, as by nohup(1), stays so.  The first signal begins
 * draining, unless it has begun; the second begins stopping; the third ends
 * the process with status 128 and its number.  Signals of all its tripwires
 * are handled by one function, which keeps errno and takes no lock.
 *
 * Of tripwires that share a signal, the first one's flags count.  Whoever
 * sets an action for it in between is overridden at the end.
 *
 * Return 0, or EINVAL (no such signal, or not to be caught), EAGAIN, ENOMEM
 * (no thread).
 */
int tripwire_signals(struct tripwire *tw, const int *signals, size_t n,
    unsigned flags);

/**
 * tripwire_trip(tw, why):
 * Trip it, if it is running; why is copied, up to 79 bytes.
 */
void tripwire_trip(struct tripwire *tw, const char *why);

/** tripwire_stop(tw): begin stopping; tripped or not. */
void tripwire_stop(struct tripwire *tw, const char *why);

/**
 * tripwire_watch(tw, fd):
 * Trip when fd becomes readable, is at its end, hangs up or is closed on the
 * other side.  fd stays the caller's, who closes it after tripwire_unwatch()
 * or the end of tw only.
 *
 * Return 0, or EBADF, ENOSPC (TRIPWIRE_SOURCES are watched), EAGAIN or ENOMEM
 * (no thread).
 */
#define TRIPWIRE_SOURCES	16
int tripwire_watch(struct tripwire *tw, int fd);

/**
 * tripwire_unwatch(tw, fd):
 * 0, or ENOENT; after it fd may be closed.  Whoever is in tripwire_cond_wait()
 * must be able to get its mutex meanwhile; so at the end of the tripwire, too.
 */
int tripwire_unwatch(struct tripwire *tw, int fd);

/**
 * tripwire_watch_parent(tw):
 * Trip when the process that started this one ends; at once if it has.
 * Return as tripwire_watch(), or ENOSYS from an older Linux.
 */
int tripwire_watch_parent(struct tripwire *tw);

/*
 * Asking.
 */

/**
 * tripwire_phase(tw), tripwire_is_tripped(tw):
 * The phase it is in; is it not TRIPWIRE_RUNNING any more?  From the first
 * answer on, to anybody, tripwire_fd() is readable; and when that is
 * readable, this is the answer.  May be called from a signal handler.
 */
enum tripwire_phase tripwire_phase(struct tripwire *tw);
int tripwire_is_tripped(struct tripwire *tw);

/**
 * tripwire_fd(tw, phase):
 * A descriptor that polls readable from that phase on, which is
 * TRIPWIRE_DRAINING or TRIPWIRE_STOPPING, for use in another loop; else -1.
 * It is tw's: never read, write or close it.
 */
int tripwire_fd(struct tripwire *tw, enum tripwire_phase phase);

/** tripwire_reason(tw, reason): fill in *reason. */
void tripwire_reason(struct tripwire *tw, struct tripwire_reason *reason);

/*
 * Waiting, ended by the trip.
 */

enum tripwire_outcome {
	TRIPWIRE_COMPLETED,	/* what was waited for is there */
	TRIPWIRE_PREEMPTED,	/* tripped; this is looked at first */
	TRIPWIRE_TIMEDOUT,
	TRIPWIRE_FAILED		/* errno says why */
};

/**
 * tripwire_wait(tw, fd, events, timeout):
 * Wait until fd has one of events, as for poll(2), or tw trips, at most
 * timeout.  fd -1 is never ready.  An error or end of fd is TRIPWIRE_COMPLETED:
 * the next call on it tells.  TRIPWIRE_FAILED with EBADF, EINVAL, ENOMEM.
 */
enum tripwire_outcome tripwire_wait(struct tripwire *tw, int fd,
    short events, int64_t timeout);

/**
 * tripwire_wait_phase(tw, phase, fd, events, timeout):
 * The same, ended by that phase.
 */
enum tripwire_outcome tripwire_wait_phase(struct tripwire *tw,
    enum tripwire_phase phase, int fd, short events, int64_t timeout);

/**
 * tripwire_cond_wait(tw, cond, mutex, until):
 * Wait on cond, as pthread_cond_timedwait(3); until NULL is for ever.  mutex
 * is held before and after.  TRIPWIRE_COMPLETED may be for nothing, as there.
 */
enum tripwire_outcome tripwire_cond_wait(struct tripwire *tw,
    pthread_cond_t *cond, pthread_mutex_t *mutex,
    const struct timespec *until);

/**
 * tripwire_call(tw, fn, arg, result):
 * Call fn(arg), which makes a system call that blocks and returns -1 with
 * EINTR when a signal ends it: a lock, a child, an open.  When tw trips the
 * thread is sent SIGURG, as often as it takes.  TRIPWIRE_COMPLETED with what
 * fn returned in *result; TRIPWIRE_PREEMPTED when tw was tripped before, or
 * ended the call; TRIPWIRE_FAILED with EAGAIN or ENOMEM (no thread).
 */
enum tripwire_outcome tripwire_call(struct tripwire *tw, int (*fn)(void *),
    void *arg, int *result);

/*
 * Counted tasks.
 */

/*
 * A group of tasks, to be waited for together: {.name = "..."}.  It is the
 * caller's, and stays until its last task has left.
 */
struct tripwire_group {
	const char *name;
	int late;		/* takes tasks while draining, too */
	unsigned tasks;		/* tw's */
};

/* A task; the caller's, until it has left.  All of it is tw's. */
struct tripwire_task {
	struct tripwire *tw;
	struct tripwire_group *group;
	const char *name, *file;
	int line;
	int64_t since;
	struct tripwire_task *next, **prev;
};

/**
 * tripwire_enter(tw, group, task, name):
 * Count *task, under a name that stays valid; group may be NULL.  0, or
 * ECANCELED once tw has tripped, or, for a group that takes late tasks, once
 * it is stopping.  What has entered is waited for.
 */
#define tripwire_enter(tw, group, task, name) \
	tripwire_enter_at(tw, group, task, name, __FILE__, __LINE__)
int tripwire_enter_at(struct tripwire *tw, struct tripwire_group *group,
    struct tripwire_task *task, const char *name, const char *file, int line);

/** tripwire_leave(task): it is done; its memory is the caller's again. */
void tripwire_leave(struct tripwire_task *task);

/**
 * tripwire_spawn(tw, group, name, fn, arg):
 * Call fn(arg) as a counted task in a detached thread of its own.  Return as
 * tripwire_enter(), or EAGAIN or ENOMEM.
 */
#define tripwire_spawn(tw, group, name, fn, arg) \
	tripwire_spawn_at(tw, group, name, fn, arg, __FILE__, __LINE__)
int tripwire_spawn_at(struct tripwire *tw, struct tripwire_group *group,
    const char *name, void (*fn)(void *), void *arg, const char *file,
    int line);

/** tripwire_tasks(tw, group): how many there are; NULL counts all. */
unsigned tripwire_tasks(struct tripwire *tw, struct tripwire_group *group);

/**
 * tripwire_wait_tasks(tw, group, timeout):
 * Wait until the group (NULL: tw) has no task.  Return 0, or
 *	ETIMEDOUT	the time is over, and those that are left were
 *			reported, each by name, place and age.
 *	ECANCELED	stopping began meanwhile.
 *	EMFILE, ENFILE	no descriptor to wait by.
 */
int tripwire_wait_tasks(struct tripwire *tw, struct tripwire_group *group,
    int64_t timeout);

/** tripwire_dump(tw): report every task that is there. */
void tripwire_dump(struct tripwire *tw);

/*
 * The end.
 */

/**
 * tripwire_on(tw, phase, name, fn, arg, timeout):
 * Call fn(arg) when tripwire_drain() comes to that phase, TRIPWIRE_DRAINING or
 * TRIPWIRE_STOPPING; the last one first.  It runs as a counted task, and when
 * it has not returned after timeout the next one's turn is.  0, EINVAL, ENOMEM.
 */
#define tripwire_on(tw, phase, name, fn, arg, timeout) \
	tripwire_on_at(tw, phase, name, fn, arg, timeout, __FILE__, __LINE__)
int tripwire_on_at(struct tripwire *tw, enum tripwire_phase phase,
    const char *name, void (*fn)(void *), void *arg, int64_t timeout,
    const char *file, int line);

/** tripwire_off(tw, fn, arg): take it back; 0, or ENOENT. */
int tripwire_off(struct tripwire *tw, void (*fn)(void *), void *arg);

/**
 * tripwire_drain(tw):
 * Go through the phases: trip, if that is still to be done; call what is
 * registered for draining, and wait for all tasks, until the deadline; if
 * that was not enough, begin stopping, call what is registered for that, and
 * wait for stop_time.  Where NT grants less time than that, after CTRL_CLOSE
 * and its like, it is less.  One thread, once.
 *
 * Return 0 when all was done in time, ECANCELED when a second signal or
 * tripwire_stop() cut it short, ETIMEDOUT when the deadline did (and those
 * left then were reported).  Tasks that are left in the end are counted by
 * tripwire_tasks(); what they use must not be freed.
 */
int tripwire_drain(struct tripwire *tw);

/** tripwire_exit_status(tw): 128 and the signal that tripped it, or 0. */
int tripwire_exit_status(struct tripwire *tw);

struct tripwire_counts {
	unsigned long accepted;	/* tasks that entered */
	unsigned long refused;	/* that were too late */
	unsigned long finished;	/* that left while running */
	unsigned long drained;	/* that left while draining */
	unsigned long cancelled;	/* that left later */
	unsigned long left;	/* that are there */
	unsigned long overdue;	/* calls of tripwire_on() that took too long */
	int64_t draining, stopping;	/* ns in these phases, so far */
};

/** tripwire_counts(tw, counts): fill in *counts. */
void tripwire_counts(struct tripwire *tw, struct tripwire_counts *counts);

/**
 * tripwire_summary(tw, buf, size):
 * The same as one line of name=value for programs to read, as snprintf(3).
 */
int tripwire_summary(struct tripwire *tw, char *buf, size_t size);

/**
 * tripwire_notify(state):
 * Tell the service manager, as sd_notify(3): a datagram to NOTIFY_SOCKET.
 * tripwire_drain() sends STOPPING=1 and EXTEND_TIMEOUT_USEC itself.  Return 0,
 * ENOENT when there is no manager to tell, or another errno.
 */
int tripwire_notify(const char *state);

#ifdef __cplusplus
}
#endif

#endif
