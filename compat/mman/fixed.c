/*
 * MAP_FIXED.  Pages of our own can be put on any page of ours; a view needs
 * granules of its own, and what is left of a reservation around it is made
 * anew (LIM-MMAP-3).
 */
#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Zeros, or the file's contents, in pages that are copied when written. */
static int
overwrite(struct segment *s)
{
	size_t size = s->r.end - s->r.start;
	int err;

	if ((err = pages_protect(s->r.start, size, PROT_READ | PROT_WRITE,
	    s->c->view)) != 0)
		return err;
	(void)memset((void *)s->r.start, 0, size);
	return segment_apply(s);
}

/* New pages in [start, end) of a chunk, which has no segment there. */
static int
fill_chunk(struct chunk *c, uintptr_t start, uintptr_t end,
    const struct map_request *q, struct map_file *f)
{
	struct segment *s;
	int err;

	if (c->kind == CHUNK_SHARED || (c->kind == CHUNK_PRIVATE &&
	    (f != NULL || end > c->viewed)))
		return ENOMEM;
	if ((err = segment_new(c, start, end, q->prot, &s)) != 0)
		return err;
	if (c->kind == CHUNK_PRIVATE)
		return overwrite(s);
	if (f == NULL)
		return segment_apply(s);
	segment_source(s, f, q->off + (off_t)(start - q->addr));
	return segment_fill(s);
}

/* Page by page what is there: a chunk of ours, or nothing of ours. */
static int
fill(const struct map_request *q, struct map_file *f)
{
	uintptr_t at, stop, end = q->addr + q->len;
	struct chunk *c;
	size_t i;
	int err = 0;

	for (at = q->addr; err == 0 && at < end; at = stop) {
		stop = end;
		i = ranges_from(&map.chunks, at);
		c = i < map.chunks.n ? (struct chunk *)map.chunks.at[i] : NULL;
		if (c != NULL && c->r.start <= at) {
			if (stop > c->r.end)
				stop = c->r.end;
		} else {
			if (c != NULL && stop > c->r.start)
				stop = c->r.start;
			err = chunk_anon(ROUND_DOWN(at, GRANULE), stop -
			    ROUND_DOWN(at, GRANULE), &c);
		}
		if (err == 0)
			err = fill_chunk(c, at, stop, q, f);
	}
	if (err != 0)
		(void)remove_range(q->addr, at);
	return err;
}

/* Committed pages of a reservation that is made anew, kept meanwhile. */
struct kept {
	struct segment *s;
	void *copy;
};

static int
keep(struct chunk *c, struct kept **kp, size_t *n)
{
	size_t i, first = ranges_from(&map.segments, c->r.start), size;
	struct segment *s;
	struct kept *k;
	int err = 0;

	for (i = first; i < map.segments.n &&
	    map.segments.at[i]->start < c->r.end; i++)
		;
	*n = 0;
	if ((k = *kp = calloc(i - first + 1, sizeof(*k))) == NULL)
		return ENOMEM;
	for (; first < i && err == 0; first++, ++*n) {
		s = (struct segment *)map.segments.at[first];
		k[*n].s = s;
		if (!s->committed)
			continue;
		size = s->r.end - s->r.start;
		if ((k[*n].copy = malloc(size)) == NULL) {
			err = ENOMEM;
		} else if ((err = pages_protect(s->r.start, size, PROT_READ,
		    0)) == 0) {
			(void)memcpy(k[*n].copy, (void *)s->r.start, size);
		}
	}
	return err;
}

static int
restore(struct kept *k)
{
	struct segment *s = k->s;
	size_t size = s->r.end - s->r.start;
	int err;

	s->c = (struct chunk *)ranges_find(&map.chunks, s->r.start);
	if (s->c == NULL) {	/* another thread got the addresses */
		ranges_remove(&map.segments, ranges_from(&map.segments,
		    s->r.start));
		map_file_put(s->file);
		free(s);
		return ENOMEM;
	}
	if (k->copy == NULL)
		return 0;
	if ((err = pages_commit(s->r.start, size,
	    PROT_READ | PROT_WRITE)) != 0) {
		s->committed = 0;
		return err;
	}
	(void)memcpy((void *)s->r.start, k->copy, size);
	return segment_apply(s);
}

static void
let_go(struct kept *k, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(k[i].copy);
	free(k);
}

/* Reserve [start, end) again, for segments that have lost their chunk. */
static int
again(uintptr_t start, uintptr_t end)
{
	struct chunk *c;
	struct segment *s;
	size_t i;
	int err;

	if (start >= end)
		return 0;
	if ((err = chunk_anon(start, end - start, &c)) != 0)
		return err;
	for (i = ranges_from(&map.segments, start); i < map.segments.n &&
	    map.segments.at[i]->start < end; i++) {
		s = (struct segment *)map.segments.at[i];
		c->live += s->r.end - s->r.start;
	}
	if (c->live == 0)
		chunk_free(c);
	return 0;
}

/* Cut [low, high) out of a reservation; other threads wait in map_fault(). */
static int
carve(struct chunk *c, uintptr_t low, uintptr_t high)
{
	uintptr_t start = c->r.start, end = c->r.end;
	struct kept *k;
	size_t i, n;
	int err, e;

	if (c->kind != CHUNK_ANON || ranges_overlap(&map.segments,
	    low > start ? low : start, high < end ? high : end))
		return ENOMEM;
	if ((err = keep(c, &k, &n)) != 0) {
		for (i = 0; i < n; i++)
			(void)segment_apply(k[i].s);
		let_go(k, n);
		return err;
	}
	chunk_free(c);
	err = again(start, low < end ? low : end);
	if ((e = again(high > start ? high : start, end)) != 0)
		err = e;
	for (i = 0; i < n; i++)
		if ((e = restore(&k[i])) != 0)
			err = e;
	let_go(k, n);
	return err;
}

/* Free the granules of a view from reservations of ours. */
static int
clear(uintptr_t low, uintptr_t high)
{
	struct chunk *c;
	size_t i;
	int err;

	while ((i = ranges_from(&map.chunks, low)) < map.chunks.n) {
		c = (struct chunk *)map.chunks.at[i];
		if (c->r.start >= high)
			break;
		if ((err = carve(c, low, high)) != 0)
			return err;
	}
	return 0;
}

int
place_fixed(const struct map_request *q, struct map_file *f)
{
	uintptr_t low = ROUND_DOWN(q->addr, GRANULE), addr;
	uintptr_t high = ROUND_UP(q->addr + q->len, GRANULE);
	int err, shared = (q->flags & MAP_TYPE) != MAP_PRIVATE;

	if (ranges_overlap(&map.segments, q->addr, q->addr + q->len)) {
		if (q->flags & MAP_FIXED_NOREPLACE)
			return EEXIST;
		if ((err = remove_range(q->addr, q->addr + q->len)) != 0)
			return err;
	}
	if (f == NULL)		/* anonymous */
		return fill(q, NULL);
	if (((uintptr_t)q->off - q->addr) % GRANULE != 0)
		return shared ? ENOMEM : fill(q, f);
	if (!shared && ranges_overlap(&map.chunks, low, high))
		return fill(q, f);
	if ((err = fault_watch()) != 0 || (err = clear(low, high)) != 0)
		return err;
	return place_anywhere(q, f, &addr);
}
