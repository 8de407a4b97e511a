/*
 * The children of this process: those that posix_spawn started and nobody has
 * waited for.
 */
#ifndef PROCESS_CHILD_H
#define PROCESS_CHILD_H

#include <sys/resource.h>
#include <sys/types.h>

#include <signal.h>
#include <stdint.h>

#include "process/group.h"
#include "process/launch.h"

/* Clock ticks in a second, as Linux has them. */
#define PROCESS_TICKS 100

struct child {
	struct child *next;
	uintptr_t process;
	uintptr_t wait;			/* child_watch() */
	int64_t pid;
	struct membership of;
	int is_compat;
	int ended;
	int status;			/* as <sys/wait.h> has it */
	int value;			/* exit's argument, or the signal */
	struct rusage usage;
};

/* What can fail comes first, so that a process that runs is never lost. */
int child_new(struct child **);
void child_discard(struct child *);
/* A membership of 0 is its own. */
void child_enter(struct child *, const struct launched *, struct membership);

struct child_query {
	int64_t pid;			/* > 0 */
	int64_t group;			/* with any == 0 and pid == 0 */
	int any;
	int nohang, keep;
	int alive;			/* ends are not asked for */
};

struct child_end {
	int64_t pid;			/* 0: none has ended (nohang) */
	int status, value;
	struct rusage usage;
};

/* SIGCHLD's, and waitid's. */
void child_describe(const struct child_end *, siginfo_t *);

/* 0, ECHILD or EINTR. */
int child_wait(const struct child_query *, struct child_end *);

/*
 * What the child pid is, or was, a member of: 0, or ESRCH when there is no such
 * child, or it was waited for.
 */
int child_membership(int64_t pid, struct membership *);

/* It says that this has changed; what is no child is not believed. */
void child_moved(int64_t pid, struct membership);

/* The numbers of the children that nobody has waited for: 0 or ENOMEM. */
int child_list(int64_t **pids, size_t *n);

/* Is pid a child that has ended, and nobody has waited for? */
int child_is_zombie(int64_t pid);

/*
 * A handle of its own for the child pid, which nobody has waited for: 0, ESRCH
 * when there is none, or what NT says.
 */
int child_open(int64_t pid, uintptr_t *process, int *ended);

/* What the children that were waited for have used. */
void child_usage(struct rusage *);

/* child.c: called on a thread of NT's when the process has ended. */
void child_ended(struct child *, uint32_t code, const struct rusage *);

/* child_nt.c */
int child_watch_new(struct child *);
void child_watch(struct child *);
void child_unwatch(struct child *);
int child_handle(const struct child *, uintptr_t *process);
int child_event_take(uintptr_t *);
void child_event_set(uintptr_t);
void child_event_give(uintptr_t);
int process_usage(struct rusage *);
void thread_usage(struct rusage *);	/* the calling one */

#endif
