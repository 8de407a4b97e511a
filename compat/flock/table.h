/*
 * The table of record locks that the processes of a user share: plain memory,
 * with indexes for pointers (0 is none), valid when zeroed.  One thread at a
 * time is in it (shared.h); nothing here waits or calls the system.
 *
 * A thread may be killed between any two instructions.  So a change of links
 * is noted in the journal before it is made, and who comes next undoes what
 * was not committed (table_recover()).  Each step commits for itself: half of
 * an F_SETLK harms nobody, since the ranges are the dead process's and go.
 *
 * The algorithms are tested natively: no system call, no NT type.
 */
#ifndef FLOCK_TABLE_H
#define FLOCK_TABLE_H

#include <stdatomic.h>
#include <stdint.h>

/* The whole table; LIM-LOCK-2. */
#define TABLE_RANGES	65536
#define TABLE_HOLDERS	16384		/* processes, descriptions x files */
#define TABLE_WAITERS	1024		/* threads that wait at a time */
#define TABLE_BUCKETS	4096
#define JOURNAL_MAX	64

/* Which file: volume and number, so that all its names are one. */
struct lock_key {
	uint64_t volume;
	uint64_t id[2];
};

/* NT gives process ids away again; with the start they are unique. */
struct lock_process {
	uint64_t start;
	uint64_t pid;
};

/* Who holds: a process, or with ofd not 0 a description of it. */
struct lock_owner {
	struct lock_process process;
	uint64_t ofd;
};

struct lock_request {
	struct lock_key key;
	struct lock_owner owner;
	int type;			/* F_RDLCK, F_WRLCK, F_UNLCK */
	int64_t start;
	int64_t end;			/* included */
};

/* A range of a holder, in its list by start; the list has no overlaps. */
struct lock_range {
	int64_t start;
	int64_t end;
	uint32_t type;
	uint32_t prev;
	uint32_t next;			/* also of the free ones */
	uint32_t unused;
};

/* What one owner holds of one file, in the file's list, by age. */
struct lock_holder {
	struct lock_owner owner;	/* pid 0: free */
	uint32_t file;
	uint32_t prev;
	uint32_t next;
	uint32_t first;
	uint32_t last;
	uint32_t unused;
};

struct lock_file {
	struct lock_key key;
	uint32_t next;			/* of its bucket, or of the free */
	uint32_t first;
	uint32_t last;
	uint32_t unused;
};

enum waiter_state {
	WAITER_FREE,
	WAITER_IDLE,			/* reserved by owner.process */
	WAITER_WAITING,
	WAITER_WOKEN			/* waits no more, and will find out */
};

struct lock_waiter {
	uint32_t state;
	uint32_t mark;			/* of table_deadlock() */
	struct lock_request want;
	struct lock_owner blocker;
};

struct lock_pool {
	uint32_t high;			/* indexes above were never used */
	uint32_t free;			/* list of those below */
	uint32_t used;
	uint32_t unused;
};

struct journal_entry {
	uint64_t offset;
	uint64_t size;
	int64_t old;
};

struct lock_table {
	atomic_uint_least64_t word;	/* who is in the table: shared_nt.c */
	uint64_t unused;
	atomic_uint_least32_t noted;	/* entries of the journal */
	uint32_t waiting;		/* waiter slots up to here are in use */
	struct journal_entry journal[JOURNAL_MAX];
	struct lock_pool ranges, holders, files;
	uint32_t bucket[TABLE_BUCKETS];
	struct lock_waiter waiter[TABLE_WAITERS];
	struct lock_file file[TABLE_HOLDERS];
	struct lock_holder holder[TABLE_HOLDERS];
	struct lock_range range[TABLE_RANGES];
};

/* Waiters that an event has to be set for. */
struct lock_wake {
	uint64_t bits[TABLE_WAITERS / 64];
	int any;
};

/* Undo what a thread that was killed has begun. */
void table_recover(struct lock_table *);

int key_equal(const struct lock_key *, const struct lock_key *);
int process_equal(const struct lock_process *, const struct lock_process *);
int owner_equal(const struct lock_owner *, const struct lock_owner *);

/*
 * The first range in the way of a lock, in the order of Linux: holders by age,
 * each one's ranges by start.  Return 0 when there is none.
 */
int table_conflict(struct lock_table *, const struct lock_request *,
    struct lock_request *found);

/*
 * Lock or unlock.  0; EAGAIN, and found is in the way; ENOLCK, the table is
 * full.  holders: grows and shrinks with the files that the owner has locks
 * of.
 */
int table_lock(struct lock_table *, const struct lock_request *,
    struct lock_request *found, int *holders);

/* Remove all that a dead process held or waited for. */
void table_purge(struct lock_table *, const struct lock_process *);

/*
 * The process of the first holder or waiter at or behind *cursor, which begins
 * at 1; 0 when none is left.
 */
int table_next_process(struct lock_table *, uint32_t *cursor,
    struct lock_process *);

/* A waiter's slot, until it is released: 0 when all are taken. */
uint32_t table_reserve(struct lock_table *, const struct lock_process *);
void table_release(struct lock_table *, uint32_t slot);
void table_wait(struct lock_table *, uint32_t slot,
    const struct lock_request *want, const struct lock_owner *blocker);
void table_unwait(struct lock_table *, uint32_t slot);

/* After a change of what done->owner holds: who may try again? */
void table_wake(struct lock_table *, const struct lock_request *done,
    struct lock_wake *);

/*
 * Would the process wait for itself if it waited for blocker?  Return 0, or
 * how many others are on the way; path names them.
 */
int table_deadlock(struct lock_table *, const struct lock_owner *self,
    const struct lock_owner *blocker,
    struct lock_process path[TABLE_WAITERS]);

#endif
