/* Where shared memory lives: files in a directory of the user's. */
#ifndef MMAN_SHM_H
#define MMAN_SHM_H

#include <sys/types.h>

#include <stdint.h>

struct file;

#define SHM_NAME_MAX 200	/* in a path that NT takes */
#define MEMFD_NAME_MAX 249	/* memfd_create(2) */

int shm_file_open(const char *name, int flags, mode_t mode, struct file **);
int shm_file_unlink(const char *name);

/* A file without a name that anybody could look for; gone when closed. */
int shm_anon_open(uintptr_t *handle);

#endif
