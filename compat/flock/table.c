#include "flock/table.h"

#include "flock/journal.h"
#include "flock/pools.h"

int
key_equal(const struct lock_key *a, const struct lock_key *b)
{
	return a->volume == b->volume && a->id[0] == b->id[0] &&
	    a->id[1] == b->id[1];
}

int
process_equal(const struct lock_process *a, const struct lock_process *b)
{
	return a->pid == b->pid && a->start == b->start;
}

int
owner_equal(const struct lock_owner *a, const struct lock_owner *b)
{
	return process_equal(&a->process, &b->process) && a->ofd == b->ofd;
}

/* Indexes are from 1: 0 is none. */
static uint32_t
pool_take(struct lock_table *t, struct lock_pool *pool, uint32_t size,
    uint32_t next_free)
{
	uint32_t i = pool->free;

	if (i != 0)
		set32(t, &pool->free, next_free);
	else if (pool->high + 1 < size) {
		i = pool->high + 1;
		set32(t, &pool->high, i);
	} else
		return 0;
	set32(t, &pool->used, pool->used + 1);
	return i;
}

static void
pool_give(struct lock_table *t, struct lock_pool *pool, uint32_t *next,
    uint32_t i)
{
	set32(t, next, pool->free);
	set32(t, &pool->free, i);
	set32(t, &pool->used, pool->used - 1);
}

static uint32_t *
bucket_of(struct lock_table *t, const struct lock_key *key)
{
	uint64_t h = key->volume ^ key->id[0] ^ key->id[1];

	h *= 0x9E3779B97F4A7C15ULL;
	return &t->bucket[(h >> 40) % TABLE_BUCKETS];
}

uint32_t
file_find(struct lock_table *t, const struct lock_key *key)
{
	uint32_t i;

	for (i = *bucket_of(t, key); i != 0; i = t->file[i].next)
		if (key_equal(&t->file[i].key, key))
			break;
	return i;
}

static uint32_t
file_make(struct lock_table *t, const struct lock_key *key)
{
	uint32_t *bucket = bucket_of(t, key);
	struct lock_file *f;
	uint32_t i;

	i = pool_take(t, &t->files, TABLE_HOLDERS, t->file[t->files.free].next);
	if (i == 0)
		return 0;
	f = &t->file[i];
	f->key = *key;
	f->first = f->last = 0;
	set32(t, &f->next, *bucket);
	set32(t, bucket, i);
	return i;
}

static void
file_drop(struct lock_table *t, uint32_t file)
{
	struct lock_file *f = &t->file[file];
	uint32_t *link = bucket_of(t, &f->key);

	while (*link != file)
		link = &t->file[*link].next;
	set32(t, link, f->next);
	pool_give(t, &t->files, &f->next, file);
}

uint32_t
holder_find(struct lock_table *t, uint32_t file,
    const struct lock_owner *owner)
{
	uint32_t i;

	for (i = t->file[file].first; i != 0; i = t->holder[i].next)
		if (owner_equal(&t->holder[i].owner, owner))
			break;
	return i;
}

/* What was taken before the table turned out full is given back. */
uint32_t
holder_make(struct lock_table *t, const struct lock_key *key,
    const struct lock_owner *owner)
{
	uint32_t file, i = 0;
	struct lock_holder *h;
	struct lock_file *f;

	if ((file = file_find(t, key)) != 0 &&
	    (i = holder_find(t, file, owner)) != 0)
		return i;
	if (file == 0)
		file = file_make(t, key);
	if (file != 0)
		i = pool_take(t, &t->holders, TABLE_HOLDERS,
		    t->holder[t->holders.free].next);
	if (i == 0) {
		table_recover(t);
		return 0;
	}
	h = &t->holder[i];
	f = &t->file[file];
	h->file = file;
	h->first = h->last = 0;
	h->owner.ofd = owner->ofd;
	h->owner.process.start = owner->process.start;
	h->prev = f->last;
	set32(t, &h->next, 0);
	set64(t, (int64_t *)&h->owner.process.pid,
	    (int64_t)owner->process.pid);
	set32(t, f->last != 0 ? &t->holder[f->last].next : &f->first, i);
	set32(t, &f->last, i);
	journal_commit(t);
	return i;
}

void
holder_drop(struct lock_table *t, uint32_t holder)
{
	struct lock_holder *h = &t->holder[holder];
	struct lock_file *f = &t->file[h->file];

	set32(t, h->prev != 0 ? &t->holder[h->prev].next : &f->first, h->next);
	set32(t, h->next != 0 ? &t->holder[h->next].prev : &f->last, h->prev);
	set64(t, (int64_t *)&h->owner.process.pid, 0);
	pool_give(t, &t->holders, &h->next, holder);
	if (f->first == 0)
		file_drop(t, h->file);
	journal_commit(t);
}

uint32_t
ranges_left(const struct lock_table *t)
{
	return TABLE_RANGES - 1 - t->ranges.used;
}

uint32_t
range_insert(struct lock_table *t, uint32_t h, uint32_t after, uint32_t type,
    int64_t start, int64_t end)
{
	struct lock_holder *holder = &t->holder[h];
	uint32_t *link = after != 0 ? &t->range[after].next : &holder->first;
	struct lock_range *r;
	uint32_t i;

	i = pool_take(t, &t->ranges, TABLE_RANGES,
	    t->range[t->ranges.free].next);
	r = &t->range[i];
	r->start = start;
	r->end = end;
	r->type = type;
	r->prev = after;
	set32(t, &r->next, *link);
	set32(t, *link != 0 ? &t->range[*link].prev : &holder->last, i);
	set32(t, link, i);
	return i;
}

void
range_remove(struct lock_table *t, uint32_t h, uint32_t range)
{
	struct lock_holder *holder = &t->holder[h];
	struct lock_range *r = &t->range[range];

	set32(t, r->prev != 0 ? &t->range[r->prev].next : &holder->first,
	    r->next);
	set32(t, r->next != 0 ? &t->range[r->next].prev : &holder->last,
	    r->prev);
	pool_give(t, &t->ranges, &r->next, range);
}
