/* Between the parts of libstrict. */
#ifndef SUPPORT_STRICT_NT_H
#define SUPPORT_STRICT_NT_H

#include <stdint.h>

#include "nt/calls_nt.h"

struct held {
	uint64_t off, len;
	int exclusive;
	struct held *next;
};

/* What NT calls a file object: duplicates of a handle share it. */
struct object {
	unsigned int handles;
	int is_disk, is_overlapped, can_lock;
	uint32_t hull;
	struct held *held;
};

extern struct nt_calls strict_real;

/* Around all that follows, and around a look at another process's locks. */
void strict_lock(void);
void strict_unlock(void);

/*
 * The object of a handle, a new one if the handle is not known.  Whoever opens
 * a handle closes the one that had its number: not every close is seen.
 */
struct object *object_of(HANDLE);
struct object *object_known(HANDLE);	/* or NULL; with the handle in use */
void object_share(HANDLE old, HANDLE new);
void object_close(HANDLE);

int held_add(struct object *, uint64_t off, uint64_t len, int exclusive);
int held_remove(struct object *, uint64_t off, uint64_t len);

/* At once, by NT: 0 or a code. */
DWORD probe_lock(HANDLE, uint64_t off, uint64_t len, int exclusive);
void probe_unlock(HANDLE, uint64_t off, uint64_t len);

/*
 * Where a file has locks: nothing is known, and nothing apart, without
 * hull_start().  A lock is added before it is granted.
 */
void hull_start(void);
uint32_t hull_of(HANDLE);
void hull_add(uint32_t, uint64_t off, uint64_t len);
void hull_remove(uint32_t);
int hull_is_apart(uint32_t, uint64_t off, uint64_t len);

void strict_hook_locks(void);

#endif
