#include "mman/ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t
ranges_from(const struct ranges *r, uintptr_t addr)
{
	size_t low = 0, high = r->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (r->at[mid]->end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct range *
ranges_find(const struct ranges *r, uintptr_t addr)
{
	size_t i = ranges_from(r, addr);

	return i < r->n && r->at[i]->start <= addr ? r->at[i] : NULL;
}

int
ranges_overlap(const struct ranges *r, uintptr_t start, uintptr_t end)
{
	size_t i = ranges_from(r, start);

	return i < r->n && r->at[i]->start < end;
}

int
ranges_reserve(struct ranges *r, size_t n)
{
	struct range **at;
	size_t room;

	if (r->n + n <= r->room)
		return 0;
	room = r->room * 2 + n + 16;
	if ((at = realloc(r->at, room * sizeof(struct range *))) == NULL)
		return ENOMEM;
	r->at = at;
	r->room = room;
	return 0;
}

void
ranges_insert(struct ranges *r, struct range *new)
{
	size_t i = ranges_from(r, new->start);

	(void)memmove(r->at + i + 1, r->at + i,
	    (r->n - i) * sizeof(struct range *));
	r->at[i] = new;
	r->n++;
}

void
ranges_remove(struct ranges *r, size_t i)
{
	r->n--;
	(void)memmove(r->at + i, r->at + i + 1,
	    (r->n - i) * sizeof(struct range *));
}
