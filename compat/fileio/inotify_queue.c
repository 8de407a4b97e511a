#include "fileio/inotify.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fileio/iov.h"
#include "poll/watch.h"

#define QUEUE_MAX 16384		/* Linux's max_queued_events */

/* Lock held: as Linux, the last one is not told twice. */
static int
is_last(const struct inq *q, const struct inq_event *e)
{
	const struct inq_event *l = q->last;

	return l != NULL && l->size == e->size &&
	    memcmp(&l->ev, &e->ev, e->size) == 0;
}

/* Lock held. */
static void
append(struct inq *q, struct inq_event *e)
{
	e->next = NULL;
	if (q->last != NULL)
		q->last->next = e;
	else
		q->first = e;
	q->last = e;
	q->count++;
	q->bytes += e->size;
	block_wake(&q->readers);
}

static struct inq_event *
event_of(int wd, uint32_t mask, uint32_t cookie, const char *name, size_t len)
{
	const size_t unit = sizeof(struct inotify_event);
	struct inq_event *e;
	size_t padded = len > 0 ? (len + unit) / unit * unit : 0;

	if ((e = calloc(1, sizeof(*e) + padded)) == NULL)
		return NULL;
	e->size = unit + padded;
	e->ev.wd = wd;
	e->ev.mask = mask;
	e->ev.cookie = cookie;
	e->ev.len = (uint32_t)padded;
	(void)memcpy(e->ev.name, name, len);
	return e;
}

void
inq_put(struct inotify *in, int wd, uint32_t mask, uint32_t cookie,
    const struct notify_name *name)
{
	struct inq *q = &in->queue;
	char utf8[NOTIFY_NAME_MAX];
	struct inq_event *e;
	size_t len = 0;

	if (name != NULL)
		len = notify_utf8(name, utf8);
	lock_write(&q->lock);
	if (q->count >= QUEUE_MAX)
		e = event_of(-1, IN_Q_OVERFLOW, 0, "", 0);
	else
		e = event_of(wd, mask, cookie, utf8, len);
	if (e != NULL && !is_last(q, e)) {
		append(q, e);
		e = NULL;
	}
	unlock_write(&q->lock);
	free(e);
	watch_notify(&in->file, EPOLLIN | EPOLLRDNORM | WATCH_ONE);
}

struct taking {
	struct inq *q;
	const struct iovec *iov;
	int n;
	ssize_t *done;
};

/* Lock held.  EAGAIN; EINVAL when the first one does not fit. */
static int
take(void *arg)
{
	struct taking *t = arg;
	struct inq *q = t->q;
	size_t room = iov_total(t->iov, t->n), offset = 0;
	struct inq_event *e;

	if (q->first == NULL)
		return EAGAIN;
	if (q->first->size > room)
		return EINVAL;
	while ((e = q->first) != NULL && e->size <= room - offset) {
		iov_scatter(t->iov, offset, &e->ev, e->size);
		offset += e->size;
		if ((q->first = e->next) == NULL)
			q->last = NULL;
		q->count--;
		q->bytes -= e->size;
		free(e);
	}
	*t->done = (ssize_t)offset;
	return 0;
}

int
inq_take(struct inotify *in, const struct iovec *iov, int n, ssize_t *done)
{
	struct inq *q = &in->queue;
	struct taking t = { q, iov, n, done };

	return block_until(&q->readers, &in->file, &q->lock, take, &t);
}

int
inq_is_empty(struct inotify *in)
{
	return inq_bytes(in) == 0;
}

size_t
inq_bytes(struct inotify *in)
{
	size_t n;

	lock_write(&in->queue.lock);
	n = in->queue.bytes;
	unlock_write(&in->queue.lock);
	return n;
}

void
inq_free(struct inotify *in)
{
	struct inq_event *e;

	while ((e = in->queue.first) != NULL) {
		in->queue.first = e->next;
		free(e);
	}
	block_free(&in->queue.readers);
}
