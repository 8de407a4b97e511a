/*
 * Registrations come in blocks that are never given back, because the kernel
 * may write into one of them long after the program forgot about it.  There
 * are never more than there were registrations, and unfinished requests, at
 * one time.
 */
#include "poll/interest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 128

static struct {
	struct lock lock;
	struct reg *free;
} pool;

static struct reg *
pool_pop(void)
{
	struct reg *r;

	lock_write(&pool.lock);
	if ((r = pool.free) != NULL)
		pool.free = r->hash_next;
	unlock_write(&pool.lock);
	return r;
}

static void
pool_push(struct reg *first, struct reg *last)
{
	lock_write(&pool.lock);
	last->hash_next = pool.free;
	pool.free = first;
	unlock_write(&pool.lock);
}

static int
pool_grow(void)
{
	struct reg *block;
	int i;

	if ((block = calloc(BLOCK, sizeof(*block))) == NULL)
		return ENOMEM;
	for (i = 0; i < BLOCK - 1; i++)
		block[i].hash_next = &block[i + 1];
	pool_push(&block[0], &block[BLOCK - 1]);
	return 0;
}

struct reg *
reg_alloc(void)
{
	struct reg *r;
	uint64_t generation;

	while ((r = pool_pop()) == NULL)
		if (pool_grow() != 0)
			return NULL;
	generation = r->generation;
	memset(r, 0, sizeof(*r));
	r->generation = generation;
	return r;
}

void
reg_free(struct reg *r)
{
	r->generation++;
	pool_push(r, r);
}
