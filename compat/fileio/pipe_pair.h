/* What the two ends of a pipe share, in a process and between processes. */
#ifndef FILEIO_PIPE_PAIR_H
#define FILEIO_PIPE_PAIR_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "fd/file.h"
#include "fileio/pipe_alarm.h"

/* Linux's numbers (pipe(7)). */
#define PIPE_CAPACITY 65536
#define PIPE_ATOMIC PIPE_BUF

enum pipe_side { PIPE_READER, PIPE_WRITER };

struct pipe_state {
	uint32_t taken;			/* bytes in the pipe, as we count */
	uint32_t strangers;		/* plain programs have had the reader */
};

struct pipe_file;

/*
 * lock comes before any watch_lock.  The event room is set exactly when a
 * writer could write PIPE_ATOMIC bytes.
 */
struct pair {
	struct lock lock;
	struct pipe_file *end[2];	/* of this process */
	struct pipe_state *state;	/* &own, or in the section */
	struct pipe_state own;
	uintptr_t section, mutex;	/* 0: no other process has an end */
	uintptr_t room;
	int lost_count;			/* NT may have another number of bytes */
};

struct pipe_file {
	struct file f;
	struct pair *pair;
	enum pipe_side side;
	struct pipe_alarm *other;	/* data has come, or the others went */
	struct pipe_alarm *space;	/* a writer's: there is room */
};

int pair_new(struct pair **);
void pair_free(struct pair *);

void pair_lock(struct pair *);
void pair_unlock(struct pair *);

/* With the lock: so much is in the pipe now. */
void pair_set_taken(struct pair *, size_t);
size_t pair_room(const struct pair *);

/*
 * With the lock: does the count tell how much is in the pipe, and end[] whose
 * ends are open?  Else NT has to be asked, and another process may be faster.
 */
static inline int
pair_knows(const struct pair *p)
{
	return p->mutex == 0 && !p->lost_count;
}

/* Let other processes have an end. */
int pair_share(struct pair *);

struct hand_record;
int pair_hand(struct pair *, struct hand_record *);
int pair_take(const struct hand_record *, struct pair **);

#endif
