/* A Hello on its way: names, addresses one after the other, the first frame. */
#include "private.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int
status_of(const struct rx_setup *s, int err)
{
	switch (err) {
	case ETIMEDOUT:
		return REACTOR_TIMEOUT;
	case EMFILE:
	case ENFILE:
		return REACTOR_TOO_MANY_FILES;
	case ENOENT:
		if (s->endpoint.uds)
			return REACTOR_UDS_PATH_NOT_FOUND;
		break;
	default:
		break;
	}
	return REACTOR_CONNECT_FAILED;
}

void
rx_connect_start(struct rx_channel *ch)
{
	struct rx_setup *s = ch->setup;
	int status;

	ch->stage = RX_STAGE_RESOLVING;
	s->deadline = ch->engine->now + ch->engine->options.connect_timeout;
	rx_timer_set(ch, RX_TIMER_CONNECT);
	s->target_count = rx_endpoint_numeric(&s->endpoint, s->targets,
	    RX_TARGETS);
	if (s->target_count > 0)
		rx_connect_next(ch);
	else if ((status = rx_resolve(ch)) != 0)
		rx_channel_close(ch, status, 0);
}

/* There is a connection: send the HelloRequest. */
static void
connected(struct rx_channel *ch)
{
	struct reactor_message *m = ch->hello;

	if (!ch->setup->endpoint.uds)
		rx_sock_nodelay(ch->fd);
	free(ch->setup);
	ch->setup = NULL;
	ch->stage = RX_STAGE_STREAM;
	rx_timer_set(ch, RX_TIMER_HANDSHAKE);
	ch->hello = NULL;
	rx_send_queue(ch, m);
	rx_channel_interest(ch);
}

void
rx_connect_next(struct rx_channel *ch)
{
	struct rx_setup *s = ch->setup;
	int err, fd = -1;

	while (s->target < s->target_count) {
		err = rx_sock_connect(&s->targets[s->target], &fd);
		if (err == EAGAIN) {
			/* A socket file whose server is behind. */
			ch->stage = RX_STAGE_RETRYING;
			rx_timer_set(ch, RX_TIMER_RETRY);
			return;
		}
		s->target++;
		if (err == 0) {
			ch->fd = fd;
			connected(ch);
			return;
		}
		if (err == EINPROGRESS) {
			ch->fd = fd;
			ch->stage = RX_STAGE_CONNECTING;
			rx_channel_interest(ch);
			return;
		}
		s->err = err;
	}
	rx_channel_close(ch, status_of(s, s->err), s->err);
}

void
rx_connect_ready(struct rx_channel *ch)
{
	int err = rx_sock_connected(ch->fd);

	if (err == 0) {
		connected(ch);
		return;
	}
	ch->setup->err = err;
	(void)close(ch->fd);
	ch->fd = -1;
	ch->events = 0;
	rx_connect_next(ch);
}
