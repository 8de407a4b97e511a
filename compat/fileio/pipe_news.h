/* How who watches an end of a pipe hears of what was done at the other. */
#ifndef FILEIO_PIPE_NEWS_H
#define FILEIO_PIPE_NEWS_H

#include "fileio/pipe_pair.h"

/* With the pair's lock: this process did something that that side watches. */
void pipe_news(struct pair *, enum pipe_side, uint32_t events);

/* What other processes do: 0, or why no alarm could be made for the end. */
int pipe_alarms_new(struct pipe_file *);

/* After a look that found nothing; full: no room either. */
void pipe_alarms_set(struct file *, int full);

#endif
