/*
 * The descriptor table: int -> open file description.  Numbers are shared
 * with the CRT's own table, see README.md.
 */
#ifndef FD_FDTABLE_H
#define FD_FDTABLE_H

#include "fd/file.h"

#define FD_MAX 65536

/*
 * Look fd up and take a reference to its description: 0 or EBADF.  Takes no
 * lock for a descriptor of ours.
 */
int fd_get(int fd, struct file **);

/* The same, for descriptors of ours only; never locks. */
int fd_get_own(int fd, struct file **);

/*
 * Give f the lowest free number that is at least min.  fdflags is 0 or
 * FD_CLOEXEC.  On success the table owns the caller's reference; on failure
 * (EMFILE, ENOMEM, EINVAL) the caller keeps it.
 */
int fd_install(struct file *f, int min, int fdflags, int *fdp);

/*
 * The same in two steps, for who must have the number before he has what is to
 * be there.  In between it is in use and not open.  fd_fill() or
 * fd_unreserve() has to follow.
 */
int fd_reserve(int min, int *fdp);
void fd_fill(int fd, struct file *, int fdflags);
void fd_unreserve(int fd);

/*
 * As fd_install(), but at exactly fd, closing what was there (dup2).  EBADF: no
 * such number.  EBUSY: someone is just opening it, or the CRT has taken it from
 * under us.  ENOSYS: the number is the CRT's, which cannot be led (LIM-FD-1).
 */
int fd_install_at(struct file *f, int fd, int fdflags);

/* Free the number and drop the table's reference: 0 or EBADF. */
int fd_close(int fd);

/* FD_CLOEXEC of one descriptor. */
int fd_getflags(int fd, int *fdflags);
int fd_setflags(int fd, int fdflags);

/* Has it been at this number since before main, from the parent? */
int fd_is_inherited(int fd);

/* Is fd open, and is it the CRT's (stdin, a foreign library's)? */
int fd_is_crt(int fd);

/*
 * The lowest descriptor that is open from fd on, or -1.  It may be closed by
 * the time the caller looks.
 */
int fd_next(int fd);

/*
 * In a child, before main: the description that the parent had at fd.  What
 * the CRT has there, from the same parent, is led to it; the handle stays
 * open.  Where the CRT cannot be led, it keeps the handle for its streams.
 */
int fd_install_inherited(struct file *f, int fd);

/*
 * Make the CRT's next number no lower than fd, if it is free then: what the
 * CRT opens next is opened there.
 */
void fd_steer_crt(int fd);

/* dup2 where both numbers are the CRT's. */
int fd_dup2_crt(int from, int to);

/*
 * The CRT closed a number that is ours, a handle that is not (before NT hears
 * of it), or a duplicate of f that was never looked up, with its reference.
 */
void fd_closed_by_crt(int fd);
void fd_handle_closed(uintptr_t handle);
void fd_duplicate_closed(struct file *f);

#endif
