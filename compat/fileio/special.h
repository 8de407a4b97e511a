/* /dev/null, /dev/zero and the like: files that NT has not. */
#ifndef FILEIO_SPECIAL_H
#define FILEIO_SPECIAL_H

#include "fileio/at.h"

struct file;
struct hand_record;
struct native_handle;
struct stat;

/* Is path one of them?  *fd is N of /dev/fd/N. */
int special_find(const char *path, enum at_special *what, int *fd);

/*
 * stat() of one.  follow: of /dev/fd/N, the description's; else a link.
 * 0, or ENOENT when N is not open.
 */
int special_stat(const struct at_name *n, int follow, struct stat *st);

/* What stat() and fstat() say of one but AT_FD. */
void special_identity(enum at_special what, struct stat *st);

/* open() of one: 0, or ENXIO, ENOENT, EACCES, ENOTDIR, EEXIST, ENOMEM. */
int special_open(const struct at_name *n, int flags, struct file **fp);

/* The parts of that.  handle may be 0, and is taken over in any case. */
int special_new(enum at_special what, uintptr_t handle, int flags,
    struct file **fp);
int special_null(uintptr_t *handle);
int special_tty(int flags, struct file **fp);
int special_reopen(int fd, int flags, struct file **fp);

/*
 * For children: what it is, with in and out its handles (0: none).  A plain
 * program gets the handle that there is.
 */
int special_hand(struct hand_record *, enum at_special what, uintptr_t in,
    uintptr_t out);
int special_native(struct file *, struct native_handle *);
int special_take(struct hand_record *, struct file **);
int special_take_tty(struct hand_record *, struct file **);

#endif
