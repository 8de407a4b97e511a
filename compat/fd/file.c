#include "fd/file.h"

#include "poll/watch.h"

void
file_init(struct file *f, enum file_kind kind, const struct file_ops *ops,
    int flags, uintptr_t handle)
{
	atomic_init(&f->refs, 1);
	f->kind = kind;
	f->ops = ops;
	atomic_init(&f->flags, flags);
	f->handle = handle;
	f->watch_lock = (struct lock){ 0 };
	f->watches = NULL;
}

void
file_ref(struct file *f)
{
	(void)atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
}

void
file_put(struct file *f)
{
	if (atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
		return;
	watch_detach_all(f);
	f->ops->close(f);
}
