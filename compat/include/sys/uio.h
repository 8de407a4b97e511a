/* <sys/uio.h>: scatter and gather. */
#ifndef COMPAT_SYS_UIO_H
#define COMPAT_SYS_UIO_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#ifndef IOV_MAX
#define IOV_MAX		1024
#endif
#define UIO_MAXIOV	IOV_MAX

#include <bits/iovec.h>

/* Of these preadv2 takes the first only, pwritev2 all but RWF_NOWAIT. */
#define RWF_HIPRI	0x1
#define RWF_DSYNC	0x2
#define RWF_SYNC	0x4
#define RWF_NOWAIT	0x8

COMPAT_BEGIN_DECLS
/**
 * readv, writev (fd, iov, n), preadv, pwritev (fd, iov, n, off):
 * As read, write, pread and pwrite, with n buffers in place of one.  What is
 * written to a regular file goes out in one piece up to 64 KiB, and whatever
 * its size with O_APPEND.
 *
 * Return the number of bytes, or -1 with errno set as the call with one buffer
 * does, or to EINVAL: n is below 1 or above IOV_MAX, or the sizes add up to
 * more than SSIZE_MAX.
 *
 * Source:	POSIX.1-2024; preadv and pwritev of Linux.
 */
ssize_t readv(int, const struct iovec *, int) COMPAT_SYM(readv);
ssize_t writev(int, const struct iovec *, int) COMPAT_SYM(writev);
ssize_t preadv(int, const struct iovec *, int, off_t) COMPAT_SYM(preadv);
ssize_t pwritev(int, const struct iovec *, int, off_t) COMPAT_SYM(pwritev);

/**
 * preadv2, pwritev2 (fd, iov, n, off, flags):
 * The same; off -1 is the file offset.  RWF_SYNC and RWF_DSYNC flush what was
 * written.  RWF_NOWAIT and flags not listed here are EOPNOTSUPP.
 *
 * Source:	preadv2(2) of Linux.
 */
ssize_t preadv2(int, const struct iovec *, int, off_t, int)
    COMPAT_SYM(preadv2);
ssize_t pwritev2(int, const struct iovec *, int, off_t, int)
    COMPAT_SYM(pwritev2);
COMPAT_END_DECLS

#endif
