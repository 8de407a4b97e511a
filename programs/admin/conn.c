/* One client's connection. */
#include "private.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"

/* Bytes to read and requests to take before others have their turn. */
#define CHUNK 16384
#define TURN 16

/* For a client to see our end and to end, too. */
#define LINGER_TIME 1000

/* Is there something at the front that take_frames() would go on with? */
static int
has_work(const struct conn *conn)
{
	const struct admin_options *opt = &conn->srv->opt;
	const char *text;
	size_t len;

	return !conn->dead && conn->req == NULL && !conn->closing &&
	    buffer_len(&conn->out) < opt->queue_max &&
	    frame_get(&conn->in, opt->frame_max, &text, &len) != EAGAIN;
}

static enum mood
mood_of(const struct conn *conn)
{
	if (buffer_len(&conn->out) > 0)
		return MOOD_READER;
	if (conn->req != NULL)
		return MOOD_COMMAND;
	if (conn->closing)
		return MOOD_END;
	return buffer_len(&conn->in) > 0 ? MOOD_FRAME : MOOD_IDLE;
}

/*
 * Patience begins anew with what was sent and with each answer, but not with
 * a byte of a frame: all of that has to come in its time.
 */
static void
set_deadline(struct conn *conn)
{
	const struct admin_options *opt = &conn->srv->opt;
	enum mood mood = mood_of(conn);

	if (mood == conn->mood && !conn->progress)
		return;
	conn->mood = mood;
	conn->progress = 0;
	switch (mood) {
	case MOOD_COMMAND:
		conn->deadline = NEVER;
		break;
	case MOOD_END:
		conn->deadline = server_after(LINGER_TIME);
		break;
	case MOOD_IDLE:
		conn->deadline = server_after(opt->idle_time);
		break;
	default:
		conn->deadline = server_after(opt->frame_time);
		break;
	}
}

/* What to wait for next. */
static void
watch(struct conn *conn)
{
	struct epoll_event ev = { .events = 0 };

	set_deadline(conn);
	/* While a command is under way, what comes next waits outside. */
	if (conn->shut || (conn->req == NULL && !conn->eof && !conn->closing))
		ev.events |= EPOLLIN;
	if (buffer_len(&conn->out) > 0)
		ev.events |= EPOLLOUT;
	if (ev.events == conn->events)
		return;
	ev.data.ptr = conn;
	if (epoll_ctl(conn->srv->epoll, EPOLL_CTL_MOD, conn->fd, &ev) != 0)
		conn_kill(conn);
	conn->events = ev.events;
}

/* Say why and end.  msg NULL: just end. */
static void
refuse(struct conn *conn, const char *msg)
{
	if (msg != NULL)
		request_put_error(conn, msg);
	if (conn->dead)
		return;
	conn->closing = 1;
	buffer_free(&conn->in);
	conn->kick = 1;
}

int
conn_open(struct admin_server *srv, int fd, const struct ucred *peer)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct conn *conn;

	if ((conn = calloc(1, sizeof(*conn))) == NULL) {
		(void)close(fd);
		return ENOMEM;
	}
	conn->srv = srv;
	conn->fd = fd;
	conn->peer = *peer;
	conn->events = ev.events;
	conn->since = server_after(0);
	conn->progress = 1;
	conn->kick = 1;
	ev.data.ptr = conn;
	if (epoll_ctl(srv->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
		(void)close(fd);
		free(conn);
		return ENOMEM;
	}
	conn->next = srv->conns;
	srv->conns = conn;
	srv->counts.open++;
	if (!srv->opt.allow(peer, srv->opt.arg)) {
		srv->counts.refused++;
		refuse(conn, "permission denied");
	}
	return 0;
}

void
conn_kill(struct conn *conn)
{
	if (conn->dead)
		return;
	request_abandon(conn, NULL);
	(void)close(conn->fd);
	buffer_free(&conn->in);
	buffer_free(&conn->out);
	conn->dead = 1;
	conn->srv->counts.open--;
	server_wake(conn->srv);
}

void
conn_flush(struct conn *conn)
{
	struct buffer *out = &conn->out;
	ssize_t n;

	while (buffer_len(out) > 0) {
		n = send(conn->fd, out->data + out->start, buffer_len(out),
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			if (errno != EAGAIN)
				conn_kill(conn);
			return;
		}
		buffer_taken(out, (size_t)n);
		conn->progress = 1;
	}
}

/* Read what is there, of which a client that is to go only has its end. */
static void
fill(struct conn *conn)
{
	unsigned char waste[CHUNK];
	unsigned char *p = waste;
	ssize_t n;

	if (!conn->closing) {
		if (buffer_reserve(&conn->in, CHUNK) != 0) {
			conn_kill(conn);
			return;
		}
		p = buffer_tail(&conn->in);
	}
	n = recv(conn->fd, p, CHUNK, 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == -1) {
		conn_kill(conn);
		return;
	}
	if (n == 0)
		conn->eof = 1;
	else if (!conn->closing)
		buffer_added(&conn->in, (size_t)n);
}

/*
 * Carry out requests that are there, one after the other; not too many, or
 * other clients would have to wait.
 */
static void
take_frames(struct conn *conn)
{
	const char *text;
	size_t len;
	int left = TURN;

	while (left > 0 && has_work(conn)) {
		if (frame_get(&conn->in, conn->srv->opt.frame_max, &text,
		    &len) != 0) {
			refuse(conn, "the request is too long");
			return;
		}
		if (conn->srv->drain_end != 0) {
			request_put_error(conn, "shutting down");
		} else {
			request_run(conn, text, len);
			left--;
		}
		if (conn->dead)
			return;
		buffer_taken(&conn->in, FRAME_HEAD + len);
		conn->since = server_after(0);
		conn->progress = 1;
	}
}

/* Is everything said that is to be said to this client? */
static int
is_done(const struct conn *conn)
{
	return conn->req == NULL && buffer_len(&conn->out) == 0 &&
	    (conn->closing || conn->eof);
}

static void
finish(struct conn *conn)
{
	if (conn->eof) {
		conn_kill(conn);
	} else if (!conn->shut) {
		/*
		 * Closing with something unread can take the last answer back
		 * from the client.
		 */
		conn->shut = 1;
		(void)shutdown(conn->fd, SHUT_WR);
	}
}

void
conn_step(struct conn *conn, uint32_t events)
{
	int stopping;

	conn->kick = 0;
	if (conn->dead)
		return;
	/* The client is gone.  It may have asked before, and been quick. */
	if ((events & EPOLLERR) != 0 || ((events & EPOLLHUP) != 0 &&
	    (conn->events & EPOLLIN) == 0)) {
		conn_kill(conn);
		return;
	}
	stopping = conn->srv->drain_end != 0 && conn->req == NULL &&
	    !conn->closing;
	/* What was sent in time is answered. */
	if (stopping || ((events & (EPOLLIN | EPOLLHUP)) != 0 &&
	    (conn->events & EPOLLIN) != 0))
		fill(conn);
	take_frames(conn);
	conn_flush(conn);
	if (conn->dead)
		return;
	if (has_work(conn)) {
		conn->kick = 1;
	} else if (stopping && !conn->closing) {
		refuse(conn, buffer_len(&conn->in) > 0 ? "shutting down" :
		    NULL);
	} else if (is_done(conn)) {
		finish(conn);
	}
	if (!conn->dead)
		watch(conn);
}

void
conn_late(struct conn *conn)
{
	if (conn->mood != MOOD_FRAME) {
		conn_kill(conn);
		return;
	}
	refuse(conn, "the request takes too long");
	conn_step(conn, 0);
}
