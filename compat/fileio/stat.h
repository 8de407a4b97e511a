/* stat by name. */
#ifndef FILEIO_STAT_H
#define FILEIO_STAT_H

#include <sys/stat.h>

struct at_name;

/* flags: AT_SYMLINK_NOFOLLOW, the link instead of its target. */
int stat_name(const struct at_name *, int flags, struct stat *st);
int stat_path(const char *path, int flags, struct stat *st);

#endif
