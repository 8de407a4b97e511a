/* Listeners. */
#include "private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void
rx_listen_start(struct rx_channel *ch)
{
	struct rx_setup *s = ch->setup;
	int status;

	ch->stage = RX_STAGE_RESOLVING;
	s->target_count = rx_endpoint_numeric(&s->endpoint, s->targets,
	    RX_TARGETS);
	if (s->target_count > 0) {
		rx_listen_resolved(ch);
		return;
	}
	rx_timer_set(ch, RX_TIMER_CONNECT);
	if ((status = rx_resolve(ch)) != 0)
		rx_channel_close(ch, status, 0);
}

void
rx_listen_resolved(struct rx_channel *ch)
{
	struct reactor_message *m = ch->hello;
	struct rx_setup *s = ch->setup;
	struct rx_address bound;
	char text[RX_HOST_MAX + 16];
	int err;

	rx_timer_cancel(ch);
	if ((err = rx_sock_listen(s, &ch->fd)) != 0) {
		ch->fd = -1;
		rx_channel_close(ch, err == EMFILE || err == ENFILE ?
		    REACTOR_TOO_MANY_FILES : REACTOR_LISTEN_FAILED, err);
		return;
	}
	ch->stage = RX_STAGE_LISTENING;
	rx_channel_interest(ch);
	if (ch->stage == RX_STAGE_DEAD)
		return;
	if (s->endpoint.uds || rx_sock_bound(ch->fd, &bound) != 0)
		memcpy(&bound, &s->targets[0], sizeof(bound));
	rx_address_format(&bound, text, sizeof(text));
	(void)rx_text_append(m, REACTOR_BOUND_TO, strlen(REACTOR_BOUND_TO),
	    text, strlen(text));
	m->header.opcode = REACTOR_WELCOME_RESPONSE;
	m->header.flags = REACTOR_ENGINE;
	ch->hello = NULL;
	rx_group_deliver(ch->group, m);
}

void
rx_listen_close(struct rx_channel *ch)
{
	rx_sock_unlink(ch->setup);
}

/* Where an accepted connection comes from, for its HelloRequest. */
void
rx_listen_peer(int fd, struct rx_address *a)
{
	memset(a, 0, sizeof(*a));
	a->len = sizeof(a->sa);
	if (getpeername(fd, (struct sockaddr *)&a->sa, &a->len) != 0)
		a->len = 0;
}

/* No descriptor, no number, no memory: try again a little later. */
static void
pause_accepting(struct rx_channel *ch)
{
	ch->paused = true;
	rx_timer_set(ch, RX_TIMER_RETRY);
	rx_channel_interest(ch);
}

static bool
number_left(struct reactor_engine *e)
{
	bool left;

	(void)pthread_mutex_lock(&e->table.lock);
	left = e->table.used < e->table.max;
	(void)pthread_mutex_unlock(&e->table.lock);
	return left;
}

static bool
accept_one(struct rx_channel *listener)
{
	struct reactor_group *g = listener->group;
	struct rx_channel *ch;
	int fd;

	/* A connection we cannot number stays in the backlog. */
	if (!number_left(g->engine)) {
		pause_accepting(listener);
		return false;
	}
	fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1) {
		switch (errno) {
		case EAGAIN:
			return false;
		case EINTR:
		case ECONNABORTED:
		case EPROTO:
			return true;
		default:
			pause_accepting(listener);
			return false;
		}
	}
	if (rx_channel_new(g, RX_ACCEPTED, &ch) != 0) {
		(void)close(fd);
		return true;
	}
	rx_count(&g->engine->count.accepted, 1);
	if (!listener->setup->endpoint.uds)
		rx_sock_nodelay(fd);
	ch->fd = fd;
	ch->stage = RX_STAGE_STREAM;
	rx_link_append(&g->channels, &ch->in_group);
	rx_timer_set(ch, RX_TIMER_HANDSHAKE);
	rx_channel_interest(ch);
	return true;
}

void
rx_listen_ready(struct rx_channel *ch)
{
	int budget = RX_ACCEPTS;

	if (ch->paused)
		return;
	while (budget-- > 0 && accept_one(ch))
		continue;
}
