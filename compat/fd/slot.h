/*
 * One descriptor of ours: a pointer to the description, and how often it was
 * taken from here, in one word.
 *
 * A lookup is one atomic addition to that word, which gives both the pointer
 * and a reference to what it points at.  References taken so are counted here
 * and given back at the description (file_put), whose own count therefore runs
 * low; while a slot holds a description its count is raised by FILE_HELD, far
 * more than the word can owe.  Emptying the slot settles the debt.  So a lookup
 * takes no lock, and a description lives until its last user is done.
 */
#ifndef FD_SLOT_H
#define FD_SLOT_H

#include "fd/file.h"

#define SLOT_COUNT_SHIFT 48
#define SLOT_POINTER (((uint64_t)1 << SLOT_COUNT_SHIFT) - 1)
#define SLOT_ONE ((uint64_t)1 << SLOT_COUNT_SHIFT)
#define SLOT_SETTLE 0x4000	/* of 65,536 */

struct slot {
	_Atomic uint64_t word;		/* 0: none of ours */
	atomic_int fdflags;
	struct file *adopted;		/* see fdtable.c */
	uintptr_t handle;		/* the CRT's, with adopted */
};

static inline struct file *
slot_file(uint64_t word)
{
	return (struct file *)(uintptr_t)(word & SLOT_POINTER);
}

/* What the slot holds, with a reference, or NULL. */
struct file *slot_get(struct slot *);

/*
 * Put f (NULL: nothing) in the slot, which takes over a reference.  Return
 * what was there, with one for the caller.
 */
struct file *slot_swap(struct slot *, struct file *f);

#endif
