/* Regular files. */
#ifndef FILEIO_DISK_H
#define FILEIO_DISK_H

#include "fd/file.h"
#include "fileio/io.h"
#include "fileio/iov.h"
#include "flock/flock.h"

struct disk_file {
	struct file f;
	struct flock_state lock;
	struct append_lock append;	/* used under file_lock() */
	atomic_llong seen_end;	/* the file has been as long as that, or 0 */
	atomic_int sparse;	/* we made it so */
};

/*
 * A description for an overlapped handle to a regular file.  Takes the handle
 * over when it succeeds.
 */
int disk_new(uintptr_t handle, int flags, struct file **fp);

/*
 * Write a vector to the end in one piece, by op; under file_lock().  *end is
 * where it ended, and as before when nothing was written.
 */
int append(struct file *, struct append_lock *, iov_op *, const struct iovec *,
    int, ssize_t *done, off_t *end);

/*
 * Something is going to be written at off, or the file made that long.  When
 * this leaves a big hole, tell NT to make it one, instead of writing zeros.
 */
void hole_ahead(struct disk_file *, uint64_t off);

/* The same file, opened anew: O_ACCMODE, O_APPEND and O_TRUNC of flags. */
int disk_reopen(struct file *f, int flags, struct file **fp);

/* Where an lseek from base ends: 0 or EINVAL, EOVERFLOW. */
int seek_target(off_t base, off_t off, off_t *target);

/* Shared with the other kinds that have a handle. */
int handle_stat(struct file *, struct stat *);
int handle_truncate(struct file *, off_t);
int handle_sync(struct file *, int data_only);
int handle_size(uintptr_t handle, off_t *size);
void handle_close(uintptr_t handle);

#endif
