/* Descriptors of processes. */
#ifndef PROCESS_PIDFD_H
#define PROCESS_PIDFD_H

#include <stdint.h>

/*
 * The child pid has ended, and can be waited for: called by child.c before
 * anybody can have done that, and before its handle is closed.
 */
void pidfd_ended(int64_t pid);

/* For waitid(): EINVAL, EBADF, or 0. */
int pidfd_query(int fd, int64_t *pid, int *nonblock);

#endif
