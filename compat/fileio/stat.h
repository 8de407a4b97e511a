/* stat by name. */
#ifndef FILEIO_STAT_H
#define FILEIO_STAT_H

#include <sys/stat.h>

/* follow: a symbolic link's target instead of the link. */
int stat_path(const char *path, int follow, struct stat *st);

#endif
