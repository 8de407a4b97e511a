/*
 * An admin socket: commands for a running program over AF_UNIX, the server's
 * half.  adminsock(1) has the protocol, client.h the other half.
 *
 * A request is one frame, 4 bytes of length (big-endian) and as many of JSON.
 * The answer is any number of {"Log":{...}} and {"Json":value} and then one
 * terminal frame, "Success" or {"Error":{"msg":"..."}}.  The terminal frame
 * is what the handler returns, so there is always exactly one.
 *
 * One thread serves all clients and waits for none of them: what a client is
 * slow to send or to read waits in bounded memory, and for a bounded time.
 * Times are in milliseconds.  Functions return 0 or an errno unless they say
 * otherwise.
 */
#ifndef PROGRAMS_ADMIN_H
#define PROGRAMS_ADMIN_H

#include <sys/socket.h>

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Opaque. */
struct admin_server;
struct admin_request;

/* How a command ended; ADMIN_LATER: it has not yet. */
enum admin_verdict { ADMIN_SUCCESS, ADMIN_ERROR, ADMIN_LATER };

/*
 * Carry out a command, without blocking: it runs on the thread of
 * admin_run(), and nobody else is served meanwhile.  What takes time is
 * handed to another thread with the request, and ADMIN_LATER returned;
 * whoever has the request then must end it with admin_finish(), which may
 * well happen before this returns.  Else the request ends with the return.
 */
typedef enum admin_verdict admin_handler(struct admin_request *, void *arg);

/*
 * May this process give commands?  Non-zero: yes.  On NT the kernel vouches
 * for less of it than on Linux (LIM-UNIX-3).
 */
typedef int admin_guard(const struct ucred *peer, void *arg);

struct admin_options {
	const char *path;	/* of the socket; copied */
	admin_handler *handle;
	admin_guard *allow;	/* NULL: our own user, and root */
	void *arg;		/* of both; the caller's */
	size_t frame_max;	/* bytes of JSON in one frame, both ways */
	size_t queue_max;	/* bytes of answer that may wait for a reader */
	unsigned clients_max;
	unsigned frame_time;	/* for a frame to come, for answers to go on */
	unsigned idle_time;	/* between an answer and the next request */
	unsigned drain_time;	/* for commands under way, once stopped */
};

struct admin_counts {
	uint64_t clients;	/* accepted so far */
	uint64_t requests;	/* given to the handler so far */
	uint64_t refused;	/* clients that the guard did not allow */
	unsigned open;		/* connections now */
	unsigned busy;		/* of these with a command under way */
};

/* Default values, and NULL for path, handle, allow and arg. */
void admin_options_init(struct admin_options *);

/**
 * admin_open(options, serverp, why, size):
 * Make the socket and listen.  Missing directories of the path are made, with
 * mode 0700; the socket has mode 0600, for which umask(2) is changed for a
 * moment: no other thread should be making files.  PATH.lock is held by
 * flock(2) as long as the server lives, so of any number of starters one
 * gets the path; a socket that nobody answers on is replaced, and what is no
 * socket is left alone.  On success the caller owns *serverp.
 *
 * Return 0, or with a sentence of at most size bytes in why
 *	EADDRINUSE	a server lives there, or something that is no socket.
 *	ENAMETOOLONG	path does not fit into an address.
 *	ENOMEM		no memory.
 * or what mkdir(2), open(2), socket(2), bind(2), listen(2), epoll_create1(2)
 * or eventfd(2) said.
 */
int admin_open(const struct admin_options *, struct admin_server **,
    char *why, size_t size);

/**
 * admin_run(server):
 * Serve until admin_stop().  Then remove the socket, hear no new requests,
 * let commands under way finish for up to drain_time, answer those that do
 * not with an Error, and return.  Return 0, or what epoll_wait(2) said.
 */
int admin_run(struct admin_server *);

/**
 * admin_stop(server):
 * Let admin_run() end; called again, without waiting for commands under way.
 * From any thread, and from a signal handler.
 */
void admin_stop(struct admin_server *);

/**
 * admin_close(server):
 * Close what is left, and give everything back but requests that were not
 * finished: admin_finish() remains to be called for those.  Not while
 * admin_run() is running.  NULL is ignored.
 */
void admin_close(struct admin_server *);

/** admin_counts(server, counts): how much it has done; from any thread. */
void admin_counts(struct admin_server *, struct admin_counts *);

/**
 * admin_body(request), admin_peer(request):
 * The JSON of the request, and who sent it.  Valid until the request ends.
 */
const json_t *admin_body(const struct admin_request *);
const struct ucred *admin_peer(const struct admin_request *);

/**
 * admin_log(request, level, fmt, ...):
 * Send a line about what is going on.  level is trace, debug, info, warn or
 * error.
 *
 * Return 0, or
 *	EMSGSIZE	the frame would be larger than frame_max.
 *	ENOBUFS		queue_max bytes wait for the client to read.
 *	ENOMEM		no memory, or fmt makes no text in UTF-8.
 *	EPIPE		the client is gone, or was told that we stop.
 * After the first three of these the request ends with an Error whatever its
 * verdict: a client must not take half an answer for a whole one.
 */
int admin_log(struct admin_request *, const char *level, const char *fmt, ...);

/**
 * admin_json(request, value):
 * Send a result.  The reference to value stays the caller's.  Return as
 * admin_log(), and ENOMEM for a NULL value.
 */
int admin_json(struct admin_request *, const json_t *value);

/**
 * admin_error(request, fmt, ...):
 * Note what the Error shall say, for the verdict ADMIN_ERROR, which this
 * returns.  Cut to 1023 bytes.
 */
enum admin_verdict admin_error(struct admin_request *, const char *fmt, ...);

/**
 * admin_finish(request, verdict):
 * End a request whose handler returned ADMIN_LATER; verdict is one of the
 * other two.  request is gone afterwards.  From any thread.
 */
void admin_finish(struct admin_request *, enum admin_verdict);

#ifdef __cplusplus
}
#endif

#endif
