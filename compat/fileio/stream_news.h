/*
 * When a stream is ready: a console, or a pipe that others made.  NT can wait
 * for a console; of a synchronous pipe it tells nobody, so that one is looked
 * at now and then while somebody waits for it (LIM-FD-10).
 */
#ifndef FILEIO_STREAM_NEWS_H
#define FILEIO_STREAM_NEWS_H

#include <stddef.h>
#include <stdint.h>

struct file;
struct stream_news;

/* For f, a pipe or a console; NULL for no memory, and then it is not told of. */
struct stream_news *stream_news_new(struct file *f);
void stream_news_free(struct stream_news *);

/* The watches of another description are told: a terminal's. */
void stream_news_for(struct stream_news *, struct file *);

/* The EPOLL* events that hold; from now on, what does not hold is watched. */
uint32_t stream_news_poll(struct stream_news *);

/* A read of len bytes had n, of which last is the last. */
void stream_news_read(struct stream_news *, size_t len, size_t n, char last);

#endif
