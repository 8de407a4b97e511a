/*
 * A group: the queue of what its program receives.
 *
 * The receiver sleeps in poll() on an eventfd, because that descriptor may
 * also live in the program's own loop, and because writing it is allowed in
 * a signal handler.  It is written only by the producer that finds the
 * receiver asleep (queue.h).
 */
#include "private.h"

#include <sys/eventfd.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

int
reactor_group_open(struct reactor_engine *e, struct reactor_group **gp)
{
	struct reactor_group *g;
	int status;

	if (atomic_load(&e->closing))
		return REACTOR_SHUTDOWN_STARTED;
	if ((g = calloc(1, sizeof(*g))) == NULL)
		return REACTOR_ALLOCATION_FAILED;
	g->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (g->fd == -1) {
		status = errno == ENOMEM ? REACTOR_ALLOCATION_FAILED :
		    REACTOR_TOO_MANY_FILES;
		goto free_group;
	}
	g->engine = e;
	g->id = atomic_fetch_add(&e->next_group, 1) + 1;
	g->node.kind = RX_GROUP_CLOSE;
	rx_queue_init(&g->queue);
	rx_link_init(&g->channels);
	rx_link_init(&g->in_flush);
	rx_link_init(&g->in_engine);

	(void)pthread_mutex_lock(&e->lock);
	status = e->stopped ? REACTOR_SHUTDOWN_STARTED : 0;
	if (status == 0) {
		rx_link_append(&e->groups, &g->in_engine);
		rx_engine_ref(e);
	}
	(void)pthread_mutex_unlock(&e->lock);
	if (status != 0)
		goto close_fd;
	*gp = g;
	return 0;

close_fd:
	(void)close(g->fd);
free_group:
	free(g);
	return status;
}

/* Throw away a list that nobody will receive. */
static void
put_all(struct rx_node *n)
{
	struct reactor_message *m;

	while (n != NULL) {
		m = (struct reactor_message *)n;
		n = n->next;
		reactor_message_put(&m);
	}
}

void
reactor_group_close(struct reactor_group *g)
{
	struct reactor_engine *e;

	if (g == NULL)
		return;
	e = g->engine;
	(void)pthread_mutex_lock(&e->lock);
	if (!e->stopped)
		rx_engine_push(e, &g->node);
	while (!g->gone && !e->stopped)
		(void)pthread_cond_wait(&e->changed, &e->lock);
	rx_link_remove(&g->in_engine);
	(void)pthread_mutex_unlock(&e->lock);
	put_all(g->ready);
	put_all(rx_queue_take(&g->queue));
	(void)close(g->fd);
	free(g);
	rx_engine_unref(e);
}

int
reactor_group_fd(const struct reactor_group *g)
{
	return g->fd;
}

/* The receiver is asleep and the caller was the one to find out. */
void
rx_group_signal(struct reactor_group *g)
{
	const uint64_t one = 1;
	int saved = errno;

	(void)!write(g->fd, &one, sizeof(one));
	atomic_store(&g->lit, true);
	errno = saved;
}

static void
dim(struct reactor_group *g)
{
	uint64_t n;

	(void)!read(g->fd, &n, sizeof(n));
}

int
reactor_group_wake(struct reactor_group *g, struct reactor_message **mp)
{
	struct reactor_message *m;

	if (atomic_load(&g->engine->closing))
		return REACTOR_SHUTDOWN_STARTED;
	if (mp == NULL) {
		atomic_store(&g->update, true);
		if (rx_queue_rouse(&g->queue))
			rx_group_signal(g);
		return 0;
	}
	if ((m = *mp) == NULL)
		return REACTOR_NULL_MESSAGE;
	*mp = NULL;
	if (rx_queue_push(&g->queue, &m->node, &m->node))
		rx_group_signal(g);
	return 0;
}

/*
 * Whatever can be had without sleeping.  REACTOR_TIMEOUT: nothing, and the
 * next producer will write the eventfd.
 */
