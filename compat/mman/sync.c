/* msync. */
#include "mman/map.h"

#include <errno.h>
#include <sys/mman.h>

/* What is to be flushed, and the file, held, where waiting is wanted. */
struct piece {
	uintptr_t start, end;
	struct map_file *file;
};

/* The next piece of [at, end); 0 when there is none. */
static int
next(uintptr_t at, uintptr_t end, struct piece *p)
{
	struct segment *s;
	size_t i = ranges_from(&map.segments, at);

	if (i == map.segments.n || map.segments.at[i]->start >= end)
		return 0;
	s = (struct segment *)map.segments.at[i];
	p->start = s->r.start > at ? s->r.start : at;
	p->end = s->r.end < end ? s->r.end : end;
	p->file = s->c->kind == CHUNK_SHARED ? s->c->file : NULL;
	if (p->file != NULL)
		p->file->refs++;
	return 1;
}

static size_t
viewed(const struct piece *p)
{
	struct segment *s;
	uintptr_t end = p->end;

	s = (struct segment *)ranges_find(&map.segments, p->start);
	if (s == NULL)
		return 0;
	if (end > s->c->viewed)
		end = s->c->viewed;
	return end > p->start ? end - p->start : 0;
}

/*
 * Outside the lock: a disk takes its time, and other threads have faults and
 * mappings of their own.
 */
static int
flush(const struct piece *p, size_t n)
{
	int err;

	if (n == 0 || !p->file->writable)
		return 0;
	if ((err = view_flush(p->start, n)) != 0)
		return err;
	return file_flush(p->file->handle);
}

int
map_sync(uintptr_t start, uintptr_t end, int wait)
{
	struct piece p;
	uintptr_t at = start;
	size_t n;
	int err = 0, gap = 0;

	lock_write(&map.lock);
	while (err == 0 && at < end && next(at, end, &p)) {
		if (p.start > at)
			gap = 1;
		at = p.end;
		if (p.file == NULL)
			continue;
		n = viewed(&p);
		if (wait) {
			unlock_write(&map.lock);
			err = flush(&p, n);
			lock_write(&map.lock);
		}
		map_file_put(p.file);
	}
	unlock_write(&map.lock);
	if (err == 0 && (gap || at < end))
		err = ENOMEM;
	return err;
}
