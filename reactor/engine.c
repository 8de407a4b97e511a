/* An engine from outside: options, open, close, statistics, waking it. */
#include "private.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
reactor_options_init(struct reactor_options *o)
{
	memset(o, 0, sizeof(*o));
	o->pool_initial = 64;
	o->pool_max = 4096;
	o->max_channels = RX_CHANNELS;
	o->send_messages = 4096;
	o->send_bytes = 8 * 1024 * 1024;
	o->receive_credit = 1024;
	o->connect_timeout = REACTOR_SEC(10);
	o->handshake_timeout = REACTOR_SEC(10);
	o->bye_timeout = REACTOR_SEC(5);
}

static bool
options_right(const struct reactor_options *o)
{
	return o->pool_max > 0 && o->pool_initial <= o->pool_max &&
	    o->max_channels > 0 && o->max_channels <= RX_CHANNELS &&
	    o->send_messages > 0 && o->send_messages < 1 << 22 &&
	    o->send_bytes > 0 && o->receive_credit > 0 &&
	    o->connect_timeout > 0 && o->handshake_timeout > 0 &&
	    o->bye_timeout > 0;
}

static void
init_rings(struct reactor_engine *e)
{
	int i;

	for (i = 0; i < RX_TIMERS; i++)
		rx_link_init(&e->timers[i]);
	rx_link_init(&e->dirty);
	rx_link_init(&e->paused);
	rx_link_init(&e->hungry);
	rx_link_init(&e->ending);
	rx_link_init(&e->graveyard);
	rx_link_init(&e->flush);
	rx_link_init(&e->groups);
}