static int
look(struct reactor_group *g, struct reactor_message **mp)
{
	for (;;) {
		if (atomic_load(&g->shutdown))
			return REACTOR_SHUTDOWN_STARTED;
		if (atomic_load(&g->update) && atomic_exchange(&g->update,
		    false))
			return REACTOR_RECEIVER_UPDATE;
		if (g->ready == NULL)
			g->ready = rx_queue_take(&g->queue);
		if (g->ready != NULL) {
			*mp = (struct reactor_message *)g->ready;
			g->ready = g->ready->next;
			return 0;
		}
		if (atomic_load(&g->pool_empty)) {
			/* It was raised behind the last of the messages. */
			if ((g->ready = rx_queue_take(&g->queue)) != NULL)
				continue;
			atomic_store(&g->pool_empty, false);
			return REACTOR_POOL_EMPTY;
		}
		if (atomic_exchange(&g->lit, false))
			dim(g);
		if (!rx_queue_sleep(&g->queue))
			continue;
		/* A flag raised before the marker stood woke nobody. */
		if (!atomic_load(&g->shutdown) && !atomic_load(&g->update) &&
		    !atomic_load(&g->pool_empty))
			return REACTOR_TIMEOUT;
		(void)rx_queue_rouse(&g->queue);
	}
}

static int
wait_ms(int64_t deadline)
{
	int64_t left;

	if (deadline < 0)
		return -1;
	left = deadline - rx_now();
	if (left <= 0)
		return 0;
	left = (left + 999999) / 1000000;
	return left > 3600000 ? 3600000 : (int)left;
}

int
reactor_wait(struct reactor_group *g, int64_t timeout,
    struct reactor_message **mp)
{
	struct pollfd p = { .fd = g->fd, .events = POLLIN, .revents = 0 };
	int64_t deadline = -1;
	int status, ms;

	*mp = NULL;
	if (atomic_exchange(&g->receiving, true))
		return REACTOR_NOT_ALLOWED;
	if (timeout > 0) {
		deadline = rx_now();
		deadline = timeout > INT64_MAX - deadline ? -1 :
		    deadline + timeout;
	}
	while ((status = look(g, mp)) == REACTOR_TIMEOUT && timeout != 0) {
		if ((ms = wait_ms(deadline)) == 0)
			break;
		if (poll(&p, 1, ms) == 1)
			dim(g);
	}
	atomic_store(&g->receiving, false);
	return status;
}

/* From here on: the I/O thread. */

/* Hand m to the program; it goes off with the next rx_group_flush(). */
void
rx_group_deliver(struct reactor_group *g, struct reactor_message *m)
{
	if (g->dropping) {
		rx_pool_io_put(g->engine, m);
		return;
	}
	m->node.next = g->newest;
	g->newest = &m->node;
	if (g->oldest == NULL)
		g->oldest = &m->node;
	if (rx_link_alone(&g->in_flush))
		rx_link_append(&g->engine->flush, &g->in_flush);
}

void
rx_group_flush(struct reactor_engine *e)
{
	struct reactor_group *g;
	struct rx_node *newest, *oldest;

	while (!rx_link_alone(&e->flush)) {
		g = RX_OWNER(e->flush.next, struct reactor_group, in_flush);
		rx_link_remove(&g->in_flush);
		newest = g->newest;
		oldest = g->oldest;
		g->newest = g->oldest = NULL;
		if (newest != NULL && rx_queue_push(&g->queue, newest, oldest))
			rx_group_signal(g);
		if (!g->tell)
			continue;
		g->tell = false;
		atomic_store(&g->pool_empty, true);
		if (rx_queue_rouse(&g->queue))
			rx_group_signal(g);
	}
}

/* One of its channels cannot read for want of messages. */
void
rx_group_starving(struct reactor_group *g)
{
	if (g->episode == g->engine->episode)
		return;
	g->episode = g->engine->episode;
	rx_count(&g->engine->count.pool_empty, 1);
	g->tell = true;
	if (rx_link_alone(&g->in_flush))
		rx_link_append(&g->engine->flush, &g->in_flush);
}

/* Close its channels and keep nothing more for it. */
void
rx_group_drop(struct reactor_group *g)
{
	struct rx_channel *ch;
	struct rx_node *n;

	rx_group_flush(g->engine);
	g->dropping = true;
	while (!rx_link_alone(&g->channels)) {
		ch = RX_OWNER(g->channels.next, struct rx_channel, in_group);
		if (ch->stage != RX_STAGE_DEAD)
			rx_channel_close(ch, REACTOR_CHANNEL_CLOSED, 0);
		else
			rx_channel_finish(ch);
	}
	while ((n = g->newest) != NULL) {
		g->newest = n->next;
		rx_pool_io_put(g->engine, (struct reactor_message *)n);
	}
}
