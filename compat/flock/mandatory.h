/*
 * Record locks that are NT's own: F_LCK_MANDATORY, and COMPAT_LOCKS=mandatory
 * in the environment.
 */
#ifndef FLOCK_MANDATORY_H
#define FLOCK_MANDATORY_H

#include <stddef.h>
#include <stdint.h>

#include "flock/record.h"

extern const struct record_ops record_mandatory;

/* Are the record locks of f NT's own? */
int mandatory_is_on(struct file *);

/*
 * Make them so, or not, from the next lock on: 0, EINVAL (not a file, or on is
 * neither 0 nor 1), EBUSY (there are locks by this description).
 */
int mandatory_set(struct file *, int on);

/*
 * A transfer by f that NT refuses may be under a lock that the process holds
 * by another description: do it by that one.  0, or EBUSY where the lock is
 * somebody else's, or shared and this is a write.
 */
int mandatory_read(struct file *, void *buf, size_t len, uint64_t off,
    size_t *done);
int mandatory_write(struct file *, const void *buf, size_t len, uint64_t off,
    size_t *done);

#endif
