/*
 * Wait for one socket, for the blocking calls of compat/socket.
 */
#ifndef POLL_SOCKWAIT_H
#define POLL_SOCKWAIT_H

#include <stdint.h>

/*
 * Wait until any of events (EPOLL* bits; errors and hang-up always count)
 * holds on the base socket handle, the deadline passes, or a signal may have
 * to be delivered to this thread.  deadline: absolute time of
 * clock_monotonic_ns(), or -1 for no limit.
 *
 * Return 0 with the events that hold in *revents, ETIMEDOUT, EINTR (nothing
 * was delivered yet: call sig_interrupt()), or another errno.
 */
int sock_wait(uintptr_t base, uint32_t events, int64_t deadline,
    uint32_t *revents);

/* The handle that AFD wants, below any layered provider: 0 or an errno. */
int sock_base_handle(uintptr_t sock, uintptr_t *base);

#endif
