/*
 * Placeholders: the handles that stand in the CRT's table for descriptors of
 * ours.  Each is a duplicate of one handle to NUL; none is ever closed, so
 * that a handle once known as a placeholder never means anything else.
 */
#ifndef FD_PLACEHOLDER_NT_H
#define FD_PLACEHOLDER_NT_H

#include <stdatomic.h>

#include "fd/file.h"
#include "nt/nt.h"

struct placeholder {
	HANDLE handle;
	atomic_int fd;			/* our number, or -1 */
	_Atomic(struct file *) file;	/* of a duplicate that the CRT made */
	atomic_int users;		/* calls of the CRT under way */
	struct placeholder *next;	/* in the store */
};

/* A placeholder from the store, or a new one. */
int placeholder_take(struct placeholder **);
void placeholder_give(struct placeholder *);

/* NULL: h is something else. */
struct placeholder *placeholder_find(HANDLE h);

#endif
