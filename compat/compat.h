/*
 * <compat.h>: what libcompat offers beyond POSIX and Linux.  The same calls
 * exist on Linux, so that a port that uses them builds there too.
 */
#ifndef COMPAT_H
#define COMPAT_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * compat_close_abort(fd):
 * Close the socket fd abortively: unsent data is discarded, the peer gets a
 * reset (ECONNRESET), and the port is free at once.  fd is closed whatever
 * the result, as with close(2).
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	ENOTSOCK	fd is not a socket; it stays open.
 *
 * Source:	SO_LINGER with a zero time, socket(7).
 */
int compat_close_abort(int fd);

#ifdef __cplusplus
}
#endif

#endif
