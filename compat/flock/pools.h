/* The table's entries: taken, linked and given back. */
#ifndef FLOCK_POOLS_H
#define FLOCK_POOLS_H

#include "flock/table.h"

uint32_t file_find(struct lock_table *, const struct lock_key *);
uint32_t holder_find(struct lock_table *, uint32_t file,
    const struct lock_owner *);

/* Find the holder or make it, and the file: 0 when the table is full. */
uint32_t holder_make(struct lock_table *, const struct lock_key *,
    const struct lock_owner *);

/* A holder without ranges goes, and a file without holders. */
void holder_drop(struct lock_table *, uint32_t holder);

uint32_t ranges_left(const struct lock_table *);

/*
 * Link a new range into h's list behind `after`, 0 for the head.  There is one
 * left.  The caller commits.
 */
uint32_t range_insert(struct lock_table *, uint32_t h, uint32_t after,
    uint32_t type, int64_t start, int64_t end);
void range_remove(struct lock_table *, uint32_t h, uint32_t range);

#endif
