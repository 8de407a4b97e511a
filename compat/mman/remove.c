#include "mman/map.h"

#include <stdlib.h>
#include <sys/mman.h>

/*
 * NT cannot give up a part of a view: its pages become inaccessible, and the
 * view goes with its last page (LIM-MMAP-2).
 */
static void
drop(size_t i)
{
	struct segment *s = (struct segment *)map.segments.at[i];
	struct chunk *c = s->c;
	size_t size = s->r.end - s->r.start;

	c->live -= size;
	if (c->live > 0) {
		s->prot = PROT_NONE;
		if (c->kind != CHUNK_ANON)
			(void)segment_apply(s);
		else if (s->committed)
			pages_decommit(s->r.start, size);
	}
	ranges_remove(&map.segments, i);
	map_file_put(s->file);
	free(s);
	if (c->live == 0)
		chunk_free(c);
}

int
remove_range(uintptr_t start, uintptr_t end)
{
	size_t i;
	int err;

	/* All that can fail comes first. */
	if ((err = segment_split(start)) != 0 ||
	    (err = segment_split(end)) != 0)
		return err;
	i = ranges_from(&map.segments, start);
	while (i < map.segments.n && map.segments.at[i]->start < end)
		drop(i);
	return 0;
}

int
map_remove(uintptr_t start, uintptr_t end)
{
	int err;

	lock_write(&map.lock);
	err = remove_range(start, end);
	unlock_write(&map.lock);
	return err;
}
