/* Regular files. */
#ifndef FILEIO_DISK_H
#define FILEIO_DISK_H

#include "fd/file.h"
#include "flock/flock.h"

struct disk_file {
	struct file f;
	struct flock_state lock;
};

/*
 * A description for an overlapped handle to a regular file.  Takes the handle
 * over when it succeeds.
 */
int disk_new(uintptr_t handle, int flags, struct file **fp);

/* Where an lseek from base ends: 0 or EINVAL, EOVERFLOW. */
int seek_target(off_t base, off_t off, off_t *target);

/* Shared with the other kinds that have a handle. */
int handle_stat(struct file *, struct stat *);
int handle_truncate(struct file *, off_t);
int handle_sync(struct file *, int data_only);
int handle_size(uintptr_t handle, off_t *size);
void handle_close(uintptr_t handle);

#endif
