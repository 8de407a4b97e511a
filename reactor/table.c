/*
 * Channel numbers.
 *
 * A slot per number, in one array that never moves, so that a post can look
 * up its channel without a lock.  A number is given back when nothing names
 * it any more: neither the channel itself nor a message that was received
 * from it or is queued for it.  Then it waits in a ring behind all others
 * that are free.
 */
#include "private.h"

#include <stdlib.h>

int
rx_table_init(struct rx_table *t, uint32_t max)
{
	t->slots = calloc(RX_CHANNELS + 1, sizeof(*t->slots));
	if (t->slots == NULL)
		return REACTOR_ALLOCATION_FAILED;
	t->ring = malloc(RX_CHANNELS * sizeof(*t->ring));
	if (t->ring == NULL)
		goto free_slots;
	if (pthread_mutex_init(&t->lock, NULL) != 0)
		goto free_ring;
	t->fresh = 1;
	t->max = max;
	return 0;

free_ring:
	free(t->ring);
free_slots:
	free(t->slots);
	return REACTOR_ALLOCATION_FAILED;
}

void
rx_table_destroy(struct rx_table *t)
{
	(void)pthread_mutex_destroy(&t->lock);
	free(t->ring);
	free(t->slots);
}

static uint16_t
take(struct rx_table *t)
{
	uint16_t n;

	if (t->used >= t->max)
		return 0;
	if (t->fresh <= RX_CHANNELS)
		n = (uint16_t)t->fresh++;
	else if (t->ring_count > 0) {
		n = t->ring[t->ring_first];
		t->ring_first = (t->ring_first + 1) % RX_CHANNELS;
		t->ring_count--;
	} else
		return 0;
	t->used++;
	return n;
}

/*
 * Give ch a number.  The poster of a Hello or Welcome does this, too: the
 * I/O thread sees slot->channel only after it took the post from the queue.
 */
int
rx_table_alloc(struct rx_table *t, uint32_t group, enum rx_state state,
    struct rx_channel *ch)
{
	struct rx_slot *slot;
	uint16_t n;

	(void)pthread_mutex_lock(&t->lock);
	n = take(t);
	(void)pthread_mutex_unlock(&t->lock);
	if (n == 0)
		return REACTOR_TABLE_FULL;
	slot = &t->slots[n];
	ch->number = n;
	ch->generation = (RX_WORD_GENERATION(atomic_load(&slot->word)) + 1) &
	    0xffffff;
	slot->channel = ch;
	atomic_store(&slot->queued, 0);
	atomic_store(&slot->hungry, false);
	atomic_store(&slot->refs, 1);
	atomic_store(&slot->word, RX_WORD(group, ch->generation, state));
	return 0;
}

/* Name the number once more; false when it is free. */
bool
rx_table_ref(struct rx_table *t, uint16_t n)
{
	_Atomic uint32_t *refs = &t->slots[n].refs;
	uint32_t have = atomic_load_explicit(refs, memory_order_relaxed);

	do {
		if (have == 0)
			return false;
	} while (!atomic_compare_exchange_weak(refs, &have, have + 1));
	return true;
}

/* The same for one who knows that it is in use. */
void
rx_table_ref_known(struct rx_table *t, uint16_t n)
{
	(void)atomic_fetch_add_explicit(&t->slots[n].refs, 1,
	    memory_order_relaxed);
}

void
rx_table_unref(struct rx_table *t, uint16_t n)
{
	struct rx_slot *slot = &t->slots[n];
	uint64_t word;

	if (atomic_fetch_sub(&slot->refs, 1) != 1)
		return;
	word = atomic_load(&slot->word);
	atomic_store(&slot->word, RX_WORD(0, RX_WORD_GENERATION(word),
	    RX_FREE));
	(void)pthread_mutex_lock(&t->lock);
	t->ring[(t->ring_first + t->ring_count) % RX_CHANNELS] = n;
	t->ring_count++;
	t->used--;
	(void)pthread_mutex_unlock(&t->lock);
}

/* I/O thread: change the state, unless a post has changed it before. */
void
rx_table_state(struct rx_table *t, uint16_t n, enum rx_state from,
    enum rx_state to)
{
	_Atomic uint64_t *word = &t->slots[n].word;
	uint64_t old = atomic_load(word);

	do {
		if (from != RX_ANY && RX_WORD_STATE(old) != from)
			return;
	} while (!atomic_compare_exchange_weak(word, &old,
	    (old & ~UINT64_C(0xff)) | to));
}

/* How many messages of this channel the program holds, about. */
uint32_t
rx_table_held(struct rx_table *t, uint16_t n)
{
	struct rx_slot *slot = &t->slots[n];
	uint32_t refs = atomic_load(&slot->refs);
	uint32_t queued = RX_QUEUED_MESSAGES(atomic_load(&slot->queued));

	return refs > queued + 1 ? refs - queued - 1 : 0;
}
