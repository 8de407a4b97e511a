#include "nt/perthread.h"

#include <stdlib.h>

#include "nt/nt.h"

/* NT's callback gets the block alone. */
struct block {
	const struct perthread *owner;
	max_align_t data;
};

static void WINAPI
thread_ended(void *arg)
{
	struct block *b = arg;

	if (b == NULL)
		return;
	if (b->owner->ended != NULL)
		b->owner->ended(&b->data);
	free(b);
}

static int
slot_of(struct perthread *p, DWORD *slot)
{
	unsigned int n;

	if ((n = atomic_load(&p->slot)) == 0) {
		lock_write(&p->lock);
		if ((n = atomic_load(&p->slot)) == 0) {
			n = FlsAlloc(thread_ended) + 1;
			atomic_store(&p->slot, n);
		}
		unlock_write(&p->lock);
	}
	*slot = n - 1;
	return n != 0;
}

void *
perthread_get(struct perthread *p)
{
	struct block *b;
	DWORD slot;

	if (!slot_of(p, &slot))
		return NULL;
	if ((b = FlsGetValue(slot)) != NULL)
		return &b->data;
	if ((b = calloc(1, offsetof(struct block, data) + p->size)) == NULL)
		return NULL;
	b->owner = p;
	if (!FlsSetValue(slot, b)) {
		free(b);
		return NULL;
	}
	return &b->data;
}
