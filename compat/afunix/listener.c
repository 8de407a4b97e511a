#include "afunix/listener.h"

#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/mailbox_nt.h"
#include "afunix/seqpacket.h"
#include "poll/watch.h"
#include "socket/event_nt.h"
#include "socket/sock_nt.h"
#include "poll/sockwait.h"

/* Clients that proved themselves may wait for room, but not without number. */
#define WAITING_MAX 1024

void
listener_ref(struct unix_listener *l)
{
	atomic_fetch_add(&l->refs, 1);
}

void
listener_put(struct unix_listener *l)
{
	if (atomic_fetch_sub(&l->refs, 1) != 1)
		return;
	event_free(l->event);
	free(l);
}

uint32_t
listener_pid(void)
{
	return (uint32_t)getpid();
}

static void
conn_drop(struct unix_conn *c)
{
	seq_refuse(c->box, c->to);
	if (c->lane != NULL)
		lane_close(c->lane, c->sock, 1);
	nt_sock_close(c->sock, 0);
	free(c);
}

static int
send_bytes(uintptr_t sock, void *bytes, size_t len)
{
	struct iovec iov = { .iov_base = bytes, .iov_len = len };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	size_t done = 0;
	int err;

	if ((err = nt_sock_send(sock, &m, &done)) != 0)
		return err;
	return done == len ? 0 : EIO;
}

static int
send_reply(struct unix_listener *l, struct unix_conn *c, uint32_t status)
{
	unsigned char bytes[REPLY_SIZE + LANE_ID + BOX_KEYS];
	size_t len = REPLY_SIZE;
	struct reply r;

	memcpy(r.secret, l->keys.server, sizeof(r.secret));
	r.pid = listener_pid();
	r.status = status | (c->lane != NULL ? REPLY_LANE : 0);
	reply_encode(&r, bytes);
	if (c->lane != NULL) {
		memcpy(bytes + len, c->id, sizeof(c->id));
		len += sizeof(c->id);
	}
	if (c->box != NULL) {
		box_keys_encode(&c->box->keys, bytes + len);
		len += BOX_KEYS;
	}
	return send_bytes(c->sock, bytes, len);
}

/*
 * The lock is held.  What the client has to hear is sent first, so nothing of
 * the application's can come before it; but the connection is counted by then,
 * for who has connected and looks at once finds the listener ready.
 */
static int
enqueue(struct unix_listener *l, struct unix_conn *c, int has_waited)
{
	unsigned char ok = HELLO_OK;
	int err;

	atomic_fetch_add(&l->queued, 1);
	err = has_waited ? send_bytes(c->sock, &ok, 1) :
	    send_reply(l, c, HELLO_OK);
	if (err != 0) {
		atomic_fetch_sub(&l->queued, 1);
		return err;
	}
	c->next = NULL;
	*l->queue_end = c;
	l->queue_end = &c->next;
	event_set(l->event);
	watch_notify(l->file, EPOLLIN | EPOLLRDNORM | WATCH_ONE);
	return 0;
}

void
listener_admit(struct unix_listener *l, struct unix_conn *c, int nonblock)
{
	int drop = 1;

	lock_write(&l->lock);
	if (l->stopped) {
		/* Nothing to say. */
	} else if (l->queued < l->limit) {
		drop = enqueue(l, c, 0);
	} else if (nonblock) {
		(void)send_reply(l, c, HELLO_FULL);
	} else if (l->waiting_count < WAITING_MAX) {
		drop = send_reply(l, c, HELLO_WAIT);
		if (!drop) {
			c->next = NULL;
			*l->waiting_end = c;
			l->waiting_end = &c->next;
			l->waiting_count++;
		}
	}
	unlock_write(&l->lock);
	if (drop)
		conn_drop(c);
}

/* The lock is held and there is room: those who wait come in. */
static void
promote(struct unix_listener *l)
{
	struct unix_conn *c;

	while (l->queued < l->limit && (c = l->waiting) != NULL) {
		if ((l->waiting = c->next) == NULL)
			l->waiting_end = &l->waiting;
		l->waiting_count--;
		/* Who gave up in the meantime does not come in. */
		if (enqueue(l, c, 1) != 0)
			conn_drop(c);
	}
}

int
unix_listener_pop(struct unix_listener *l, struct unix_conn *conn)
{
	struct unix_conn *c;

	lock_write(&l->lock);
	if ((c = l->queue) != NULL) {
		if ((l->queue = c->next) == NULL)
			l->queue_end = &l->queue;
		if (atomic_fetch_sub(&l->queued, 1) == 1 && !l->shut)
			event_reset(l->event);
		promote(l);
	}
	unlock_write(&l->lock);
	if (c == NULL)
		return EAGAIN;
	*conn = *c;
	free(c);
	return 0;
}

int
unix_listener_ready(const struct unix_listener *l)
{
	return atomic_load(&l->queued) > 0;
}

uintptr_t
unix_listener_event(const struct unix_listener *l)
{
	return l->event;
}

void
unix_listener_wake(struct unix_listener *l)
{
	lock_write(&l->lock);
	l->shut = 1;
	event_set(l->event);
	watch_notify(l->file, EPOLLIN | EPOLLRDNORM | EPOLLRDHUP | EPOLLHUP);
	unlock_write(&l->lock);
}

void
unix_listener_backlog(struct unix_listener *l, int backlog)
{
	lock_write(&l->lock);
	l->limit = backlog + 1;
	promote(l);
	unlock_write(&l->lock);
}

int
unix_listener_start(uintptr_t sock, const struct unix_node *keys, int backlog,
    struct file *f, struct unix_listener **lp)
{
	struct unix_listener *l;
	int err;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return ENOMEM;
	atomic_init(&l->refs, 1);
	l->sock = sock;
	l->keys = *keys;
	l->limit = backlog + 1;
	l->file = f;
	l->queue_end = &l->queue;
	l->waiting_end = &l->waiting;
	if ((err = sock_base_handle(sock, &l->base)) != 0 ||
	    (err = event_new(1, &l->event)) != 0)
		goto free_listener;
	if ((err = service_add(l)) != 0)
		goto free_event;
	*lp = l;
	return 0;

free_event:
	event_free(l->event);
free_listener:
	free(l);
	return err;
}

static void
drop_all(struct unix_conn *c)
{
	struct unix_conn *next;

	for (; c != NULL; c = next) {
		next = c->next;
		conn_drop(c);
	}
}

void
unix_listener_stop(struct unix_listener *l)
{
	struct unix_conn *queue, *waiting;

	lock_write(&l->lock);
	l->stopped = 1;
	l->file = NULL;
	queue = l->queue;
	waiting = l->waiting;
	l->queue = l->waiting = NULL;
	/* Here, so that it is closed when close() returns; the service takes
	 * the lock to use it. */
	nt_sock_close(l->sock, 0);
	unlock_write(&l->lock);
	drop_all(queue);
	drop_all(waiting);
	service_remove(l);
	listener_put(l);
}
