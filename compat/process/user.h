/* Who the one user is, and which system this is: UTF-8, to be freed. */
#ifndef PROCESS_USER_H
#define PROCESS_USER_H

#include <stddef.h>

/* 0, ENOMEM or what NT says. */
int user_name(char **);
int user_home(char **);
int user_shell(char **);
int system_directory(char **);

/* "10.0" and "19045". */
void system_version(char *release, size_t, char *version, size_t);

#endif
