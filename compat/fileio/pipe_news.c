#include "fileio/pipe_news.h"

#include <sys/epoll.h>

#include "poll/watch.h"

/* The end is safe to use while the lock is held: it cannot go. */
void
pipe_news(struct pair *p, enum pipe_side side, uint32_t events)
{
	if (p->end[side] != NULL)
		watch_notify(&p->end[side]->f, events);
}

/*
 * What other processes do, the alarms tell of.  Each rings once: it is set
 * whenever somebody watches and finds that what it tells of is not so.  The
 * list of watches is looked at without its lock, which a poller may hold: a
 * watch that is just being added makes a look of its own.
 */
void
pipe_alarms_set(struct file *f, int full)
{
	struct pipe_file *e = (struct pipe_file *)f;

	if (e->other == NULL || f->watches == NULL)
		return;
	pipe_alarm_set(e->other);
	if (full && e->space != NULL)
		pipe_alarm_set(e->space);
}

static void
other_rang(void *arg)
{
	struct pipe_file *e = arg;

	watch_notify(&e->f, e->side == PIPE_READER ? EPOLLIN | EPOLLHUP :
	    EPOLLERR | EPOLLOUT);
}

static void
space_rang(void *arg)
{
	watch_notify(&((struct pipe_file *)arg)->f, EPOLLOUT);
}

int
pipe_alarms_new(struct pipe_file *e)
{
	int err;

	if (e->other != NULL)
		return 0;
	if (e->side == PIPE_WRITER && (err = pipe_alarm_new(0,
	    e->pair->room, space_rang, e, &e->space)) != 0)
		return err;
	err = pipe_alarm_new(e->f.handle, 0, other_rang, e, &e->other);
	if (err != 0) {
		pipe_alarm_free(e->space);
		e->space = NULL;
	}
	return err;
}
