/* <sys/sendfile.h>: from a file to a descriptor. */
#ifndef COMPAT_SYS_SENDFILE_H
#define COMPAT_SYS_SENDFILE_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

COMPAT_BEGIN_DECLS
/**
 * sendfile(out, in, off, len):
 * Copy up to len bytes of the regular file in to out, which may be a file, a
 * pipe or a socket.  They are read at *off, which moves behind them, or, when
 * off is a null pointer, at the file offset, which then does.  A signal's
 * handler, or a socket or pipe that is full and non-blocking, ends it early.
 *
 * Return the number of bytes written, or -1 with errno set to:
 *	EAGAIN		out is non-blocking, and full.
 *	EBADF		in is not open for reading or out not for writing.
 *	EINVAL		in is no regular file, out has O_APPEND, or *off is
 *			negative.
 *	ENOMEM		no memory for a buffer.
 *	ESPIPE		off is given, and in is a pipe or socket.
 * and what read and write give.
 *
 * Source:	sendfile(2) of Linux.
 */
ssize_t sendfile(int out, int in, off_t *off, size_t len)
    COMPAT_SYM(sendfile);
COMPAT_END_DECLS

#endif
