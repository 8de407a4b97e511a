#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>

/*
 * How often a place in the address space is looked for that another thread may
 * take between "free it" and "map there".
 */
#define TRIES 16

struct map_state map;

static int
chunk_alloc(enum chunk_kind kind, struct chunk **cp)
{
	int err;

	if ((err = ranges_reserve(&map.chunks, 1)) != 0)
		return err;
	if ((*cp = calloc(1, sizeof(**cp))) == NULL)
		return ENOMEM;
	(*cp)->kind = kind;
	return 0;
}

int
chunk_anon(uintptr_t at, size_t size, struct chunk **cp)
{
	struct chunk *c;
	int err;

	if ((err = chunk_alloc(CHUNK_ANON, &c)) != 0)
		return err;
	size = ROUND_UP(size, GRANULE);
	if ((err = pages_reserve(at, size, &c->r.start)) != 0) {
		free(c);
		return err;
	}
	c->r.end = c->r.start + size;
	ranges_insert(&map.chunks, &c->r);
	*cp = c;
	return 0;
}

/*
 * The view of n bytes at `at`, and the addresses behind it, where NT must map
 * nothing else.
 */
static int
lay(struct chunk *c, const struct section *section, uintptr_t at, size_t n,
    size_t room)
{
	uintptr_t base = at, tail = at + ROUND_UP(n, GRANULE);
	int err;

	if (n > 0 && (err = view_map(section, c->view, c->off, n, at,
	    &base)) != 0)
		return err;
	if (n == room) {
		tail = 0;
	} else if (tail < at + ROUND_UP(room, GRANULE)) {
		err = pages_reserve(tail, at + ROUND_UP(room, GRANULE) - tail,
		    &tail);
		if (err != 0) {
			if (n > 0)
				view_unmap(base);
			return err;
		}
	} else {
		tail = 0;
	}
	c->r.start = base;
	c->r.end = base + ROUND_UP(room, GRANULE);
	c->viewed = base + n;
	c->limit = base + room;
	c->tail = tail;
	return 0;
}

/* Find a place for all of it first, unless the view is all of it. */
static int
lay_anywhere(struct chunk *c, const struct section *section, size_t n,
    size_t room)
{
	uintptr_t at;
	int err, i;

	if (n == room)
		return lay(c, section, 0, n, room);
	for (i = 0; i < TRIES; i++) {
		if ((err = pages_reserve(0, ROUND_UP(room, GRANULE),
		    &at)) != 0)
			return err;
		pages_release(at);
		if ((err = lay(c, section, at, n, room)) != ENOMEM)
			return err;
	}
	return ENOMEM;
}

static void
unlay(struct chunk *c)
{
	if (c->viewed > c->r.start)
		view_unmap(c->r.start);
	if (c->tail != 0)
		pages_release(c->tail);
}

/* The section, and how much of the mapping it has: no handle for nothing. */
static int
open_section(uintptr_t handle, int view, off_t off, size_t room,
    struct section *s, size_t *n)
{
	int err;

	*n = 0;
	s->handle = 0;
	if ((err = section_open(handle, view, s)) == ENODATA)
		return 0;
	if (err == 0 && s->size > off)
		*n = (uint64_t)(s->size - off) >= room ? room :
		    ROUND_UP((size_t)(s->size - off), PAGE);
	return err;
}

int
chunk_view(struct map_file *f, int view, off_t off, size_t size, uintptr_t at,
    struct chunk **cp)
{
	struct section section;
	struct chunk *c;
	size_t n;
	int err;

	if ((err = chunk_alloc(CHUNK_SHARED, &c)) != 0)
		return err;
	c->view = view;
	c->off = off;
	if ((err = open_section(f->handle, view, off, size, &section,
	    &n)) != 0)
		goto free_c;
	if (n < size && (err = fault_watch()) != 0)
		goto close_section;
	err = at != 0 ? lay(c, &section, at, n, size) :
	    lay_anywhere(c, &section, n, size);
	if (err != 0)
		goto close_section;
	section_close(&section);
	c->file = f;
	f->refs++;
	ranges_insert(&map.chunks, &c->r);
	*cp = c;
	return 0;

close_section:
	section_close(&section);
free_c:
	free(c);
	return err;
}

/* The view only; what the file does not have yet is not its business. */
int
chunk_private(uintptr_t handle, int view, off_t off, size_t size,
    uintptr_t at, struct chunk **cp)
{
	struct section section;
	struct chunk *c;
	int err;

	if ((err = chunk_alloc(CHUNK_PRIVATE, &c)) != 0)
		return err;
	c->view = view;
	c->off = off;
	if ((err = section_open(handle, view, &section)) != 0)
		goto free_c;
	err = lay(c, &section, at, size, size);
	section_close(&section);
	if (err != 0)
		goto free_c;
	ranges_insert(&map.chunks, &c->r);
	*cp = c;
	return 0;

free_c:
	free(c);
	return err;
}

void
chunk_free(struct chunk *c)
{
	if (c->kind == CHUNK_ANON)
		pages_release(c->r.start);
	else
		unlay(c);
	ranges_remove(&map.chunks, ranges_from(&map.chunks, c->r.start));
	map_file_put(c->file);
	free(c);
}

/* The new view shows everything; hide what is not mapped, or not so. */
static void
protect_all(struct chunk *c)
{
	uintptr_t at = c->r.start, end;
	struct segment *s;
	size_t i;

	for (i = ranges_from(&map.segments, at); at < c->viewed; i++) {
		s = i < map.segments.n ?
		    (struct segment *)map.segments.at[i] : NULL;
		end = s != NULL && s->c == c && s->r.start < c->viewed ?
		    s->r.start : c->viewed;
		if (end > at)
			(void)pages_protect(at, end - at, 0, c->view);
		if (end == c->viewed)
			break;
		(void)segment_apply(s);
		at = s->r.end;
	}
}

/*
 * The file is longer than the view: NT has no longer view, so the old one is
 * taken away and a new one put there.  A thread that touches a page meanwhile
 * faults, waits for our lock, and goes on.
 */
int
chunk_grow(struct chunk *c)
{
	size_t n, old = c->viewed - c->r.start, room = c->limit - c->r.start;
	uintptr_t start = c->r.start;
	struct section section;
	int err, i;

	if ((err = open_section(c->file->handle, c->view, c->off, room,
	    &section, &n)) != 0)
		return err;
	if (n <= old) {
		section_close(&section);
		return 0;
	}
	unlay(c);
	for (i = 0; i < TRIES; i++)
		if ((err = lay(c, &section, start, n, room)) == 0)
			break;
	/* The old view instead, if the new one cannot be had. */
	for (i = 0; err != 0 && i < TRIES; i++)
		if (lay(c, &section, start, old, room) == 0)
			break;
	section_close(&section);
	if (i == TRIES) {	/* lost: every access faults from now on */
		c->viewed = c->r.start;
		c->limit = c->r.start;
		c->tail = 0;
		return err;
	}
	protect_all(c);
	return err;
}
