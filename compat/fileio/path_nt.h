/* Calls on paths that nt_path() has made. */
#ifndef FILEIO_PATH_NT_H
#define FILEIO_PATH_NT_H

#include <stdint.h>

#include "fileio/at_nt.h"
#include "nt/nt.h"

/*
 * The errno for a call on path that failed with code.  NT says "path not
 * found" where POSIX tells a missing directory (ENOENT) from a file used as a
 * directory (ENOTDIR), and "invalid name" for a slash behind a file.
 */
int path_errno(const uint16_t *path, DWORD code);

/* INVALID_FILE_ATTRIBUTES when there is nothing. */
DWORD path_attributes(const uint16_t *path);

#endif
