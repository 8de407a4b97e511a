/* The two ends of a pipe as NT has them. */
#ifndef FILEIO_PIPE_END_H
#define FILEIO_PIPE_END_H

#include <stddef.h>
#include <stdint.h>

int pipe_ends(size_t capacity, uintptr_t *r, uintptr_t *w);

/* The access rights of an end as CreatePipe would have given it. */
uint32_t pipe_access(int writer);

/* How much can be read now; EPIPE when nothing is left and no writer. */
int pipe_available(uintptr_t r, size_t *n);

/* Has nobody, in any process, the other end any more? */
int pipe_is_alone(uintptr_t end);

/*
 * Read what is there: EAGAIN when someone else was faster.  *n is 0 at the end
 * of the pipe.
 */
int pipe_get(uintptr_t r, void *buf, size_t len, size_t *n);

/*
 * Write.  EINPROGRESS when NT has no room for it: then pipe_put_end() waits,
 * until a signal comes (EINTR) or, with block 0, not at all (EAGAIN); what was
 * not written is taken back.  An error with *n > 0 tells of the rest.
 */
struct pipe_put;
int pipe_put(uintptr_t w, const void *buf, size_t len, size_t *n,
    struct pipe_put **);
int pipe_put_end(uintptr_t w, struct pipe_put *, int block, size_t *n);

/* Wait until something can be read or the writers are gone: 0 or EINTR. */
int pipe_wait(uintptr_t r);

/* Wait until the event is set or the readers are gone: 0 or EINTR. */
int pipe_wait_room(uintptr_t w, uintptr_t room);

/* Manual-reset events. */
int room_new(uintptr_t *event);
void room_set(uintptr_t event, int on);

#endif
