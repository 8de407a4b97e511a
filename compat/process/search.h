/* Finding programs in PATH. */
#ifndef PROCESS_SEARCH_H
#define PROCESS_SEARCH_H

#include "process/image.h"

/* As posix_spawnp does. */
int search_path(const char *file, struct image *);

/* The value of a variable, UTF-8, to be freed; NULL when there is none. */
char *search_getenv(const char *name);

#endif
