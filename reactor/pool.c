/*
 * The pool of messages.
 *
 * One list under a lock that is held for a few instructions.  The I/O thread
 * keeps what it frees during a turn and uses it for what it receives; it
 * takes and returns in batches, so in steady state it locks once per batch
 * and nobody allocates.
 *
 * A notice is a message the engine must be able to make although the pool is
 * empty (channel_closed).  It is counted, so that the engine outlives it, but
 * not against the maximum.
 */
#include "private.h"

#include <stdlib.h>

int
rx_pool_init(struct reactor_engine *e, uint32_t initial, uint32_t max)
{
	struct rx_pool *p = &e->pool;
	struct reactor_message *m;
	int status = 0;

	p->max = max;
	p->batch = max / 64 < 32 ? max / 64 : 32;
	if (pthread_mutex_init(&p->lock, NULL) != 0)
		return REACTOR_ALLOCATION_FAILED;
	while (status == 0 && p->allocated < initial) {
		status = rx_message_new(e, false, &m);
		if (status == 0) {
			m->node.next = p->free;
			p->free = &m->node;
			p->free_count++;
			p->allocated++;
		}
	}
	if (status != 0)
		rx_pool_destroy(p);
	return status;
}

/* Nothing is outstanding any more. */
void
rx_pool_destroy(struct rx_pool *p)
{
	struct rx_node *n;

	while ((n = p->free) != NULL) {
		p->free = n->next;
		rx_message_destroy((struct reactor_message *)n);
	}
	(void)pthread_mutex_destroy(&p->lock);
}

static struct reactor_message *
pop(struct rx_pool *p)
{
	struct rx_node *n = p->free;

	p->free = n->next;
	p->free_count--;
	return (struct reactor_message *)n;
}

int
rx_pool_get(struct reactor_engine *e, enum reactor_how how,
    struct reactor_message **mp)
{
	struct rx_pool *p = &e->pool;
	struct reactor_message *m = NULL;
	bool make = false;
	int status;

	(void)pthread_mutex_lock(&p->lock);
	if (p->free_count > 0)
		m = pop(p);
	else if (how == REACTOR_ALWAYS && p->allocated < p->max) {
		p->allocated++;
		make = true;
	}
	(void)pthread_mutex_unlock(&p->lock);
	if (m == NULL && !make)
		return REACTOR_POOL_EMPTY;
	if (make && (status = rx_message_new(e, false, &m)) != 0) {
		(void)pthread_mutex_lock(&p->lock);
		p->allocated--;
		(void)pthread_mutex_unlock(&p->lock);
		return status;
	}
	reactor_message_clear(m);
	*mp = m;
	return 0;
}

int
rx_pool_get_notice(struct reactor_engine *e, struct reactor_message **mp)
{
	int status = rx_message_new(e, true, mp);

	if (status != 0)
		return status;
	(void)pthread_mutex_lock(&e->pool.lock);
	e->pool.notices++;
	(void)pthread_mutex_unlock(&e->pool.lock);
	return 0;
}

/* m names its channel's number no longer. */
static void
forget_slot(struct reactor_engine *e, struct reactor_message *m)
{
	struct rx_slot *slot = &e->table.slots[m->slot];
	uint16_t n = m->slot;

	if (n == 0)
		return;
	m->slot = 0;
	rx_table_unref(&e->table, n);
	if (atomic_load(&slot->hungry) &&
	    rx_table_held(&e->table, n) <= e->options.receive_credit / 2)
		rx_engine_kick(e);
}

/*
 * Return a chain; free the engine when it waited only for this one.  Whether
 * the I/O thread starves is asked under the lock, behind which it looks again
 * after it said so: so no message comes back unnoticed.
 */
static void
give_back(struct reactor_engine *e, struct rx_node *first,
    struct rx_node *last, uint32_t n, bool notice)
{
	struct rx_pool *p = &e->pool;
	bool end;

	(void)pthread_mutex_lock(&p->lock);
	if (notice)
		p->notices--;
	else {
		last->next = p->free;
		p->free = first;
		p->free_count += n;
	}
	end = p->released && p->notices == 0 && p->free_count == p->allocated;
	if (!end && atomic_load(&e->starved))
		rx_engine_kick(e);
	(void)pthread_mutex_unlock(&p->lock);
	if (notice)
		rx_message_destroy((struct reactor_message *)first);
	if (end)
		rx_engine_destroy(e);
}

void
reactor_message_put(struct reactor_message **mp)
{
	struct reactor_message *m;
	struct reactor_engine *e;

	if (mp == NULL || (m = *mp) == NULL)
		return;
	*mp = NULL;
	e = m->engine;
	forget_slot(e, m);
	give_back(e, &m->node, &m->node, 1, m->notice);
}

int
rx_pool_io_get(struct reactor_engine *e, struct reactor_message **mp)
{
	struct rx_pool *p = &e->pool;
	struct reactor_message *m;
	struct rx_node *n;

	if (e->cache == NULL && p->batch > 1) {
		(void)pthread_mutex_lock(&p->lock);
		while (p->free_count > p->batch &&
		    e->cache_count < p->batch) {
			n = &pop(p)->node;
			n->next = e->cache;
			e->cache = n;
			e->cache_count++;
		}
		(void)pthread_mutex_unlock(&p->lock);
	}
	if (e->cache == NULL)
		return rx_pool_get(e, REACTOR_ALWAYS, mp);
	m = (struct reactor_message *)e->cache;
	e->cache = m->node.next;
	e->cache_count--;
	reactor_message_clear(m);
	*mp = m;
	return 0;
}

/* The I/O thread is done with m: it was sent, or nobody wants it. */
void
rx_pool_io_put(struct reactor_engine *e, struct reactor_message *m)
{
	forget_slot(e, m);
	if (m->notice) {
		give_back(e, &m->node, &m->node, 1, true);
		return;
	}
	m->node.next = e->cache;
	e->cache = &m->node;
	e->cache_count++;
}

/* Give the cache back, but for `keep` of it. */
void
rx_pool_io_flush(struct reactor_engine *e, uint32_t keep)
{
	struct rx_node *first = e->cache, *last = NULL;
	uint32_t n = 0;

	while (e->cache_count > keep) {
		last = e->cache;
		e->cache = last->next;
		e->cache_count--;
		n++;
	}
	if (n > 0)
		give_back(e, first, last, n, false);
}

/* How many messages the I/O thread could have now. */
uint32_t
rx_pool_room(struct reactor_engine *e)
{
	struct rx_pool *p = &e->pool;
	uint32_t room;

	(void)pthread_mutex_lock(&p->lock);
	room = p->free_count + (p->max - p->allocated);
	(void)pthread_mutex_unlock(&p->lock);
	return room + e->cache_count;
}
