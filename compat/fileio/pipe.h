/* Pipes from the parent. */
#ifndef FILEIO_PIPE_H
#define FILEIO_PIPE_H

struct file;
struct hand_record;

int pipe_take(struct hand_record *, struct file **);

#endif
