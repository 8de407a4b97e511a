/* mremap. */
#include "mman/map.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/*
 * The request that would make s anew, longer.  A private mapping of a file is
 * neither: its pages are part file, part our own, and NT does not tell which.
 */
static int
request_of(const struct segment *s, size_t len, struct map_request *q)
{
	const struct chunk *c = s->c;

	if (c->kind == CHUNK_PRIVATE || s->file != NULL)
		return EINVAL;		/* LIM-MMAP-7 */
	*q = (struct map_request){ .len = len, .prot = s->prot,
	    .flags = MAP_PRIVATE };
	if (c->kind == CHUNK_ANON)
		return 0;
	q->flags = MAP_SHARED;
	q->handle = c->file->handle;
	q->writable = c->file->writable;
	q->off = c->off + (off_t)(s->r.start - c->r.start);
	return 0;
}

static int
move(struct segment *s, size_t new_len, uintptr_t *addr)
{
	struct map_file *f = s->c->file;
	struct map_request q;
	uintptr_t old = s->r.start, end = s->r.end;
	int err, anon = s->c->kind == CHUNK_ANON;

	if ((err = request_of(s, new_len, &q)) != 0 ||
	    (err = place_anywhere(&q, f, addr)) != 0)
		return err;
	/* s may be elsewhere now, but what it says is the same. */
	if (anon && s->committed) {
		if ((err = pages_protect(*addr, new_len,
		    PROT_READ | PROT_WRITE, 0)) == 0 && (err =
		    pages_protect(old, end - old, PROT_READ, 0)) == 0) {
			(void)memcpy((void *)*addr, (void *)old, end - old);
			err = pages_protect(*addr, new_len, q.prot, 0);
		}
	}
	if (err == 0)
		err = remove_range(old, end);
	if (err != 0)
		(void)remove_range(*addr, *addr + new_len);
	return err;
}

int
map_move(uintptr_t start, size_t len, size_t new_len, int may_move,
    uintptr_t *addr)
{
	struct segment *s;
	int err = 0;

	lock_write(&map.lock);
	*addr = start;
	s = (struct segment *)ranges_find(&map.segments, start);
	if (s == NULL || s->r.end < start + len)
		err = EFAULT;
	else if (new_len < len)
		err = remove_range(start + new_len, start + len);
	else if (new_len > len && !may_move)
		err = ENOMEM;
	else if (new_len > len && (err = segment_split(start)) == 0 &&
	    (err = segment_split(start + len)) == 0) {
		s = (struct segment *)ranges_find(&map.segments, start);
		err = move(s, new_len, addr);
	}
	unlock_write(&map.lock);
	return err;
}
