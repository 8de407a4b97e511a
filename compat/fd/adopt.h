/*
 * Descriptions for handles that the CRT opened and will close.  In
 * fileio/adopt_nt.c; here is what the table needs of it.
 */
#ifndef FD_ADOPT_H
#define FD_ADOPT_H

#include "fd/file.h"

/* A description that works on handle and never closes it. */
int adopt_handle(uintptr_t handle, struct file **fp);

/*
 * Is what f->handle names now still of f's kind?  NT gives a closed handle's
 * number out again at once.
 */
int adopt_same_kind(struct file *f);

/* A description of its own for dup: the handle is duplicated, and owned. */
int adopt_dup(struct file *f, struct file **fp);

#endif
