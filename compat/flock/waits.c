/*
 * Who waits for whom.
 */
#include "flock/table.h"

#include "flock/journal.h"

/*
 * The slot counts when its state says so, and that comes last.  A slot that
 * was purged is free although its process's id may still stand in it.
 */
uint32_t
table_reserve(struct lock_table *t, const struct lock_process *p)
{
	uint32_t i;

	for (i = 1; i < TABLE_WAITERS; i++)
		if (t->waiter[i].state == WAITER_FREE)
			break;
	if (i == TABLE_WAITERS)
		return 0;
	t->waiter[i].want.owner.process = *p;
	if (i > t->waiting)
		t->waiting = i;
	journal_order();
	t->waiter[i].state = WAITER_IDLE;
	return i;
}

void
table_wait(struct lock_table *t, uint32_t slot,
    const struct lock_request *want, const struct lock_owner *blocker)
{
	struct lock_waiter *w = &t->waiter[slot];

	w->want = *want;
	w->blocker = *blocker;
	journal_order();
	w->state = WAITER_WAITING;
}

void
table_unwait(struct lock_table *t, uint32_t slot)
{
	t->waiter[slot].state = WAITER_IDLE;
}

void
table_release(struct lock_table *t, uint32_t slot)
{
	t->waiter[slot].state = WAITER_FREE;
}

static int
is_freed(const struct lock_waiter *w, const struct lock_request *done)
{
	return w->state == WAITER_WAITING &&
	    owner_equal(&w->blocker, &done->owner) &&
	    key_equal(&w->want.key, &done->key) &&
	    w->want.start <= done->end && w->want.end >= done->start;
}

/*
 * Who is woken waits for nobody from here on, or table_deadlock() would see a
 * cycle that is none: it only has not run yet.
 */
void
table_wake(struct lock_table *t, const struct lock_request *done,
    struct lock_wake *wake)
{
	uint32_t i;

	for (i = 1; i <= t->waiting; i++)
		if (is_freed(&t->waiter[i], done)) {
			t->waiter[i].state = WAITER_WOKEN;
			wake->bits[i / 64] |= 1ULL << (i % 64);
			wake->any = 1;
		}
}

/* Descriptions are in no cycle: who holds them nobody can say (fcntl(2)). */
struct search {
	uint32_t queue[TABLE_WAITERS];
	uint32_t n;
};

static void
search_process(struct lock_table *t, struct search *s,
    const struct lock_owner *owner)
{
	struct lock_waiter *w;
	uint32_t i;

	if (owner->ofd != 0)
		return;
	for (i = 1; i <= t->waiting; i++) {
		w = &t->waiter[i];
		if (w->state == WAITER_WAITING && !w->mark &&
		    owner_equal(&w->want.owner, owner)) {
			w->mark = 1;
			s->queue[s->n++] = i;
		}
	}
}

int
table_deadlock(struct lock_table *t, const struct lock_owner *self,
    const struct lock_owner *blocker, struct lock_process path[TABLE_WAITERS])
{
	struct search s = { .n = 0 };
	const struct lock_waiter *w;
	uint32_t i;

	if (self->ofd != 0)
		return 0;
	for (i = 1; i <= t->waiting; i++)
		t->waiter[i].mark = 0;
	search_process(t, &s, blocker);
	for (i = 0; i < s.n; i++) {
		w = &t->waiter[s.queue[i]];
		path[i] = w->want.owner.process;
		if (owner_equal(&w->blocker, self))
			return (int)i + 1;
		search_process(t, &s, &w->blocker);
	}
	return 0;
}
