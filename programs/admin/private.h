/*
 * What the parts of the server share.  One lock guards it all: admin_run()
 * holds it but for waiting and for handlers, and other threads come in by
 * the calls for requests.  Connections are made and freed by admin_run()'s
 * thread alone.
 */
#ifndef ADMIN_PRIVATE_H
#define ADMIN_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "admin.h"
#include "frame.h"
#include "node.h"

#define NEVER INT64_MAX

/* A sentence for a client. */
#define MSG_MAX 1024

/* What a connection waits for. */
enum mood { MOOD_IDLE, MOOD_FRAME, MOOD_READER, MOOD_COMMAND, MOOD_END };

struct conn {
	struct conn *next;
	struct admin_server *srv;
	int fd;
	struct ucred peer;
	struct buffer in, out;
	struct admin_request *req;	/* under way, or NULL */
	enum mood mood;
	int64_t deadline;	/* NEVER, or when patience with mood ends */
	int64_t since;		/* of the last answer, or the beginning */
	uint32_t events;	/* what epoll watches */
	int progress;		/* patience begins anew */
	int kick;		/* look at it although nothing happened */
	int eof;		/* the client sends no more */
	int closing;		/* no more requests; end when out is empty */
	int shut;		/* it is; wait for the client's end */
	int dead;		/* to be freed at the end of the turn */
};

struct admin_server {
	struct admin_options opt;
	struct node node;
	int listener;		/* -1: no more */
	int epoll;
	int wake;		/* an eventfd */
	int listening;		/* the listener is watched */
	int64_t pause;		/* until when it is not */
	int64_t drain_end;	/* 0: not stopping */
	atomic_int stops;
	pthread_mutex_t lock;
	struct conn *conns;
	struct admin_counts counts;
	unsigned refs;		/* the owner, and requests under way */
};

struct admin_request {
	struct admin_server *srv;
	struct conn *conn;	/* NULL: gone, or has its terminal frame */
	struct ucred peer;
	json_t *body;
	int lost;		/* errno: a frame of the answer was not sent */
	char msg[MSG_MAX];
};

/* Nanoseconds from milliseconds. */
int64_t server_after(unsigned ms);

/* Let admin_run() look again. */
void server_wake(struct admin_server *);

/* Drop one reference; the lock is held, and released. */
void server_put(struct admin_server *);

/*
 * conn.c.  The lock is held.
 */

/* Serve the client behind fd, which this owns, on success too. */
int conn_open(struct admin_server *, int fd, const struct ucred *);

/*
 * Something happened: events are epoll's.  Drops the lock for handlers.  While
 * we are stopping it refuses what was asked, and ends the connection.
 */
void conn_step(struct conn *, uint32_t events);

/* Its deadline is over. */
void conn_late(struct conn *);

/* Send as much as goes without waiting. */
void conn_flush(struct conn *);

/* Let go of everything; the next turn frees it. */
void conn_kill(struct conn *);

/*
 * request.c.  The lock is held.
 */

/*
 * Carry out what text says.  Drops the lock for the handler.  Whatever
 * happens the client gets its terminal frame, or the request is conn->req.
 */
void request_run(struct conn *, const char *text, size_t len);

/* The client has nothing to hear of it any more, but for msg. */
void request_abandon(struct conn *, const char *msg);

/* Append the terminal frame {"Error":{"msg":msg}}. */
void request_put_error(struct conn *, const char *msg);

#endif
