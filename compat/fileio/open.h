/* Opening by name. */
#ifndef FILEIO_OPEN_H
#define FILEIO_OPEN_H

#include "fd/file.h"

struct at_name;

int file_open(const char *path, int flags, mode_t mode, struct file **fp);
int file_open_at(int dirfd, const char *path, int flags, mode_t mode,
    struct file **fp);

/* O_TMPFILE in the directory that n names. */
int tmpfile_open(const struct at_name *n, int flags, mode_t mode,
    struct file **fp);

/* Directories as descriptors. */
int dirfile_new(uintptr_t handle, int flags, struct file **fp);

/* O_PATH of what is no directory. */
int path_new(uintptr_t handle, int flags, struct file **fp);

/*
 * What is served in the order of calls: devices, pipes with a name, and the
 * handles that the CRT opened.  owned: close() closes the handle.
 */
int stream_new(uintptr_t handle, enum file_kind, int flags, int owned,
    struct file **fp);

/* file_ops.poll of a stream, which tells the watches of told. */
uint32_t stream_poll_for(struct file *, struct file *told);

/* The mask of umask(). */
mode_t umask_get(void);

#endif
