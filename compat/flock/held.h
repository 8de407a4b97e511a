/*
 * What this process has locked by NT: for each file the ranges exactly as NT
 * has them, each with the description by which it is held, and its owner.
 * Under the table's lock, but where said otherwise.
 */
#ifndef FLOCK_HELD_H
#define FLOCK_HELD_H

#include <stdint.h>

#include "flock/table.h"

struct file;

/* What to do with a piece when the request that made it so fails. */
enum piece_undo { UNDO_NOTHING, UNDO_TAKE, UNDO_UPGRADE };

struct piece {
	int64_t start, end;	/* both included */
	int type;		/* F_RDLCK or F_WRLCK */
	enum piece_undo undo;
	struct file *owner;	/* NULL: the process */
	struct file *via;	/* whose handle has it */
	struct piece *next;
};

struct held_file {
	struct lock_key key;
	struct piece *pieces;	/* in no order; one owner's do not overlap */
	struct held_file *next;
};

void held_lock(void);
void held_unlock(void);

/* The file of f; made if asked for, else *hf is NULL when it has no locks. */
int held_find(struct file *f, int make, struct held_file **hf);

/* Forget files without locks. */
void held_sweep(void);

/* The first file of the table; are there any?  (The latter needs no lock.) */
struct held_file *held_first(void);
int held_any(void);

/* A range of owner by via's handle: 0, EAGAIN, ENOMEM or NT's error. */
int piece_take(struct held_file *, struct file *owner, struct file *via,
    int type, int64_t start, int64_t end);

/* Unlock, and free. */
int piece_drop(struct held_file *, struct piece *);

/*
 * Make the part of a piece that is in start to end of another type, or free
 * with F_UNLCK.  The rest stays what it is, but becomes a piece of its own.
 * 0; EAGAIN, and all is as before; ENOLCK: somebody was faster with a part
 * that NT made us let go of, and the table says what is left.
 */
int piece_change(struct held_file *, struct piece *, int64_t start,
    int64_t end, int type);

/* By NT's ways only: 0, EAGAIN or an errno. */
int piece_probe(struct file *via, int type, int64_t start, int64_t end);

#endif
