/*
 * What is mapped.  A chunk is what NT has (one reservation, or one view with
 * the reservation behind it); a segment is what the program has: pages of one
 * chunk that were mapped together and have one protection.  A chunk goes when
 * its last segment does.  All under one lock.
 */
#ifndef MMAN_MAP_H
#define MMAN_MAP_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "fd/lock.h"
#include "mman/ranges.h"
#include "mman/pages.h"

/* A handle that mappings share: for the file's size, and to flush it. */
struct map_file {
	unsigned int refs;
	uintptr_t handle;
	int writable;
};

enum chunk_kind {
	CHUNK_ANON,		/* private pages */
	CHUNK_SHARED,		/* a view of a file, and room for its growth */
	CHUNK_PRIVATE		/* a view whose pages are copied when written */
};

struct chunk {
	struct range r;		/* of GRANULE */
	enum chunk_kind kind;
	int view;		/* VIEW_* */
	uintptr_t viewed;	/* the view ends here, */
	uintptr_t limit;	/* and could end here if the file grew */
	uintptr_t tail;		/* reservation from here to r.end, or 0 */
	struct map_file *file;	/* CHUNK_SHARED */
	off_t off;		/* of r.start */
	size_t live;		/* bytes that segments have */
};

struct segment {
	struct range r;
	struct chunk *c;
	int prot;
	int committed;		/* CHUNK_ANON: the pages are there */
	struct map_file *file;	/* CHUNK_ANON: their contents come from it, */
	off_t off;		/* at r.start */
};

extern struct map_state {
	struct lock lock;
	struct ranges segments, chunks;
} map;

struct map_request {
	uintptr_t addr;
	size_t len;		/* rounded up */
	int prot, flags;
	uintptr_t handle;	/* 0: anonymous */
	int writable;		/* the descriptor is */
	off_t off;
};

/* The public operations; they take the lock. */
int map_new(const struct map_request *, uintptr_t *addr);
int map_remove(uintptr_t start, uintptr_t end);
int map_protect(uintptr_t start, uintptr_t end, int prot);
int map_sync(uintptr_t start, uintptr_t end, int wait);
int map_discard(uintptr_t start, uintptr_t end);
int map_move(uintptr_t start, size_t len, size_t new_len, int may_move,
    uintptr_t *addr);

/* ENOMEM where a page of [start, end) is nobody's. */
int map_check(uintptr_t start, uintptr_t end);

/*
 * The program touched addr and NT refused.  The access may be tried again: the
 * file has grown, or another thread was at work there; or the mapping permits
 * it and there is no page: SIGBUS.
 */
enum map_fault { MAP_FAULT_THEIRS, MAP_FAULT_AGAIN, MAP_FAULT_NO_PAGE };
enum map_fault map_fault(uintptr_t addr, int prot);

/*
 * NT refused a buffer of the program's.  1 when it is pages of mappings, and
 * all can be touched so now.
 */
int map_bring(uintptr_t start, uintptr_t end, int prot);

/* Below, the lock is held. */

/* chunk.c */
int chunk_anon(uintptr_t at, size_t size, struct chunk **);
int chunk_view(struct map_file *, int view, off_t off, size_t size,
    uintptr_t at, struct chunk **);
int chunk_private(uintptr_t handle, int view, off_t off, size_t size,
    uintptr_t at, struct chunk **);
void chunk_free(struct chunk *);
int chunk_grow(struct chunk *);

/* segment.c */
int segment_new(struct chunk *, uintptr_t start, uintptr_t end, int prot,
    struct segment **);
int segment_split(uintptr_t at);
int segment_apply(struct segment *);
int segment_fill(struct segment *);
void segment_source(struct segment *, struct map_file *, off_t);

/* remove.c */
int remove_range(uintptr_t start, uintptr_t end);

/* file.c */
int map_file_new(uintptr_t handle, int writable, struct map_file **);
void map_file_put(struct map_file *);
int map_file_size(uintptr_t handle, off_t off, size_t max, size_t *size);

/* place.c */
int place_anywhere(const struct map_request *, struct map_file *,
    uintptr_t *addr);

/* fixed.c */
int place_fixed(const struct map_request *, struct map_file *);

#endif
