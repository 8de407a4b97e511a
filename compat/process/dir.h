/* Where a directory is. */
#ifndef PROCESS_DIR_H
#define PROCESS_DIR_H

#include <stdint.h>

/* The name of an open directory, UTF-8; to be freed. */
int dir_path(uintptr_t handle, char **path);

#endif
