#include "fd/slot.h"

/*
 * The word has come to owe much.  The references are moved to the description
 * first: while they are counted twice nothing can go, as the caller has one.
 */
static void
settle(struct slot *s, struct file *f)
{
	uint64_t w = atomic_load(&s->word);
	long long n;

	for (;;) {
		n = (long long)(w >> SLOT_COUNT_SHIFT);
		if (slot_file(w) != f || n < SLOT_SETTLE)
			return;
		(void)atomic_fetch_add(&f->refs, n);
		if (atomic_compare_exchange_strong(&s->word, &w,
		    w & SLOT_POINTER))
			return;
		(void)atomic_fetch_sub(&f->refs, n);
	}
}

/*
 * The slot may have become empty since the first look; what is added to the
 * count of an empty slot is of no account.
 */
struct file *
slot_get(struct slot *s)
{
	struct file *f;
	uint64_t w;

	if (atomic_load_explicit(&s->word, memory_order_relaxed) == 0)
		return NULL;
	w = atomic_fetch_add(&s->word, SLOT_ONE);
	f = slot_file(w);
	if (f != NULL && w >> SLOT_COUNT_SHIFT >= SLOT_SETTLE)
		settle(s, f);
	return f;
}

struct file *
slot_swap(struct slot *s, struct file *f)
{
	struct file *old;
	uint64_t w;

	if (f != NULL)
		(void)atomic_fetch_add(&f->refs, FILE_HELD - 1);
	w = atomic_exchange(&s->word, (uint64_t)(uintptr_t)f);
	if ((old = slot_file(w)) != NULL)
		(void)atomic_fetch_add(&old->refs,
		    (long long)(w >> SLOT_COUNT_SHIFT) - FILE_HELD + 1);
	return old;
}
