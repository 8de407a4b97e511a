/*
 * What NT keeps beside a file's data: access, modes and times.
 */
#ifndef FILEIO_ATTR_H
#define FILEIO_ATTR_H

#include <sys/types.h>

#include <stdint.h>

struct at_name;
struct timespec;

/* flags: AT_SYMLINK_NOFOLLOW.  mode: R_OK, W_OK and X_OK, or F_OK. */
int attr_access(const struct at_name *, int mode, int flags);

/*
 * The mode's meaning here is LIM-FILE-1's: may anybody write, and may anybody
 * but the owner do anything.
 */
int attr_chmod(const struct at_name *, mode_t, int flags);
int attr_fchmod(uintptr_t handle, mode_t);

/* Access and modification; UTIME_NOW and UTIME_OMIT are theirs to see. */
int attr_utimens(const struct at_name *, const struct timespec[2], int flags);
int attr_futimens(uintptr_t handle, const struct timespec[2]);

#endif
