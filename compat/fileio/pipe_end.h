/* The two ends of a pipe as NT has them. */
#ifndef FILEIO_PIPE_END_H
#define FILEIO_PIPE_END_H

#include <stddef.h>
#include <stdint.h>

int pipe_ends(size_t capacity, uintptr_t *r, uintptr_t *w);

/* How much can be read now; EPIPE when nothing is left and no writer. */
int pipe_available(uintptr_t r, size_t *n);

/* Wait until something can be read or the writers are gone: 0 or EINTR. */
int pipe_wait(uintptr_t r);

/* Manual-reset events. */
int room_new(uintptr_t *event);
void room_set(uintptr_t event, int on);
int room_wait(uintptr_t event);

#endif
