/*
 * <poll.h>: see compat_epoll(7) for how and what can be waited for.
 *
 * Source:	poll of POSIX.1-2024; ppoll, POLLMSG and POLLRDHUP of Linux.
 */
#ifndef COMPAT_POLL_H
#define COMPAT_POLL_H

#include <bits/crt.h>
#include <bits/sigset.h>
#include <bits/sym.h>
#include <bits/timespec.h>

#if defined(_WINSOCK2API_) || defined(_WINSOCKAPI_)
#error "<poll.h> of libcompat cannot be used after <winsock2.h>: a file has \
either POSIX sockets or Winsock's."
#endif

COMPAT_BEGIN_DECLS

#define POLLIN		0x001
#define POLLPRI		0x002
#define POLLOUT		0x004
#define POLLERR		0x008		/* revents only */
#define POLLHUP		0x010		/* revents only */
#define POLLNVAL	0x020		/* revents only */
#define POLLRDNORM	0x040
#define POLLRDBAND	0x080
#define POLLWRNORM	0x100
#define POLLWRBAND	0x200
#define POLLMSG		0x400
#define POLLRDHUP	0x2000

typedef unsigned long nfds_t;

struct pollfd {
	int fd;			/* ignored when negative */
	short events;
	short revents;
};

/*
 * Wait up to timeout ms (-1: no limit) until one of the n descriptors has an
 * event of its events, an error or a hang-up.  There is no limit on n or on
 * the descriptors' kinds; files and directories are always ready.
 * ppoll(): NULL is no limit, and *mask replaces the calling thread's signal
 * mask during the wait.
 *
 * Return how many have a revents other than 0, 0 after the timeout, or -1 with
 * errno set to:
 *	EFAULT	fds is NULL and n is not 0.
 *	EINTR	A signal handler ran; SA_RESTART makes no difference.
 *	EINVAL	n is larger than INT_MAX, or *timeout is not a valid time.
 *	ENOMEM	No memory.
 */
int poll(struct pollfd *fds, nfds_t n, int timeout) COMPAT_SYM(poll);
int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
    const sigset_t *mask) COMPAT_SYM(ppoll);

COMPAT_END_DECLS

#endif
