/*
 * What a parent hands to a child that is a program of libcompat: a section of
 * NT's, inherited without a name, with a record for each open file description
 * and the numbers that lead to it.  Both sides are of this library, but not
 * always of one version.
 */
#ifndef PROCESS_HANDOFF_H
#define PROCESS_HANDOFF_H

#include <stdint.h>

struct file;

#define HANDOFF_MAGIC	0x4f48434cU	/* "LCHO" */
#define HANDOFF_VERSION	6

/* What the new process is to the one that made it. */
enum handoff_role {
	HANDOFF_CHILD,
	HANDOFF_HEIR,		/* exec: the program that it has become */
	HANDOFF_DAEMON		/* daemon(): itself, once more */
};

enum hand_type {
	HAND_NONE,
	HAND_DISK,
	HAND_DIR,
	HAND_STREAM,
	HAND_PIPE,
	HAND_SOCKET,
	HAND_EVENT,
	HAND_DEVICE,
	HAND_SIGNALS,
	HAND_TIMER,
	HAND_TYPES
};

/* Which handle is which; each kind has the first ones for itself. */
#define HAND_MAIN	0
#define HAND_EXTRA	1		/* to 7 */
#define HAND_LANE	6		/* of sockets, and the next */
#define HAND_NATIVE	8		/* file_share() */
#define HAND_SECTION	9
#define HAND_MUTEX	10
#define HAND_HANDLES	11
#define HAND_NOBODY	UINT32_MAX

struct hand_record {
	uint32_t type;			/* enum hand_type */
	int32_t kind;			/* enum file_kind */
	int32_t flags;			/* O_ACCMODE and others */
	uint32_t giver;			/* of a message: who was told to hold
					   it, HAND_NOBODY, or 0: we */
	uint64_t handle[HAND_HANDLES];	/* 0: none */
	unsigned char data[448];	/* of the kind */
};

struct hand_fd {
	int32_t fd;
	uint32_t record;
};

struct handoff {
	uint32_t magic, version;
	uint32_t size;			/* of all */
	uint32_t records, fds;
	uint32_t pid;			/* the parent */
	uint32_t group, session;	/* 0: the child's own */
	uint64_t mask;			/* signals blocked */
	uint64_t ignored;		/* and ignored */
	uint32_t role;			/* enum handoff_role */
	uint32_t umask;
	int32_t ppid;			/* getppid(), of an heir */
	int32_t nice;
	int32_t death_signal;		/* prctl(), of an heir */
	int32_t spare;
	struct {
		int64_t value, interval;	/* us */
	} timers[3];			/* setitimer()'s, of an heir */
	uint64_t until;			/* a daemon: the process to wait for */
	/* struct hand_record [records], struct hand_fd [fds] */
};

static inline struct hand_record *
handoff_records(const struct handoff *h)
{
	return (struct hand_record *)(uintptr_t)(h + 1);
}

static inline struct hand_fd *
handoff_fds(const struct handoff *h)
{
	return (struct hand_fd *)(handoff_records(h) + h->records);
}

/* Behind what the CRT finds in lpReserved2, which tells where it ends. */
struct handoff_trailer {
	uint32_t magic, version;
	uint64_t section;
};

/*
 * Make a description out of a record; the handles are the function's when it
 * succeeds, and those that it has claimed also when it fails.  A kind that is
 * linked in enters its own from a constructor of priority HAND_PRIORITY.
 */
typedef int hand_taker(struct hand_record *, struct file **);
void hand_enter(enum hand_type, hand_taker *);
#define HAND_PRIORITY 200

static inline uintptr_t
hand_claim(struct hand_record *r, int which)
{
	const uintptr_t handle = (uintptr_t)r->handle[which];

	r->handle[which] = 0;
	return handle;
}

/* inherit_nt.c: do so.  NULL, and the handles are closed, when it fails. */
struct file *hand_take(const struct hand_record *);

/* startup_nt.c: what the parent handed over, or NULL.  Before main. */
const struct handoff *startup_handoff(void);
void startup_done(void);

/* The same's role and ppid, for ever. */
enum handoff_role startup_role(void);
int32_t startup_ppid(void);

/* The process in whose place this one runs, or 0. */
uint32_t startup_doorkeeper(void);

/* A daemon: until who was the program before has gone. */
void startup_wait(void);

/*
 * The directory and the command line that the program began with, UTF-8, to be
 * freed; ENOENT when the directory was too deep for a child's.
 */
int startup_dir(char **);
int startup_words(char **path, char **line);

#endif