static int
open_poller(struct reactor_engine *e)
{
	struct epoll_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.events = EPOLLIN;
	ev.data.ptr = e;
	if ((e->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
		goto fail;
	if ((e->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		goto close_event;
	if (epoll_ctl(e->epoll, EPOLL_CTL_ADD, e->event, &ev) != 0)
		goto close_epoll;
	return 0;

close_epoll:
	(void)close(e->epoll);
close_event:
	(void)close(e->event);
fail:
	return errno == EMFILE || errno == ENFILE ? REACTOR_TOO_MANY_FILES :
	    errno == ENOMEM ? REACTOR_ALLOCATION_FAILED :
	    REACTOR_COMMUNICATION_FAILED;
}

/* The I/O thread takes no signals: they are the program's. */
static int
start(struct reactor_engine *e)
{
	sigset_t all, old;
	int err;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&e->thread, NULL, rx_loop, e);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err == 0 ? 0 : REACTOR_NO_THREAD;
}

static int
init_locks(struct reactor_engine *e)
{
	if (pthread_mutex_init(&e->lock, NULL) != 0)
		return REACTOR_ALLOCATION_FAILED;
	if (pthread_cond_init(&e->changed, NULL) == 0)
		return 0;
	(void)pthread_mutex_destroy(&e->lock);
	return REACTOR_ALLOCATION_FAILED;
}

int
reactor_engine_open(const struct reactor_options *options,
    struct reactor_engine **ep)
{
	struct reactor_engine *e;
	int status = REACTOR_ALLOCATION_FAILED;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return status;
	reactor_options_init(&e->options);
	if (options != NULL)
		e->options = *options;
	if (!options_right(&e->options)) {
		status = REACTOR_INVALID_MESSAGE;
		goto free_engine;
	}
	init_rings(e);
	rx_queue_init(&e->queue);
	(void)rx_queue_rouse(&e->queue);	/* it starts awake */
	atomic_init(&e->refs, 1);
	e->episode = 1;
	if ((e->scratch = malloc(RX_SCRATCH)) == NULL)
		goto free_engine;
	if ((status = init_locks(e)) != 0)
		goto free_scratch;
	if ((status = rx_table_init(&e->table, e->options.max_channels)) != 0)
		goto destroy_locks;
	if ((status = rx_pool_init(e, e->options.pool_initial,
	    e->options.pool_max)) != 0)
		goto destroy_table;
	if ((status = open_poller(e)) != 0)
		goto destroy_pool;
	if ((status = rx_resolver_new(e, &e->resolver)) != 0)
		goto close_poller;
	if ((status = start(e)) != 0)
		goto close_resolver;
	*ep = e;
	return 0;

close_resolver:
	rx_resolver_close(e->resolver);
close_poller:
	(void)close(e->epoll);
	(void)close(e->event);
destroy_pool:
	rx_pool_destroy(&e->pool);
destroy_table:
	rx_table_destroy(&e->table);
destroy_locks:
	(void)pthread_cond_destroy(&e->changed);
	(void)pthread_mutex_destroy(&e->lock);
free_scratch:
	free(e->scratch);
free_engine:
	free(e);
	return status;
}

void
reactor_engine_close(struct reactor_engine *e)
{
	if (e == NULL)
		return;
	atomic_store(&e->closing, true);
	rx_engine_kick(e);
	(void)pthread_join(e->thread, NULL);
	rx_resolver_close(e->resolver);
	(void)close(e->epoll);
	free(e->scratch);
	rx_engine_unref(e);
}

void
rx_engine_ref(struct reactor_engine *e)
{
	(void)atomic_fetch_add(&e->refs, 1);
}

/*
 * The handle and the groups are gone: all that can still refer to the engine
 * are messages that the program holds.  The last one put frees it.
 */
void
rx_engine_unref(struct reactor_engine *e)
{
	struct rx_pool *p = &e->pool;
	bool end;

	if (atomic_fetch_sub(&e->refs, 1) != 1)
		return;
	rx_loop_discard(e);
	rx_pool_io_flush(e, 0);
	(void)pthread_mutex_lock(&p->lock);
	p->released = true;
	end = p->notices == 0 && p->free_count == p->allocated;
	(void)pthread_mutex_unlock(&p->lock);
	if (end)
		rx_engine_destroy(e);
}

void
rx_engine_destroy(struct reactor_engine *e)
{
	/* Only now: a post that was late may have rung it until here. */
	(void)close(e->event);
	rx_pool_destroy(&e->pool);
	rx_table_destroy(&e->table);
	(void)pthread_cond_destroy(&e->changed);
	(void)pthread_mutex_destroy(&e->lock);
	free(e);
}

static void
ring(struct reactor_engine *e)
{
	const uint64_t one = 1;

	(void)atomic_fetch_add_explicit(&e->count.wakes, 1,
	    memory_order_relaxed);
	(void)!write(e->event, &one, sizeof(one));
}

void
rx_engine_push(struct reactor_engine *e, struct rx_node *n)
{
	if (rx_queue_push(&e->queue, n, n))
		ring(e);
}

void
rx_engine_kick(struct reactor_engine *e)
{
	atomic_store(&e->kick, true);
	if (rx_queue_rouse(&e->queue))
		ring(e);
}

void
reactor_engine_stats(struct reactor_engine *e, struct reactor_stats *s)
{
#define GET(name) s->name = atomic_load_explicit(&e->count.name, \
    memory_order_relaxed)
	GET(messages_sent);
	GET(messages_received);
	GET(bytes_sent);
	GET(bytes_received);
	GET(turns);
	GET(wakes);
	GET(send_calls);
	GET(receive_calls);
	GET(accepted);
	GET(bad_frames);
	GET(pool_empty);
#undef GET
	(void)pthread_mutex_lock(&e->table.lock);
	s->channels = e->table.used;
	(void)pthread_mutex_unlock(&e->table.lock);
	(void)pthread_mutex_lock(&e->pool.lock);
	s->pool_allocated = e->pool.allocated;
	s->pool_outstanding = e->pool.allocated - e->pool.free_count;
	(void)pthread_mutex_unlock(&e->pool.lock);
}

void
reactor_group_engine_stats(struct reactor_group *g, struct reactor_stats *s)
{
	reactor_engine_stats(g->engine, s);
}

int
reactor_message_get(struct reactor_group *g, enum reactor_how how,
    struct reactor_message **mp)
{
	*mp = NULL;
	if (atomic_load(&g->engine->closing))
		return REACTOR_SHUTDOWN_STARTED;
	return rx_pool_get(g->engine, how, mp);
}
