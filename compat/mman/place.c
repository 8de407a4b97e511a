#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#define TRIES 16

static int
is_shared(const struct map_request *q)
{
	return (q->flags & MAP_TYPE) != MAP_PRIVATE;
}

static int
view_of(const struct map_request *q)
{
	int view = q->prot & PROT_EXEC ? VIEW_EXEC : 0;

	if (!is_shared(q))
		return view | VIEW_COPY;
	return view | (q->writable ? VIEW_WRITE : 0);
}

/* The segment of the request in a chunk that is all its own. */
static int
only_segment(struct chunk *c, uintptr_t start, uintptr_t end, int prot,
    struct segment **sp)
{
	uintptr_t lead = start - c->r.start;
	int err;

	if ((err = segment_new(c, start, end, prot, sp)) != 0)
		chunk_free(c);
	else if (lead > 0 && c->viewed > c->r.start)
		(void)pages_protect(c->r.start, c->viewed < start ?
		    c->viewed - c->r.start : lead, PROT_NONE, c->view);
	return err;
}

static int
place_anon(const struct map_request *q, uintptr_t *addr)
{
	struct segment *s;
	struct chunk *c;
	int err;

	if ((err = chunk_anon(q->addr, q->len, &c)) != 0 ||
	    (err = only_segment(c, c->r.start, c->r.start + q->len, q->prot,
	    &s)) != 0)
		return err;
	*addr = s->r.start;
	if ((err = segment_apply(s)) != 0)
		(void)remove_range(*addr, *addr + q->len);
	return err;
}

/* What NT maps begins at a granule; the program gets an address behind it. */
static int
place_shared(const struct map_request *q, struct map_file *f, uintptr_t *addr)
{
	size_t lead = (size_t)q->off % GRANULE;
	uintptr_t start;
	struct segment *s;
	struct chunk *c;
	int err;

	if ((err = chunk_view(f, view_of(q), q->off - (off_t)lead,
	    lead + q->len, q->addr != 0 ? q->addr - lead : 0, &c)) != 0)
		return err;
	start = c->r.start + lead;
	if ((err = only_segment(c, start, start + q->len, q->prot, &s)) != 0)
		return err;
	*addr = start;
	if ((err = segment_apply(s)) != 0)
		(void)remove_range(start, start + q->len);
	return err;
}

/*
 * A private mapping that goes beyond the file's last page: a view of the whole
 * granules of the file, and pages of our own behind it, which get the file's
 * contents by reading, when it has them.  (A view that is replaced as the file
 * grows would lose what was written to it.)
 */
static int
place_growing(const struct map_request *q, struct map_file *f, size_t lead,
    size_t n, uintptr_t at)
{
	off_t off = q->off - (off_t)lead;
	uintptr_t own = at + n, start = at + lead, end = start + q->len;
	struct segment *s;
	struct chunk *c;
	int err;

	if (n > 0) {
		if ((err = chunk_private(f->handle, view_of(q), off, n, at,
		    &c)) != 0 ||
		    (err = only_segment(c, start, own, q->prot, &s)) != 0)
			return err;
		if ((err = segment_apply(s)) != 0)
			goto remove;
		start = own;
	}
	if ((err = chunk_anon(own, end - own, &c)) != 0 ||
	    (err = only_segment(c, start, end, q->prot, &s)) != 0)
		goto remove;
	segment_source(s, f, off + (off_t)(start - at));
	if ((err = segment_fill(s)) == 0)
		return 0;

remove:
	(void)remove_range(at + lead, end);
	return err;
}

static int
place_private(const struct map_request *q, struct map_file *f,
    uintptr_t *addr)
{
	size_t lead = (size_t)q->off % GRANULE, n, room = lead + q->len;
	off_t off = q->off - (off_t)lead;
	uintptr_t at = q->addr != 0 ? q->addr - lead : 0;
	struct segment *s;
	struct chunk *c;
	int err, i;

	if ((err = map_file_size(q->handle, off, room, &n)) != 0)
		return err;
	if (n == room) {
		if ((err = chunk_private(q->handle, view_of(q), off, n, at,
		    &c)) != 0 ||
		    (err = only_segment(c, c->r.start + lead,
		    c->r.start + room, q->prot, &s)) != 0)
			return err;
		*addr = c->r.start + lead;
		if ((err = segment_apply(s)) != 0)
			(void)remove_range(*addr, *addr + q->len);
		return err;
	}
	if (f == NULL)
		return EAGAIN;		/* shorter than a moment ago */
	if ((err = fault_watch()) != 0)
		return err;
	n = ROUND_DOWN(n, GRANULE);
	if (at != 0) {
		*addr = q->addr;
		return place_growing(q, f, lead, n, at);
	}
	for (i = 0; i < TRIES; i++) {
		if ((err = pages_reserve(0, ROUND_UP(room, GRANULE),
		    &at)) != 0)
			return err;
		pages_release(at);
		*addr = at + lead;
		if ((err = place_growing(q, f, lead, n, at)) != ENOMEM)
			break;
	}
	return err;
}

/* Where NT has room; or at q->addr, whose granules nobody has. */
int
place_anywhere(const struct map_request *q, struct map_file *f,
    uintptr_t *addr)
{
	if (q->handle == 0)
		return place_anon(q, addr);
	return is_shared(q) ? place_shared(q, f, addr) :
	    place_private(q, f, addr);
}
