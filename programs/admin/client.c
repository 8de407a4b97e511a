#include "client.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "node.h"

#define CHUNK 16384

struct admin_client {
	int fd;
	int timeout;
	size_t frame_max;
	struct buffer in;
	json_t *frame;		/* what admin_next() has given out */
};

int
admin_probe(const char *path)
{
	struct sockaddr_un un;
	int err;

	if ((err = node_address(path, &un)) != 0)
		return err;
	return node_probe(&un);
}

int
admin_connect(const char *path, size_t frame_max, int timeout,
    struct admin_client **clientp)
{
	struct admin_client *client;
	struct sockaddr_un un;
	int err;

	if ((err = node_address(path, &un)) != 0)
		return err;
	if ((client = calloc(1, sizeof(*client))) == NULL)
		return ENOMEM;
	client->timeout = timeout;
	client->frame_max = frame_max;
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd == -1) {
		err = errno;
		goto free_client;
	}
	if (connect(client->fd, (const struct sockaddr *)&un,
	    sizeof(un)) != 0) {
		err = errno;
		goto close_fd;
	}
	*clientp = client;
	return 0;

close_fd:
	(void)close(client->fd);
free_client:
	free(client);
	return err;
}

void
admin_disconnect(struct admin_client *client)
{
	if (client == NULL)
		return;
	(void)close(client->fd);
	buffer_free(&client->in);
	json_decref(client->frame);
	free(client);
}

static int
wait_for(const struct admin_client *client, short events)
{
	struct pollfd pfd = { .fd = client->fd, .events = events };
	int n;

	do
		n = poll(&pfd, 1, client->timeout);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno;
	return n == 0 ? ETIMEDOUT : 0;
}

static int
send_all(const struct admin_client *client, const struct buffer *b)
{
	size_t done = 0;
	ssize_t n;
	int err;

	while (done < buffer_len(b)) {
		if ((err = wait_for(client, POLLOUT)) != 0)
			return err;
		n = send(client->fd, b->data + b->start + done,
		    buffer_len(b) - done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n == -1 && errno != EAGAIN && errno != EINTR)
			return errno;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

int
admin_ask(struct admin_client *client, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT | JSON_ENCODE_ANY);
	struct buffer b = { .data = NULL };
	int err;

	if (text == NULL)
		return EINVAL;
	if ((err = frame_put(&b, text, strlen(text))) == 0)
		err = send_all(client, &b);
	buffer_free(&b);
	free(text);
	return err;
}

/* Read some more. */
static int
fill(struct admin_client *client)
{
	ssize_t n;
	int err;

	if ((err = wait_for(client, POLLIN)) != 0 ||
	    (err = buffer_reserve(&client->in, CHUNK)) != 0)
		return err;
	n = recv(client->fd, buffer_tail(&client->in), CHUNK, MSG_DONTWAIT);
	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? 0 : errno;
	if (n == 0)
		return ECONNRESET;
	buffer_added(&client->in, (size_t)n);
	return 0;
}

/* Understand the frame. */
static int
explain(const json_t *j, struct admin_frame *f)
{
	const json_t *inner;

	memset(f, 0, sizeof(*f));
	if (json_is_string(j) && strcmp(json_string_value(j), "Success") == 0) {
		f->kind = ADMIN_IS_SUCCESS;
		return 0;
	}
	if (json_object_size(j) != 1)
		return EBADMSG;
	if ((f->value = json_object_get(j, "Json")) != NULL) {
		f->kind = ADMIN_IS_JSON;
		return 0;
	}
	if ((inner = json_object_get(j, "Log")) != NULL) {
		f->kind = ADMIN_IS_LOG;
		f->level = json_string_value(json_object_get(inner, "level"));
		if (f->level == NULL)
			return EBADMSG;
	} else if ((inner = json_object_get(j, "Error")) != NULL) {
		f->kind = ADMIN_IS_ERROR;
	}
	f->msg = json_string_value(json_object_get(inner, "msg"));
	return f->msg != NULL ? 0 : EBADMSG;
}

int
admin_next(struct admin_client *client, struct admin_frame *f)
{
	const char *text;
	size_t len;
	int err;

	while ((err = frame_get(&client->in, client->frame_max, &text,
	    &len)) == EAGAIN)
		if ((err = fill(client)) != 0)
			break;
	if (err != 0)
		return err;
	json_decref(client->frame);
	client->frame = json_loadb(text, len,
	    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	buffer_taken(&client->in, FRAME_HEAD + len);
	if (client->frame == NULL)
		return EBADMSG;
	return explain(client->frame, f);
}
