/*
 * Alarms: how an end of a pipe whose other end is (also) in another process
 * learns that it is ready, without asking again and again.  NT's pool waits; a
 * callback runs on one of its threads, once for each time the alarm is set.
 */
#ifndef FILEIO_PIPE_ALARM_H
#define FILEIO_PIPE_ALARM_H

#include <stdint.h>

struct pipe_alarm;

typedef void pipe_alarm_fn(void *arg);

/* For event, or for a read of nothing at the end: 0, ENOMEM... */
int pipe_alarm_new(uintptr_t end, uintptr_t event, pipe_alarm_fn *, void *arg,
    struct pipe_alarm **);

/* Set it, if it is not set. */
void pipe_alarm_set(struct pipe_alarm *);

/* Its callback does not run any more when this returns.  NULL: nothing. */
void pipe_alarm_free(struct pipe_alarm *);

#endif
