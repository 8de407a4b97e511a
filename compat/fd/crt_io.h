/*
 * The CRT's reads and writes, done on a description of ours.  Each returns 0
 * or a positive errno.
 */
#ifndef FD_CRT_IO_H
#define FD_CRT_IO_H

#include <stddef.h>
#include <stdint.h>

struct file;

int crt_io_read(struct file *, void *buf, size_t len, size_t *done);

/* All of it, or what could be written before an error. */
int crt_io_write(struct file *, const void *buf, size_t len, size_t *done);

/* whence is SEEK_SET, SEEK_CUR or SEEK_END, which are NT's numbers too. */
int crt_io_seek(struct file *, int64_t off, int whence, int64_t *pos);

int crt_io_sync(struct file *);

/* Make the file end at its position. */
int crt_io_end_here(struct file *);

/*
 * What the CRT closed: our number; a handle of its own; or a duplicate of its
 * own making, with the reference.
 */
void crt_io_closed(int fd);
void crt_io_closed_handle(uintptr_t handle);
void crt_io_closed_duplicate(struct file *);

#endif
