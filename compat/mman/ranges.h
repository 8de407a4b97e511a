/* Ranges of addresses that do not overlap, in order. */
#ifndef MMAN_RANGES_H
#define MMAN_RANGES_H

#include <stddef.h>
#include <stdint.h>

/* The first member of what is kept; [start, end) in bytes. */
struct range {
	uintptr_t start, end;
};

struct ranges {
	struct range **at;
	size_t n, room;
};

/* The index of the first range that ends behind addr; n when none does. */
size_t ranges_from(const struct ranges *, uintptr_t addr);

/* The range that addr is in, or NULL. */
struct range *ranges_find(const struct ranges *, uintptr_t addr);

/* Is there anything of [start, end)? */
int ranges_overlap(const struct ranges *, uintptr_t start, uintptr_t end);

/* Make room for n more: 0 or ENOMEM.  ranges_insert then cannot fail. */
int ranges_reserve(struct ranges *, size_t n);
void ranges_insert(struct ranges *, struct range *);
void ranges_remove(struct ranges *, size_t index);

#endif
