/* Calls that change names.  The descriptors are as in at.h. */
#ifndef FILEIO_NAMES_H
#define FILEIO_NAMES_H

#include <sys/types.h>

#include <stdint.h>

int name_remove(int dirfd, const char *path, int want_dir);
int name_mkdir(int dirfd, const char *path, mode_t mode);

/* replace is 0 for RENAME_NOREPLACE. */
int name_rename(int fromfd, const char *from, int tofd, const char *to,
    int replace);

/* flags: AT_SYMLINK_FOLLOW, AT_EMPTY_PATH. */
int name_link(int fromfd, const char *from, int tofd, const char *to,
    int flags);
int name_symlink(const char *target, int dirfd, const char *path);

/* The result is malloc()ed. */
int name_readlink(int dirfd, const char *path, char **out);
int name_real(const char *path, char **out);
int name_getcwd(char **cwd);

int name_chdir(const char *path);
int name_fchdir(int fd);

/* An absolute name of NT's as a POSIX path; changes wide. */
int path_text(uint16_t *wide, char **out);

#endif
