/*
 * The CRT's descriptor table, of which ours is a part: see README.md.  None of
 * these touches errno.
 */
#ifndef FD_CRT_H
#define FD_CRT_H

#include <stdint.h>

/* The CRT has no numbers from here on; they are ours alone. */
#ifdef _UCRT
#define CRT_LIMIT 8192
#else
#define CRT_LIMIT 2048
#endif

/*
 * Occupy the CRT's lowest free number with a handle that leads nowhere (NUL).
 * EMFILE: the CRT has none left.
 */
int crt_reserve(int *fdp);

/* Close number fd in the CRT, a placeholder or its own, with its handle. */
int crt_close(int fd);

/* The handle under the CRT's number fd: 0 or EBADF. */
int crt_handle(int fd, uintptr_t *handle);

/* Would a child that the CRT starts get number fd? */
int crt_is_inherited(int fd);

/* dup2 between two numbers of the CRT. */
int crt_dup2(int from, int to);

#endif
