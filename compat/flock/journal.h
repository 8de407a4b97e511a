/*
 * Changes of the table that a kill must not leave half done.
 */
#ifndef FLOCK_JOURNAL_H
#define FLOCK_JOURNAL_H

#include "flock/table.h"

/*
 * NT stops a thread between two of its instructions, and what it has stored by
 * then is in the memory that all see: only the compiler could change the
 * order.
 */
static inline void
journal_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

void journal_note(struct lock_table *, const void *, int64_t old,
    uint64_t size);

/* What has been set since the last commit stays. */
void journal_commit(struct lock_table *);

static inline void
set32(struct lock_table *t, uint32_t *p, uint32_t value)
{
	journal_note(t, p, *p, sizeof(*p));
	*p = value;
}

static inline void
set64(struct lock_table *t, int64_t *p, int64_t value)
{
	journal_note(t, p, *p, sizeof(*p));
	*p = value;
}

#endif
