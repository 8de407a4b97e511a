/* Vectors of buffers. */
#ifndef FILEIO_IOV_H
#define FILEIO_IOV_H

#include <sys/uio.h>

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* 0 or EINVAL (a bad count, a sum beyond SSIZE_MAX) or EFAULT. */
int iov_check(const struct iovec *, int n);
size_t iov_total(const struct iovec *, int n);

/*
 * One buffer with the bytes of all: *buf is freed by the caller unless it is
 * the vector's only buffer, which *own tells.
 */
int iov_gather(const struct iovec *, int n, void **buf, size_t *len, int *own);

/*
 * Copy len bytes into the buffers, from the vector's byte offset on.  There is
 * room for them.
 */
void iov_scatter(const struct iovec *, size_t offset, const void *data,
    size_t len);

/* Apply op to each buffer until one comes back short. */
typedef int iov_op(void *arg, void *buf, size_t len, uint64_t off,
    size_t *done);
int iov_each(const struct iovec *, int n, uint64_t off, iov_op *, void *arg,
    ssize_t *total);

/*
 * NT refused the buffers.  Are they pages of mappings that can be brought in,
 * so that the call may be tried again?  to: it writes to them.  compat/mman
 * sets the function when a mapping may need it.
 */
typedef int iov_bring_fn(const struct iovec *, int n, int to);
extern _Atomic(iov_bring_fn *) iov_bring;

static inline int
iov_again(int err, const struct iovec *iov, int n, int to, int *tries)
{
	iov_bring_fn *fn;

	if (err != EFAULT || ++*tries > 4)
		return 0;
	return (fn = atomic_load(&iov_bring)) != NULL && fn(iov, n, to);
}

#endif
