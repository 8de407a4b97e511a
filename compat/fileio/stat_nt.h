/* What NT knows of a file, as struct stat. */
#ifndef FILEIO_STAT_NT_H
#define FILEIO_STAT_NT_H

#include <sys/stat.h>

#include <stdint.h>

#include "fileio/stat.h"
#include "nt/nt.h"

/*
 * Of a file or directory; name, which may be NULL, tells what is executable,
 * and what is a socket.
 */
int stat_disk(HANDLE h, const struct at_name *name, struct stat *st);

/*
 * Of any handle.  Under Wine the question of what it is is a read of the file,
 * and changes the time of the last.
 */
int stat_handle(HANDLE h, struct stat *st);

/* Would NT run it? */
int is_executable(const uint16_t *name);

/* EINVAL: before 1601, or later than NT can count. */
int from_timespec(const struct timespec *, LARGE_INTEGER *ticks);

#endif
