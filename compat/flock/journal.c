#include "flock/journal.h"

#include <string.h>

/*
 * The entry is complete before it counts, and it counts before the change is
 * made: undoing a change that was not made does no harm.
 */
void
journal_note(struct lock_table *t, const void *p, int64_t old, uint64_t size)
{
	uint32_t n = atomic_load_explicit(&t->noted, memory_order_relaxed);
	struct journal_entry *e = &t->journal[n];

	e->offset = (uint64_t)((const char *)p - (const char *)t);
	e->size = size;
	e->old = old;
	journal_order();
	atomic_store_explicit(&t->noted, n + 1, memory_order_relaxed);
	journal_order();
}

/* An entry counts until it is undone: whoever is killed here is followed. */
void
table_recover(struct lock_table *t)
{
	uint32_t n = atomic_load_explicit(&t->noted, memory_order_relaxed);
	const struct journal_entry *e;
	uint32_t old;
	char *p;

	for (; n > 0; n--) {
		e = &t->journal[n - 1];
		p = (char *)t + e->offset;
		old = (uint32_t)e->old;
		if (e->size == sizeof(old))
			(void)memcpy(p, &old, sizeof(old));
		else
			(void)memcpy(p, &e->old, sizeof(e->old));
		journal_order();
		atomic_store_explicit(&t->noted, n - 1, memory_order_relaxed);
		journal_order();
	}
}

void
journal_commit(struct lock_table *t)
{
	journal_order();
	atomic_store_explicit(&t->noted, 0, memory_order_relaxed);
	journal_order();
}
