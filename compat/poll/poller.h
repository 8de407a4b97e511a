/* poll() for the library's own use. */
#ifndef POLL_POLLER_H
#define POLL_POLLER_H

#include <poll.h>

#include <stdint.h>

/*
 * poll() until the deadline (clock_monotonic_ns(); 0: do not wait, -1: no
 * limit), with *mask as signal mask unless mask is NULL.  0 or an errno, with
 * the number of ready descriptors in *ready.
 */
int poll_until(struct pollfd *, nfds_t n, int64_t deadline,
    const sigset_t *mask, int *ready);

/*
 * The deadline for a relative time, -1 for NULL: 0 or EINVAL.
 */
int poll_deadline(const struct timespec *, int64_t *deadline);

#endif
