/* Calls that change names. */
#ifndef FILEIO_NAMES_H
#define FILEIO_NAMES_H

#include <sys/types.h>

int name_unlink(const char *path);
int name_rmdir(const char *path);
int name_mkdir(int dirfd, const char *path, mode_t mode);
int name_rename(const char *from, const char *to);
int name_link(const char *from, const char *to);
int name_chdir(const char *path);
int name_getcwd(char **cwd);

#endif
