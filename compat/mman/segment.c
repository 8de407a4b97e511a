#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "fileio/io.h"

int
segment_new(struct chunk *c, uintptr_t start, uintptr_t end, int prot,
    struct segment **sp)
{
	struct segment *s;
	int err;

	if ((err = ranges_reserve(&map.segments, 1)) != 0)
		return err;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	s->r.start = start;
	s->r.end = end;
	s->c = c;
	s->prot = prot;
	c->live += end - start;
	ranges_insert(&map.segments, &s->r);
	*sp = s;
	return 0;
}

/* The pages come from f at off: now as far as it has them, the rest later. */
void
segment_source(struct segment *s, struct map_file *f, off_t off)
{
	s->file = f;
	s->off = off;
	f->refs++;
}

/* Let a segment begin at `at`, if `at` is inside one. */
int
segment_split(uintptr_t at)
{
	struct segment *s, *new;
	int err;

	s = (struct segment *)ranges_find(&map.segments, at);
	if (s == NULL || s->r.start == at)
		return 0;
	if ((err = ranges_reserve(&map.segments, 1)) != 0)
		return err;
	if ((new = malloc(sizeof(*new))) == NULL)
		return ENOMEM;
	*new = *s;
	new->r.start = at;
	new->off += (off_t)(at - s->r.start);
	if (new->file != NULL)
		new->file->refs++;
	s->r.end = at;
	ranges_insert(&map.segments, &new->r);
	return 0;
}

static int
apply_anon(struct segment *s)
{
	size_t size = s->r.end - s->r.start;
	int err;

	if (s->committed)
		return pages_protect(s->r.start, size, s->prot, 0);
	/* Addresses only; pages that nobody may touch cost nothing. */
	if (s->prot == PROT_NONE || s->file != NULL)
		return 0;
	if ((err = pages_commit(s->r.start, size, s->prot)) == 0)
		s->committed = 1;
	return err;
}

/* Tell NT the protection. */
int
segment_apply(struct segment *s)
{
	uintptr_t end = s->r.end;

	if (s->c->kind == CHUNK_ANON)
		return apply_anon(s);
	if (end > s->c->viewed)
		end = s->c->viewed;
	if (end <= s->r.start)
		return 0;
	return pages_protect(s->r.start, end - s->r.start, s->prot,
	    s->c->view);
}

static int
read_all(uintptr_t handle, void *buf, size_t len, off_t off)
{
	size_t n, done = 0;
	int err;

	for (; len > 0; len -= n) {
		err = io_read(handle, (char *)buf + done, len,
		    (uint64_t)off + done, &n);
		if (err != 0 || n == 0)
			return err;	/* at the end zeros follow */
		done += n;
	}
	return 0;
}

/* Private pages with a file's contents, as far as the file goes now. */
int
segment_fill(struct segment *s)
{
	size_t n;
	int err;

	if ((err = map_file_size(s->file->handle, s->off,
	    s->r.end - s->r.start, &n)) != 0 || n == 0)
		return err;
	if ((err = segment_split(s->r.start + n)) != 0 ||
	    (err = pages_commit(s->r.start, n, PROT_READ | PROT_WRITE)) != 0)
		return err;
	err = read_all(s->file->handle, (void *)s->r.start, n, s->off);
	if (err == 0)
		err = pages_protect(s->r.start, n, s->prot, 0);
	if (err != 0) {
		pages_decommit(s->r.start, n);
		return err;
	}
	s->committed = 1;
	return 0;
}
