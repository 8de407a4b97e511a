/*
 * The client's half of the admin socket; see admin.h.  Times are in
 * milliseconds.  Functions return 0 or an errno unless they say otherwise.
 */
#ifndef PROGRAMS_ADMIN_CLIENT_H
#define PROGRAMS_ADMIN_CLIENT_H

#include <jansson.h>
#include <stddef.h>

struct admin_client;

enum admin_kind { ADMIN_IS_LOG, ADMIN_IS_JSON, ADMIN_IS_SUCCESS,
    ADMIN_IS_ERROR };

/* One frame of an answer.  Strings and value are good until the next call. */
struct admin_frame {
	enum admin_kind kind;
	const char *level;	/* of a log */
	const char *msg;	/* of a log, of an error */
	const json_t *value;
};

/**
 * admin_connect(path, frame_max, timeout, clientp):
 * Connect to the server at path.  Frames of more than frame_max bytes are
 * not taken; timeout is for each byte that is waited for, -1: for ever.
 * On success the caller owns *clientp.
 *
 * Return 0, or
 *	ECONNREFUSED	nobody lives there.
 *	ENAMETOOLONG	path does not fit into an address.
 *	ENOENT		there is nothing of that name.
 *	ENOMEM		no memory.
 * or what socket(2), connect(2) said.
 */
int admin_connect(const char *path, size_t frame_max, int timeout,
    struct admin_client **clientp);

/** admin_disconnect(client): close it.  NULL is ignored. */
void admin_disconnect(struct admin_client *);

/**
 * admin_ask(client, request):
 * Send a request.  The reference to request stays the caller's.
 *
 * Return 0, or
 *	EINVAL		request is NULL or no JSON.
 *	ENOMEM		no memory.
 *	ETIMEDOUT	the server does not read.
 * or what send(2) said.
 */
int admin_ask(struct admin_client *, const json_t *request);

/**
 * admin_next(client, frame):
 * Wait for the next frame of the answer.  The answer is over with
 * ADMIN_IS_SUCCESS and ADMIN_IS_ERROR.
 *
 * Return 0, or
 *	EBADMSG		that is no frame of an answer.
 *	ECONNRESET	the connection is over, and the answer is not.
 *	EMSGSIZE	the frame is longer than frame_max.
 *	ENOMEM		no memory.
 *	ETIMEDOUT	the server is silent.
 * or what recv(2) said.
 */
int admin_next(struct admin_client *, struct admin_frame *);

/**
 * admin_probe(path):
 * Does a server live there?  Not whether it answers: who must not work beside
 * one must not work beside one that hangs.
 *
 * Return 0 if so, ECONNREFUSED or ENOENT if not, and another errno when it
 * cannot be found out: EACCES, ENAMETOOLONG, or what socket(2) and connect(2)
 * said.
 */
int admin_probe(const char *path);

#endif
