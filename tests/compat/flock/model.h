/*
 * What record locks do, by one byte of memory for each byte of the file: files
 * of 64 bytes, and one more cell for all that is behind.
 */
#ifndef FLOCK_MODEL_H
#define FLOCK_MODEL_H

#include <stdint.h>

#define MODEL_BYTES	64
#define MODEL_CELLS	(MODEL_BYTES + 1)
#define MODEL_OWNERS	24
#define MODEL_FREE	(-1)

/* Owners by the age of their first lock; type is F_RDLCK, F_WRLCK or FREE. */
struct model {
	int n;
	struct {
		int owner;
		signed char type[MODEL_CELLS];
	} held[MODEL_OWNERS];
};

/* A lock: bytes start to end, end INT64_MAX for all that is behind. */
struct model_lock {
	int owner;
	int type;
	int64_t start;
	int64_t end;
};

void model_clear(struct model *);

/** model_conflict(m, l, found): 1, and what is in the way first; or 0. */
int model_conflict(const struct model *, const struct model_lock *,
    struct model_lock *found);

/** model_lock(m, l): lock or unlock.  0, or EAGAIN. */
int model_lock(struct model *, const struct model_lock *);

/** model_drop(m, owner): unlock all that it has. */
void model_drop(struct model *, int owner);

/** model_ranges(m, list): what is held, in order; how many. */
int model_ranges(const struct model *,
    struct model_lock list[MODEL_OWNERS * MODEL_CELLS]);

#endif
