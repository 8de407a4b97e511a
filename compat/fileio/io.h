/* One transfer on a handle, waited for. */
#ifndef FILEIO_IO_H
#define FILEIO_IO_H

#include <stddef.h>
#include <stdint.h>

/* Linux transfers no more than this at once (read(2)); a DWORD holds it. */
#define IO_MAX 0x7ffff000

/* The offset at which NT appends, in one step with finding the end. */
#define IO_APPEND UINT64_MAX

/*
 * Read or write at an offset, which pipes and devices ignore.  Not
 * interruptible, as POSIX has it for regular files.  At the end of the file or
 * of a pipe, *done is 0 and the result too.
 */
int io_read(uintptr_t handle, void *buf, size_t len, uint64_t off,
    size_t *done);
int io_write(uintptr_t handle, const void *buf, size_t len, uint64_t off,
    size_t *done);

/*
 * The same on an overlapped handle to a regular file, for any number of
 * threads at once.
 */
int disk_read(uintptr_t handle, void *buf, size_t len, uint64_t off,
    size_t *done);
int disk_write(uintptr_t handle, const void *buf, size_t len, uint64_t off,
    size_t *done);

/*
 * Around one append: *off is where to write.  On NT that is IO_APPEND, and
 * nothing has to be done; where the system looks for the end and writes in two
 * steps, as Wine does, a lock that all processes share is held from begin to
 * end.
 */
struct append_lock {
	uintptr_t mutex;
};

int append_begin(struct append_lock *, uintptr_t handle, uint64_t *off);
void append_end(struct append_lock *);
void append_close(struct append_lock *);

#endif
