/* Reading directories. */
#ifndef FILEIO_DIR_H
#define FILEIO_DIR_H

#include <dirent.h>

#include <stdint.h>

struct dir_scan;

/*
 * Read the directory that handle is open on; it must outlive the scan.  The
 * scan has a handle and a place of its own.
 */
int dir_scan_new(uintptr_t handle, struct dir_scan **);

/* *end: there is no further entry. */
int dir_scan_next(struct dir_scan *, struct dirent *, int *end);

/* From the beginning again, with what is there now. */
void dir_scan_rewind(struct dir_scan *);
void dir_scan_free(struct dir_scan *);

/* A number for a name. */
uint64_t dir_hash(const char *name);

#endif
