#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

/* A private view that shows all it ever will needs the file no more. */
static int
needs_file(const struct map_request *q)
{
	size_t n;

	return (q->flags & MAP_TYPE) != MAP_PRIVATE ||
	    (q->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) ||
	    map_file_size(q->handle, q->off, q->len, &n) != 0 || n < q->len;
}

int
map_new(const struct map_request *q, uintptr_t *addr)
{
	struct map_request r = *q;
	struct map_file *f = NULL;
	int err = 0;

	lock_write(&map.lock);
	if (r.handle != 0 && needs_file(&r))
		err = map_file_new(r.handle, r.writable, &f);
	if (err == 0 && (r.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
		err = place_fixed(&r, f);
		*addr = r.addr;
		if (err == ENOMEM && (r.flags & MAP_FIXED_NOREPLACE) &&
		    !pages_is_free(r.addr, r.len))
			err = EEXIST;
	} else if (err == 0) {
		r.addr = 0;
		err = place_anywhere(&r, f, addr);
		if (err == EAGAIN && f == NULL &&
		    (err = map_file_new(r.handle, r.writable, &f)) == 0)
			err = place_anywhere(&r, f, addr);
	}
	map_file_put(f);
	unlock_write(&map.lock);
	return err;
}

/* Call fn on each segment of [start, end); err is ENOMEM for a gap. */
static int
each(uintptr_t start, uintptr_t end, int (*fn)(struct segment *, void *),
    int (*gap)(uintptr_t, uintptr_t, void *), void *arg)
{
	struct segment *s;
	uintptr_t at = start, stop;
	size_t i;
	int err = 0;

	while (err == 0 && at < end) {
		i = ranges_from(&map.segments, at);
		s = i < map.segments.n ?
		    (struct segment *)map.segments.at[i] : NULL;
		if (s != NULL && s->r.start <= at) {
			stop = s->r.end;
			err = fn(s, arg);
		} else {
			stop = s != NULL && s->r.start < end ? s->r.start :
			    end;
			err = gap(at, stop, arg);
		}
		at = stop;
	}
	return err;
}

static int
protect_segment(struct segment *s, void *arg)
{
	int old = s->prot, err;

	if (s->c->kind == CHUNK_SHARED && (*(int *)arg & PROT_WRITE) &&
	    !(s->c->view & VIEW_WRITE))
		return EACCES;
	s->prot = *(int *)arg;
	if ((err = segment_apply(s)) != 0)
		s->prot = old;
	return err;
}

static int
protect_gap(uintptr_t start, uintptr_t end, void *arg)
{
	/* What is left of a mapping is NT's, and nobody's for POSIX. */
	if (ranges_overlap(&map.chunks, start, end))
		return ENOMEM;
	return pages_protect_foreign(start, end - start, *(int *)arg);
}

/* Memory that we did not map may be protected too: malloc's, a stack's. */
int
map_protect(uintptr_t start, uintptr_t end, int prot)
{
	int err;

	lock_write(&map.lock);
	if ((err = segment_split(start)) == 0 &&
	    (err = segment_split(end)) == 0)
		err = each(start, end, protect_segment, protect_gap, &prot);
	unlock_write(&map.lock);
	return err;
}

static int
accept_segment(struct segment *s, void *arg)
{
	(void)s;
	(void)arg;
	return 0;
}

/* A page that is ours in no way must at least be somebody's. */
static int
check_gap(uintptr_t start, uintptr_t end, void *arg)
{
	(void)arg;
	if (ranges_overlap(&map.chunks, start, end))
		return ENOMEM;
	for (; start < end; start += PAGE)
		if (!pages_permits(start, PROT_NONE))
			return ENOMEM;
	return 0;
}

int
map_check(uintptr_t start, uintptr_t end)
{
	int err;

	lock_write(&map.lock);
	err = each(start, end, accept_segment, check_gap, NULL);
	unlock_write(&map.lock);
	return err;
}

/* MADV_DONTNEED: Linux gives zeros, or the file's contents, from now on. */
static int
discard_segment(struct segment *s, void *arg)
{
	size_t size = s->r.end - s->r.start;

	(void)arg;
	if (s->c->kind == CHUNK_SHARED)
		return 0;
	if (s->c->kind == CHUNK_PRIVATE)
		return EINVAL;		/* LIM-MMAP-6 */
	if (!s->committed)
		return 0;
	pages_decommit(s->r.start, size);
	s->committed = 0;
	return s->file != NULL ? segment_fill(s) : segment_apply(s);
}

int
map_discard(uintptr_t start, uintptr_t end)
{
	int err;

	/* A thread that touches a page meanwhile shall wait, not die. */
	if ((err = fault_watch()) != 0)
		return err;
	lock_write(&map.lock);
	if ((err = segment_split(start)) == 0 &&
	    (err = segment_split(end)) == 0)
		err = each(start, end, discard_segment, check_gap, NULL);
	unlock_write(&map.lock);
	return err;
}

/* What the fault can have been: the page is there, but not for NT yet. */
static int
bring(struct segment *s, uintptr_t addr)
{
	if (s->c->kind == CHUNK_SHARED)
		return addr < s->c->viewed || chunk_grow(s->c) == 0;
	if (s->c->kind == CHUNK_ANON && !s->committed && s->file != NULL)
		return segment_fill(s) == 0;
	return 1;
}

enum map_fault
map_fault(uintptr_t addr, int prot)
{
	enum map_fault fault = MAP_FAULT_THEIRS;
	struct segment *s;

	lock_write(&map.lock);
	s = (struct segment *)ranges_find(&map.segments, addr);
	/* A page that NT lets write or execute can be read, too. */
	if (s != NULL && s->prot != PROT_NONE &&
	    (prot == PROT_READ || (s->prot & prot)))
		fault = bring(s, addr) && pages_permits(addr, prot) ?
		    MAP_FAULT_AGAIN : MAP_FAULT_NO_PAGE;
	unlock_write(&map.lock);
	return fault;
}

int
map_bring(uintptr_t start, uintptr_t end, int prot)
{
	struct segment *s;
	int ours = 0, ok = 1;
	uintptr_t at;
	size_t i;

	lock_write(&map.lock);
	while (ok) {
		i = ranges_from(&map.segments, start);
		if (i == map.segments.n || map.segments.at[i]->start >= end)
			break;
		s = (struct segment *)map.segments.at[i];
		at = s->r.start > start ? s->r.start : start;
		/* The last page of it: those before it come along. */
		if (bring(s, (end < s->r.end ? end : s->r.end) - 1) == 0)
			ok = 0;
		else if (s->prot == PROT_NONE ||
		    (prot == PROT_WRITE && !(s->prot & prot)) ||
		    !pages_permits(at, prot))
			ok = 0;
		start = s->r.end;
		ours = 1;
	}
	unlock_write(&map.lock);
	return ours && ok;
}
