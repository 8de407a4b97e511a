/* Reading directories. */
#ifndef FILEIO_DIR_H
#define FILEIO_DIR_H

#include <dirent.h>

struct dir_scan;

int dir_open(const char *path, struct dir_scan **);
int dir_next(struct dir_scan *, struct dirent *, int *end);
void dir_rewind(struct dir_scan *);
void dir_close(struct dir_scan *);

#endif
