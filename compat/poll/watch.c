#include "poll/watch.h"

#include "poll/detach.h"

struct lock detach_lock;

void
watch_add(struct file *f, struct watch *w)
{
	lock_write(&f->watch_lock);
	w->next = f->watches;
	f->watches = w;
	unlock_write(&f->watch_lock);
}

void
watch_remove(struct file *f, struct watch *w)
{
	struct watch **link;

	lock_write(&f->watch_lock);
	for (link = &f->watches; *link != NULL; link = &(*link)->next)
		if (*link == w) {
			*link = w->next;
			break;
		}
	unlock_write(&f->watch_lock);
}

/*
 * The list is walked under the lock for writing, not for reading: two threads
 * that notify at once would otherwise call one watch at the same time.
 */
void
watch_notify(struct file *f, uint32_t events)
{
	struct watch *w;
	int taken = 0;

	lock_write(&f->watch_lock);
	for (w = f->watches; w != NULL; w = w->next)
		if (w->notify != NULL && w->notify(w, events, taken))
			taken = 1;
	unlock_write(&f->watch_lock);
}

/* The look before the lock may miss a watch that is just being added, which
 * has nothing to be told yet. */
void
watch_used(struct file *f, uint32_t events, int dry)
{
	struct watch *w;

	if (f->watches == NULL)
		return;
	lock_write(&f->watch_lock);
	for (w = f->watches; w != NULL; w = w->next)
		if (w->used != NULL)
			w->used(w, events, dry);
	unlock_write(&f->watch_lock);
}

uint32_t
watch_wanted(struct file *f)
{
	struct watch *w;
	uint32_t events = 0;

	lock_write(&f->watch_lock);
	for (w = f->watches; w != NULL; w = w->next)
		events |= w->events;
	unlock_write(&f->watch_lock);
	return events;
}

static struct watch *
watch_first(struct file *f)
{
	struct watch *w;

	lock_write(&f->watch_lock);
	w = f->watches;
	unlock_write(&f->watch_lock);
	return w;
}

void
watch_detach_all(struct file *f)
{
	struct watch *w;

	if (watch_first(f) == NULL)
		return;
	lock_write(&detach_lock);
	while ((w = watch_first(f)) != NULL)
		w->detach(w);
	unlock_write(&detach_lock);
}
