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

COMPAT_BEGIN_DECLS
ssize_t readv(int, const struct iovec *, int) COMPAT_SYM(readv);
ssize_t writev(int, const struct iovec *, int) COMPAT_SYM(writev);
ssize_t preadv(int, const struct iovec *, int, off_t) COMPAT_SYM(preadv);
ssize_t pwritev(int, const struct iovec *, int, off_t) COMPAT_SYM(pwritev);
COMPAT_END_DECLS

#endif
