/* Writing to a description as write() does. */
#ifndef FILEIO_RW_H
#define FILEIO_RW_H

#include "fd/file.h"

/* f is open for writing and has ops->writev.  Raises SIGPIPE where it must. */
int file_writev(struct file *f, const struct iovec *, int n, ssize_t *done);

#endif
