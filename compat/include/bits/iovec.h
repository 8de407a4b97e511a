/* struct iovec, for <sys/uio.h> and <sys/socket.h>. */
#ifndef COMPAT_BITS_IOVEC_H
#define COMPAT_BITS_IOVEC_H

#include <bits/crt.h>

struct iovec {
	void *iov_base;
	size_t iov_len;
};

#endif
