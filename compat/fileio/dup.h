/* What dup and fcntl(F_DUPFD) share. */
#ifndef FILEIO_DUP_H
#define FILEIO_DUP_H

int dup_from(int fd, int min, int fdflags, int *new);

#endif
