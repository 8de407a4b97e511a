#include "fileio/iov.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

_Atomic(iov_bring_fn *) iov_bring;

int
iov_check(const struct iovec *iov, int n)
{
	size_t total = 0;
	int i;

	if (n < 0 || n > IOV_MAX)
		return EINVAL;
	for (i = 0; i < n; i++) {
		if (iov[i].iov_len > (size_t)SSIZE_MAX - total)
			return EINVAL;
		if (iov[i].iov_base == NULL && iov[i].iov_len > 0)
			return EFAULT;
		total += iov[i].iov_len;
	}
	return 0;
}

size_t
iov_total(const struct iovec *iov, int n)
{
	size_t total = 0;
	int i;

	for (i = 0; i < n; i++)
		total += iov[i].iov_len;
	return total;
}

int
iov_gather(const struct iovec *iov, int n, void **buf, size_t *len, int *own)
{
	char *p;
	int i;

	*len = iov_total(iov, n);
	*own = n != 1;
	if (n == 1) {
		*buf = iov[0].iov_base;
		return 0;
	}
	if ((p = *buf = malloc(*len > 0 ? *len : 1)) == NULL)
		return ENOMEM;
	for (i = 0; i < n; i++) {
		if (iov[i].iov_len > 0)
			(void)memcpy(p, iov[i].iov_base, iov[i].iov_len);
		p += iov[i].iov_len;
	}
	return 0;
}

/* An error after the first byte waits for the next call. */
int
iov_each(const struct iovec *iov, int n, uint64_t off, iov_op *op, void *arg,
    ssize_t *total)
{
	size_t done = 0;
	int err = 0, i;

	*total = 0;
	for (i = 0; i < n; i++) {
		if (iov[i].iov_len == 0)
			continue;
		err = op(arg, iov[i].iov_base, iov[i].iov_len,
		    off + (uint64_t)*total, &done);
		if (err != 0)
			break;
		*total += (ssize_t)done;
		if (done < iov[i].iov_len)
			break;
	}
	return *total > 0 ? 0 : err;
}

void
iov_scatter(const struct iovec *iov, size_t offset, const void *data,
    size_t len)
{
	const char *from = data;
	size_t n;

	for (; len > 0; iov++) {
		if (offset >= iov->iov_len) {
			offset -= iov->iov_len;
			continue;
		}
		n = iov->iov_len - offset < len ? iov->iov_len - offset : len;
		memcpy((char *)iov->iov_base + offset, from, n);
		offset = 0;
		from += n;
		len -= n;
	}
}
