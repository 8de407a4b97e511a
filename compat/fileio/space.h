/* What a file takes on the disk. */
#ifndef FILEIO_SPACE_H
#define FILEIO_SPACE_H

#include <sys/types.h>

#include <stdint.h>

struct disk_file;

/*
 * The first piece of data at or after off in a file of that size; both are the
 * size when there is none.  Where NT does not know, all is data.
 */
int space_data(uintptr_t handle, off_t off, off_t size, off_t *start,
    off_t *end);

/* Make [off, end) zeros, or a hole: EOPNOTSUPP where NT cannot. */
int space_zero(uintptr_t handle, off_t off, off_t end);
int space_punch(uintptr_t handle, off_t off, off_t end);

/* Make the file at least that long, and never shorter. */
int space_extend(uintptr_t handle, off_t size);

/* lseek's SEEK_DATA and SEEK_HOLE; ENXIO. */
int space_seek(uintptr_t handle, off_t off, int hole, off_t *result);

/* fallocate(), on checked arguments. */
int space_allocate(struct disk_file *, int mode, off_t off, off_t len);

#endif
