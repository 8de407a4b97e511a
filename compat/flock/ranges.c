/*
 * Ranges: conflicts, splitting and merging.
 */
#include "flock/table.h"

#include <errno.h>
#include <fcntl.h>

#include "flock/journal.h"
#include "flock/pools.h"

static int
excludes(const struct lock_request *q, const struct lock_range *r)
{
	return r->start <= q->end && r->end >= q->start &&
	    (q->type == F_WRLCK || r->type == F_WRLCK);
}

/* The first range of the holder that is in the way, or 0. */
static uint32_t
holder_conflict(struct lock_table *t, const struct lock_holder *h,
    const struct lock_request *q)
{
	uint32_t i;

	if (h->last == 0 || t->range[h->last].end < q->start)
		return 0;
	for (i = h->first; i != 0 && t->range[i].start <= q->end;
	    i = t->range[i].next)
		if (excludes(q, &t->range[i]))
			return i;
	return 0;
}

int
table_conflict(struct lock_table *t, const struct lock_request *q,
    struct lock_request *found)
{
	uint32_t file, h, i;

	if (q->type == F_UNLCK || (file = file_find(t, &q->key)) == 0)
		return 0;
	for (h = t->file[file].first; h != 0; h = t->holder[h].next) {
		if (owner_equal(&t->holder[h].owner, &q->owner))
			continue;
		if ((i = holder_conflict(t, &t->holder[h], q)) != 0) {
			found->key = q->key;
			found->owner = t->holder[h].owner;
			found->type = (int)t->range[i].type;
			found->start = t->range[i].start;
			found->end = t->range[i].end;
			return 1;
		}
	}
	return 0;
}

/*
 * What is to be done to an owner's list: bytes start to end become one range,
 * or free.  first is the first range that they touch or abut, 0 when they are
 * behind all.
 */
struct change {
	uint32_t holder;
	uint32_t type;
	int64_t start;
	int64_t end;
	uint32_t first;
	uint32_t last;			/* of the list, when first is 0 */
};

/* Abutting counts; start - 1 and not end + 1, which could overflow. */
static int
is_before(const struct lock_range *r, int64_t start)
{
	return r->end < start - 1;
}

static int
is_behind(const struct lock_range *r, int64_t end)
{
	return r->start - 1 > end;
}

static void
change_find(struct lock_table *t, struct change *c)
{
	const struct lock_holder *h = &t->holder[c->holder];
	uint32_t i = h->first;

	c->last = h->last;
	if (h->last != 0 && is_before(&t->range[h->last], c->start))
		i = 0;
	while (i != 0 && is_before(&t->range[i], c->start))
		i = t->range[i].next;
	c->first = i;
}

/* Let it swallow the owner's ranges of its own type that it touches. */
static void
change_merge(struct lock_table *t, struct change *c)
{
	int64_t end = c->end;
	const struct lock_range *r;
	uint32_t i;

	for (i = c->first; i != 0; i = r->next) {
		r = &t->range[i];
		if (is_behind(r, end))
			break;
		if (r->type != c->type)
			continue;
		if (r->start < c->start)
			c->start = r->start;
		if (r->end > c->end)
			c->end = r->end;
	}
}

/* How many more ranges there will be, at worst 2: is there room? */
static int
change_fits(struct lock_table *t, const struct change *c)
{
	uint32_t i, need = c->type != F_UNLCK;
	const struct lock_range *r;

	for (i = c->first; i != 0; i = r->next) {
		r = &t->range[i];
		if (r->start > c->end)
			break;
		if (r->start < c->start && r->end > c->end)
			need++;
		else if (r->start >= c->start && r->end <= c->end)
			return 1;
	}
	return need <= ranges_left(t);
}

/* Free its bytes.  Return the last range before them, or 0. */
static uint32_t
change_clear(struct lock_table *t, const struct change *c)
{
	uint32_t i, next, before;
	struct lock_range *r;

	before = c->first != 0 ? t->range[c->first].prev : c->last;
	for (i = c->first; i != 0; i = next) {
		r = &t->range[i];
		next = r->next;
		if (r->start > c->end)
			break;
		if (r->start >= c->start && r->end <= c->end) {
			range_remove(t, c->holder, i);
		} else if (r->start >= c->start) {
			set64(t, &r->start, c->end + 1);
		} else {
			before = i;
			if (r->end > c->end)
				(void)range_insert(t, c->holder, i, r->type,
				    c->end + 1, r->end);
			if (r->end >= c->start)
				set64(t, &r->end, c->start - 1);
		}
		journal_commit(t);
	}
	return before;
}

/* The owner has it already, as a part of one range. */
static int
is_held(struct lock_table *t, const struct change *c)
{
	const struct lock_range *r = &t->range[c->first];

	return c->first != 0 && r->type == c->type && r->start <= c->start &&
	    r->end >= c->end;
}

static int
change_make(struct lock_table *t, struct change *c)
{
	uint32_t before;

	change_find(t, c);
	if (is_held(t, c))
		return 0;
	if (c->type != F_UNLCK)
		change_merge(t, c);
	if (!change_fits(t, c))
		return ENOLCK;
	before = change_clear(t, c);
	if (c->type != F_UNLCK)
		(void)range_insert(t, c->holder, before, c->type, c->start,
		    c->end);
	journal_commit(t);
	return 0;
}

int
table_lock(struct lock_table *t, const struct lock_request *q,
    struct lock_request *found, int *holders)
{
	struct change c = { .type = (uint32_t)q->type, .start = q->start,
	    .end = q->end };
	uint32_t before = t->holders.used, file;
	int err;

	if (table_conflict(t, q, found))
		return EAGAIN;
	if (q->type == F_UNLCK) {
		file = file_find(t, &q->key);
		if (file == 0 ||
		    (c.holder = holder_find(t, file, &q->owner)) == 0)
			return 0;
	} else if ((c.holder = holder_make(t, &q->key, &q->owner)) == 0)
		return ENOLCK;
	err = change_make(t, &c);
	if (t->holder[c.holder].first == 0)
		holder_drop(t, c.holder);
	*holders += (int)(t->holders.used - before);
	return err;
}

static void
holder_purge(struct lock_table *t, uint32_t h)
{
	while (t->holder[h].first != 0) {
		range_remove(t, h, t->holder[h].first);
		journal_commit(t);
	}
	holder_drop(t, h);
}

void
table_purge(struct lock_table *t, const struct lock_process *p)
{
	uint32_t i;

	for (i = 1; i <= t->holders.high; i++)
		if (process_equal(&t->holder[i].owner.process, p))
			holder_purge(t, i);
	for (i = 1; i <= t->waiting; i++)
		if (process_equal(&t->waiter[i].want.owner.process, p))
			t->waiter[i].state = WAITER_FREE;
}

int
table_next_process(struct lock_table *t, uint32_t *cursor,
    struct lock_process *p)
{
	uint32_t i;

	for (; *cursor < TABLE_HOLDERS; (*cursor)++)
		if (*cursor <= t->holders.high &&
		    t->holder[*cursor].owner.process.pid != 0) {
			*p = t->holder[*cursor].owner.process;
			return 1;
		}
	for (; (i = *cursor - TABLE_HOLDERS) < TABLE_WAITERS; (*cursor)++)
		if (t->waiter[i].state != WAITER_FREE) {
			*p = t->waiter[i].want.owner.process;
			return 1;
		}
	return 0;
}
