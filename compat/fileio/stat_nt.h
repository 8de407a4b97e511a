/* What NT knows of a file, as struct stat. */
#ifndef FILEIO_STAT_NT_H
#define FILEIO_STAT_NT_H

#include <sys/stat.h>

#include <stdint.h>

#include "fileio/stat.h"
#include "nt/nt.h"

/* name, which may be NULL, tells what is executable. */
int stat_handle(HANDLE h, const uint16_t *name, struct stat *st);

#endif
