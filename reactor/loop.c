/*
 * The I/O thread.  One turn: sleep until something is ready, handle events,
 * posts, deadlines, then send.  What a turn costs grows with what is active,
 * never with how many channels there are.
 */
#include "private.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t
rx_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool
busy(struct reactor_engine *e)
{
	return e->posts != NULL || !rx_link_alone(&e->dirty) ||
	    atomic_load(&e->kick);
}

/* Wait for events; return how many, or -1 when the poller has failed. */
static int
sleep_turn(struct reactor_engine *e, struct epoll_event *events)
{
	bool asleep = false;
	int n, timeout = 0;

	if (busy(e))
		rx_pool_io_flush(e, e->pool.batch);
	else {
		rx_pool_io_flush(e, 0);
		asleep = rx_queue_sleep(&e->queue);
		/* A flag raised before the marker stood rang no bell. */
		if (asleep && !atomic_load(&e->kick) &&
		    !atomic_load(&e->closing))
			timeout = rx_timer_wait(e);
		/* A post is being made to a channel that is closed. */
		if (!rx_link_alone(&e->ending) && timeout != 0)
			timeout = 1;
	}
	n = epoll_wait(e->epoll, events, RX_EVENTS, timeout);
	if (asleep)
		(void)rx_queue_rouse(&e->queue);
	if (n < 0)
		return errno == EINTR ? 0 : -1;
	return n;
}

static void
handle_events(struct reactor_engine *e, struct epoll_event *events, int n)
{
	uint64_t count;
	int i;

	for (i = 0; i < n; i++) {
		if (events[i].data.ptr == e) {
			(void)!read(e->event, &count, sizeof(count));
			continue;
		}
		rx_channel_event(events[i].data.ptr, events[i].events);
		rx_group_flush(e);
	}
}

static void
group_close(struct reactor_engine *e, struct reactor_group *g)
{
	rx_group_drop(g);
	(void)pthread_mutex_lock(&e->lock);
	g->gone = true;
	(void)pthread_cond_broadcast(&e->changed);
	(void)pthread_mutex_unlock(&e->lock);
}

static void
handle_posts(struct reactor_engine *e)
{
	struct rx_node *n;
	int budget = RX_POSTS;

	while (budget-- > 0) {
		if (e->posts == NULL &&
		    (e->posts = rx_queue_take(&e->queue)) == NULL)
			break;
		n = e->posts;
		e->posts = n->next;
		switch (n->kind) {
		case RX_POST:
			rx_post_handle(e, (struct reactor_message *)n);
			break;
		case RX_GROUP_CLOSE:
			group_close(e, RX_OWNER(n, struct reactor_group,
			    node));
			break;
		default:
			rx_resolved(e, (struct rx_job *)n);
		}
	}
}

/* Each channel that has something to send, once. */
static void
handle_sends(struct reactor_engine *e)
{
	struct rx_link ring;

	rx_link_init(&ring);
	if (rx_link_alone(&e->dirty))
		return;
	/* Put our own head into the ring in place of the engine's. */
	rx_link_append(&e->dirty, &ring);
	rx_link_remove(&e->dirty);
	while (!rx_link_alone(&ring)) {
		struct rx_channel *ch = RX_OWNER(ring.next,
		    struct rx_channel, in_dirty);

		rx_link_remove(&ch->in_dirty);
		rx_send_flush(ch);
	}
}

static void
bury(struct reactor_engine *e)
{
	while (!rx_link_alone(&e->graveyard))
		rx_channel_free(RX_OWNER(e->graveyard.next, struct rx_channel,
		    in_dirty));
}

static int
turn(struct reactor_engine *e)
{
	struct epoll_event events[RX_EVENTS];
	int n;

	if ((n = sleep_turn(e, events)) < 0)
		return -1;
	rx_count(&e->count.turns, 1);
	e->now = rx_now();
	handle_events(e, events, n);
	handle_posts(e);
	if (atomic_load(&e->kick))
		rx_receive_resume(e);
	rx_timer_run(e);
	handle_sends(e);
	rx_channel_end(e);
	rx_group_flush(e);
	bury(e);
	return 0;
}

/* Throw away what is in the queue; nobody is there to handle it. */
void
rx_loop_discard(struct reactor_engine *e)
{
	struct reactor_message *m;
	struct rx_channel *ch;
	struct rx_node *n;

	for (;;) {
		if (e->posts == NULL &&
		    (e->posts = rx_queue_take(&e->queue)) == NULL)
			return;
		n = e->posts;
		e->posts = n->next;
		if (n->kind == RX_RESOLVED) {
			free(n);
			continue;
		}
		if (n->kind != RX_POST)
			continue;
		m = (struct reactor_message *)n;
		if (m->header.opcode == REACTOR_HELLO_REQUEST ||
		    m->header.opcode == REACTOR_WELCOME_REQUEST) {
			ch = e->table.slots[m->header.channel].channel;
			rx_pool_io_put(e, ch->notice);
			rx_channel_free(ch);
		}
		rx_pool_io_put(e, m);
	}
}

/* Close everything and tell every receiver. */
static void
stop(struct reactor_engine *e)
{
	struct reactor_group *g;
	struct rx_link *l;

	atomic_store(&e->closing, true);
	(void)pthread_mutex_lock(&e->lock);
	for (l = e->groups.next; l != &e->groups; l = l->next)
		rx_group_drop(RX_OWNER(l, struct reactor_group, in_engine));
	rx_loop_discard(e);
	bury(e);
	rx_pool_io_flush(e, 0);
	for (l = e->groups.next; l != &e->groups; l = l->next) {
		g = RX_OWNER(l, struct reactor_group, in_engine);
		atomic_store(&g->shutdown, true);
		if (rx_queue_rouse(&g->queue))
			rx_group_signal(g);
	}
	e->stopped = true;
	(void)pthread_cond_broadcast(&e->changed);
	(void)pthread_mutex_unlock(&e->lock);
}

void *
rx_loop(void *arg)
{
	struct reactor_engine *e = arg;

	e->now = rx_now();
	while (!atomic_load(&e->closing) && turn(e) == 0)
		continue;
	stop(e);
	return NULL;
}
