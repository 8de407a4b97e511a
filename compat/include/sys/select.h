/*
 * <sys/select.h>.  Sets hold 4096 descriptors; define FD_SETSIZE before the
 * first header for another size.  The calls look at nfds bits, whatever the
 * size.
 *
 * Source:	select and pselect of POSIX.1-2024.
 */
#ifndef COMPAT_SYS_SELECT_H
#define COMPAT_SYS_SELECT_H

#include <bits/crt.h>
#include <bits/sigset.h>
#include <bits/sym.h>
#include <bits/timespec.h>

#ifdef _WINSOCKAPI_
#error "<sys/select.h> of libcompat cannot be used after <winsock2.h>: a file \
has either POSIX sockets or Winsock's."
#endif

COMPAT_BEGIN_DECLS

#ifndef FD_SETSIZE
#define FD_SETSIZE 4096
#endif

typedef unsigned long long fd_mask;
#define NFDBITS 64

typedef struct fd_set {
	fd_mask fds_bits[(FD_SETSIZE + NFDBITS - 1) / NFDBITS];
} fd_set;

#define COMPAT_FD_WORD(fd, set) \
	((set)->fds_bits[(unsigned int)(fd) / NFDBITS])
#define COMPAT_FD_BIT(fd) ((fd_mask)1 << ((unsigned int)(fd) % NFDBITS))

#define FD_SET(fd, set) \
	((void)(COMPAT_FD_WORD(fd, set) |= COMPAT_FD_BIT(fd)))
#define FD_CLR(fd, set) \
	((void)(COMPAT_FD_WORD(fd, set) &= ~COMPAT_FD_BIT(fd)))
#define FD_ISSET(fd, set) \
	((COMPAT_FD_WORD(fd, set) & COMPAT_FD_BIT(fd)) != 0)
#define FD_ZERO(set) \
	((void)__builtin_memset((set), 0, sizeof(*(set))))

/*
 * Wait until one of the descriptors below nfds that are in the sets (each may
 * be NULL) can be read or written without blocking, or has urgent data.
 * select() subtracts the time it waited from *timeout, as on Linux.
 *
 * Return how many bits are left in the sets, 0 after the timeout, or -1, with
 * the sets as they were and errno set to:
 *	EBADF	A descriptor in a set is not open.
 *	EINTR	A signal handler ran; SA_RESTART makes no difference.
 *	EINVAL	nfds is negative, or *timeout is not a valid time.
 *	ENOMEM	No memory.
 */
int select(int nfds, fd_set *rd, fd_set *wr, fd_set *ex,
    struct timeval *timeout) COMPAT_SYM(select);
int pselect(int nfds, fd_set *rd, fd_set *wr, fd_set *ex,
    const struct timespec *timeout, const sigset_t *mask)
    COMPAT_SYM(pselect);

COMPAT_END_DECLS

#endif
