/* Requests: JSON, handlers, answers. */
#include "private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The terminal frame when there is no memory for a better one. */
static const char no_memory[] = "{\"Error\":{\"msg\":\"out of memory\"}}";

/* A string of JSON, whatever bytes text is of. */
static json_t *
text_json(const char *text)
{
	json_t *j = json_string(text);
	char plain[MSG_MAX];
	size_t i;

	if (j != NULL)
		return j;
	for (i = 0; text[i] != '\0' && i < sizeof(plain) - 1; i++)
		plain[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	plain[i] = '\0';
	return json_string(plain);
}

/* Consumes frame. */
static char *
frame_text(json_t *frame)
{
	char *text = json_dumps(frame, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(frame);
	return text;
}

static void
put_terminal(struct conn *conn, json_t *frame)
{
	char *text = frame_text(frame);
	const char *say = text != NULL ? text : no_memory;

	/* Who cannot be told must not wait for it. */
	if (frame_put(&conn->out, say, strlen(say)) != 0)
		conn_kill(conn);
	free(text);
}

void
request_put_error(struct conn *conn, const char *msg)
{
	put_terminal(conn, json_pack("{s:{s:o}}", "Error", "msg",
	    text_json(msg)));
}

/* Append text to the answer, if the client is not too far behind with it. */
static int
queue_frame(struct conn *conn, const char *text)
{
	const struct admin_options *opt = &conn->srv->opt;
	size_t len;

	if (text == NULL)
		return ENOMEM;
	if ((len = strlen(text)) > opt->frame_max)
		return EMSGSIZE;
	if (buffer_len(&conn->out) + len > opt->queue_max)
		conn_flush(conn);
	if (conn->dead)
		return EPIPE;
	if (buffer_len(&conn->out) + len > opt->queue_max)
		return ENOBUFS;
	return frame_put(&conn->out, text, len);
}

/* Send a frame of an answer, which is not the last.  Consumes frame. */
static int
put_partial(struct admin_request *req, json_t *frame)
{
	struct admin_server *srv = req->srv;
	char *text = frame_text(frame);
	int err = EPIPE;

	(void)pthread_mutex_lock(&srv->lock);
	if (req->conn != NULL)
		err = queue_frame(req->conn, text);
	if (err != 0 && req->lost == 0) {
		req->lost = err;
	} else if (err == 0) {
		req->conn->kick = 1;
		server_wake(srv);
	}
	(void)pthread_mutex_unlock(&srv->lock);
	free(text);
	return err;
}

/* Year, day of the year from 1, time of day, nanoseconds, offset from UTC. */
static json_t *
timestamp(void)
{
	struct timespec now;
	struct tm tm;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &tm) == NULL)
		return NULL;
	return json_pack("[i,i,i,i,i,i,i,i,i]", tm.tm_year + 1900,
	    tm.tm_yday + 1, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)now.tv_nsec, 0, 0, 0);
}

int
admin_log(struct admin_request *req, const char *level, const char *fmt, ...)
{
	char line[MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return put_partial(req, json_pack("{s:{s:s,s:o,s:o}}", "Log", "level",
	    level, "msg", text_json(line), "ts", timestamp()));
}

int
admin_json(struct admin_request *req, const json_t *value)
{
	/* Nothing is changed but the count of references, and that back. */
	return put_partial(req, json_pack("{s:O}", "Json", value));
}

enum admin_verdict
admin_error(struct admin_request *req, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(req->msg, sizeof(req->msg), fmt, ap);
	va_end(ap);
	return ADMIN_ERROR;
}

const json_t *
admin_body(const struct admin_request *req)
{
	return req->body;
}

const struct ucred *
admin_peer(const struct admin_request *req)
{
	return &req->peer;
}

static void
answer(struct admin_request *req, enum admin_verdict verdict)
{
	if (req->lost != 0)
		(void)snprintf(req->msg, sizeof(req->msg),
		    "the answer is not complete: %s", strerror(req->lost));
	else if (verdict == ADMIN_SUCCESS)
		req->msg[0] = '\0';
	else if (req->msg[0] == '\0')
		(void)snprintf(req->msg, sizeof(req->msg), "failed");
	if (req->msg[0] == '\0')
		put_terminal(req->conn, json_string("Success"));
	else
		request_put_error(req->conn, req->msg);
}

void
admin_finish(struct admin_request *req, enum admin_verdict verdict)
{
	struct admin_server *srv = req->srv;
	struct conn *conn;

	(void)pthread_mutex_lock(&srv->lock);
	if (req->conn != NULL)
		answer(req, verdict);
	/* It may have been killed, in answer(). */
	if ((conn = req->conn) != NULL) {
		conn->req = NULL;
		conn->since = server_after(0);
		conn->progress = 1;
		conn->kick = 1;
		server_wake(srv);
	}
	json_decref(req->body);
	free(req);
	server_put(srv);
}

void
request_abandon(struct conn *conn, const char *msg)
{
	if (conn->req == NULL)
		return;
	conn->req->conn = NULL;
	conn->req = NULL;
	if (msg != NULL)
		request_put_error(conn, msg);
}

static struct admin_request *
request_new(struct conn *conn, json_t *body)
{
	struct admin_request *req;

	if ((req = calloc(1, sizeof(*req))) == NULL)
		return NULL;
	req->srv = conn->srv;
	req->conn = conn;
	req->peer = conn->peer;
	req->body = body;
	conn->req = req;
	conn->srv->refs++;
	conn->srv->counts.requests++;
	return req;
}

void
request_run(struct conn *conn, const char *text, size_t len)
{
	struct admin_server *srv = conn->srv;
	struct admin_request *req;
	enum admin_verdict verdict;
	json_error_t why;
	char msg[MSG_MAX];
	json_t *body;

	body = json_loadb(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
	    &why);
	if (body == NULL) {
		(void)snprintf(msg, sizeof(msg), "no JSON: %s", why.text);
		request_put_error(conn, msg);
		return;
	}
	if ((req = request_new(conn, body)) == NULL) {
		json_decref(body);
		request_put_error(conn, strerror(ENOMEM));
		return;
	}
	(void)pthread_mutex_unlock(&srv->lock);
	verdict = srv->opt.handle(req, srv->opt.arg);
	/* With ADMIN_LATER it may already be gone. */
	if (verdict != ADMIN_LATER)
		admin_finish(req, verdict);
	(void)pthread_mutex_lock(&srv->lock);
}
