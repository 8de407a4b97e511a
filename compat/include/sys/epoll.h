/*
 * <sys/epoll.h>, as on Linux: see compat_epoll(7) for what differs.
 *
 * An epoll instance is a descriptor like any other; close() frees it.
 *
 * Source:	epoll(7), epoll_create(2), epoll_ctl(2), epoll_wait(2) of the
 *		Linux man-pages 6.x; not in POSIX.
 * Limits:	LIM-POLL-1 and following in LIMITATIONS.
 */
#ifndef COMPAT_SYS_EPOLL_H
#define COMPAT_SYS_EPOLL_H

#include <bits/crt.h>
#include <bits/sigset.h>
#include <bits/sym.h>
#include <bits/timespec.h>

#include <stdint.h>

COMPAT_BEGIN_DECLS

#define EPOLL_CLOEXEC 0x80		/* O_CLOEXEC */

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

#define EPOLLIN		0x001u
#define EPOLLPRI	0x002u
#define EPOLLOUT	0x004u
#define EPOLLERR	0x008u		/* always reported */
#define EPOLLHUP	0x010u		/* always reported */
#define EPOLLRDNORM	0x040u
#define EPOLLRDBAND	0x080u
#define EPOLLWRNORM	0x100u
#define EPOLLWRBAND	0x200u
#define EPOLLMSG	0x400u
#define EPOLLRDHUP	0x2000u
#define EPOLLEXCLUSIVE	(1u << 28)
#define EPOLLWAKEUP	(1u << 29)	/* accepted, no effect */
#define EPOLLONESHOT	(1u << 30)
#define EPOLLET		(1u << 31)

typedef union epoll_data {
	void *ptr;
	int fd;
	uint32_t u32;
	uint64_t u64;
} epoll_data_t;

/* On x86-64 Linux has no hole in it, so that some programs count 12 bytes. */
#ifdef __x86_64__
#define COMPAT_EPOLL_PACKED __attribute__((__packed__))
#else
#define COMPAT_EPOLL_PACKED
#endif

struct epoll_event {
	uint32_t events;
	epoll_data_t data;
} COMPAT_EPOLL_PACKED;

/*
 * Open an epoll instance.  size must be positive and means nothing else;
 * flags is 0 or EPOLL_CLOEXEC.
 *
 * Return its descriptor, or -1 with errno set to EINVAL, EMFILE or ENOMEM.
 */
int epoll_create(int size) COMPAT_SYM(epoll_create);
int epoll_create1(int flags) COMPAT_SYM(epoll_create1);

/*
 * Add, change or remove what epfd reports about fd.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF	epfd or fd is not open.
 *	EEXIST	ADD, and fd is registered.
 *	ENOENT	MOD or DEL, and fd is not registered.
 *	EINVAL	epfd is no epoll instance, fd is epfd, or the operation or a
 *		flag is not supported.
 *	ELOOP	ADD would close a circle of epoll instances or nest them more
 *		than five deep.
 *	EPERM	fd is a regular file or a directory.
 *	EFAULT	ADD or MOD without an event.
 *	ENOMEM	No memory.
 */
int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
    COMPAT_SYM(epoll_ctl);

/*
 * Wait up to timeout ms (-1: no limit) until something registered is ready,
 * and store up to maxevents reports.  epoll_pwait() has the calling thread's
 * signal mask replaced by *mask while it waits, unless mask is NULL;
 * epoll_pwait2() has its timeout in *timeout, and NULL is no limit.
 *
 * Return their number, 0 after the timeout, or -1 with errno set to:
 *	EBADF	epfd is not open.
 *	EFAULT	events is NULL.
 *	EINTR	A signal handler ran; SA_RESTART makes no difference.
 *	EINVAL	epfd is no epoll instance, maxevents is not positive, or
 *		*timeout is not a valid time.
 */
int epoll_wait(int epfd, struct epoll_event *events, int maxevents,
    int timeout) COMPAT_SYM(epoll_wait);
int epoll_pwait(int epfd, struct epoll_event *events, int maxevents,
    int timeout, const sigset_t *mask) COMPAT_SYM(epoll_pwait);
int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
    const struct timespec *timeout, const sigset_t *mask)
    COMPAT_SYM(epoll_pwait2);

COMPAT_END_DECLS

#endif
