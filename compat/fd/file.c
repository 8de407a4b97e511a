#include "fd/file.h"

#include "poll/watch.h"

void
file_init(struct file *f, enum file_kind kind, const struct file_ops *ops,
    int flags, uintptr_t handle)
{
	atomic_init(&f->refs, 1);
	f->kind = kind;
	f->ops = ops;
	atomic_init(&f->own.flags, flags);
	f->own.pos = 0;
	f->own.timer = (struct timer_state){ 0 };
	atomic_init(&f->state, &f->own);
	f->pos_lock = (struct lock){ 0 };
	f->share = NULL;
	f->handle = handle;
	f->watch_lock = (struct lock){ 0 };
	f->watches = NULL;
	f->record = (struct record_state){ 0 };
}

void
file_ref(struct file *f)
{
	(void)atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
}

void
file_put(struct file *f)
{
	struct share *share;

	if (atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
		return;
	watch_detach_all(f);
	record_freed(f);
	share = f->share;
	f->ops->close(f);
	share_close(share);
}

/*
 * Under the lock, so that a change cannot be made to the state's old place
 * while file_share() moves it.
 */
int
file_set_flags(struct file *f, int mask, int bits)
{
	struct file_state *s;
	int flags;

	lock_write(&f->pos_lock);
	s = atomic_load(&f->state);
	flags = atomic_load(&s->flags);
	while (!atomic_compare_exchange_weak(&s->flags, &flags,
	    (flags & ~mask) | (bits & mask)))
		;
	unlock_write(&f->pos_lock);
	return (flags & ~mask) | (bits & mask);
}
