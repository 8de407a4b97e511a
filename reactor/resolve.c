/*
 * Looking up host names, away from the I/O thread.
 *
 * getaddrinfo() may block for as long as it pleases and cannot be stopped.
 * So it runs in detached threads, at most WORKERS of them, which share this
 * object with the engine; the engine may leave at any time, and whoever is
 * last frees it.
 */
#include "private.h"

#include <signal.h>
#include <stdlib.h>

#define WORKERS	4

struct rx_resolver {
	pthread_mutex_t lock;
	struct reactor_engine *engine;	/* NULL: it has gone */
	struct rx_job *first, *last;
	int workers;
};

int
rx_resolver_new(struct reactor_engine *e, struct rx_resolver **rp)
{
	struct rx_resolver *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return REACTOR_ALLOCATION_FAILED;
	if (pthread_mutex_init(&r->lock, NULL) != 0) {
		free(r);
		return REACTOR_ALLOCATION_FAILED;
	}
	r->engine = e;
	*rp = r;
	return 0;
}

static void
unlock_or_free(struct rx_resolver *r)
{
	bool end = r->engine == NULL && r->workers == 0;

	(void)pthread_mutex_unlock(&r->lock);
	if (end) {
		(void)pthread_mutex_destroy(&r->lock);
		free(r);
	}
}

void
rx_resolver_close(struct rx_resolver *r)
{
	struct rx_job *job;

	(void)pthread_mutex_lock(&r->lock);
	r->engine = NULL;
	while ((job = r->first) != NULL) {
		r->first = job->next;
		free(job);
	}
	unlock_or_free(r);
}

static void *
work(void *arg)
{
	struct rx_resolver *r = arg;
	struct rx_job *job;

	(void)pthread_mutex_lock(&r->lock);
	while ((job = r->first) != NULL) {
		r->first = job->next;
		(void)pthread_mutex_unlock(&r->lock);
		job->count = rx_endpoint_lookup(&job->endpoint, false,
		    job->found, RX_TARGETS);
		(void)pthread_mutex_lock(&r->lock);
		if (r->engine != NULL)
			rx_engine_push(r->engine, &job->node);
		else
			free(job);
	}
	r->workers--;
	unlock_or_free(r);
	return NULL;
}

static int
start_worker(struct rx_resolver *r)
{
	pthread_t thread;
	pthread_attr_t attr;
	int err;

	if (pthread_attr_init(&attr) != 0)
		return REACTOR_NO_THREAD;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Called in the I/O thread, whose signal mask is inherited. */
	err = pthread_create(&thread, &attr, work, r);
	(void)pthread_attr_destroy(&attr);
	if (err != 0)
		return REACTOR_NO_THREAD;
	r->workers++;
	return 0;
}

/* Begin to look up the channel's endpoint; rx_resolved() will be called. */
int
rx_resolve(struct rx_channel *ch)
{
	struct rx_resolver *r = ch->engine->resolver;
	struct rx_job *job;
	int status = 0;

	if ((job = calloc(1, sizeof(*job))) == NULL)
		return REACTOR_ALLOCATION_FAILED;
	job->node.kind = RX_RESOLVED;
	job->endpoint = ch->setup->endpoint;
	job->number = ch->number;
	job->generation = ch->generation;

	(void)pthread_mutex_lock(&r->lock);
	if (r->workers < WORKERS && (status = start_worker(r)) != 0 &&
	    r->workers > 0)
		status = 0;	/* those that run will come to it */
	if (status == 0) {
		if (r->first == NULL)
			r->first = job;
		else
			r->last->next = job;
		r->last = job;
		/* The job names the channel's number until it is handled. */
		rx_table_ref_known(&ch->engine->table, job->number);
	} else
		free(job);
	(void)pthread_mutex_unlock(&r->lock);
	return status;
}

/* I/O thread: the answer.  The channel may be gone or be another one. */
void
rx_resolved(struct reactor_engine *e, struct rx_job *job)
{
	struct rx_channel *ch = e->table.slots[job->number].channel;
	struct rx_setup *s;
	int i;

	if (ch == NULL || ch->generation != job->generation ||
	    ch->stage != RX_STAGE_RESOLVING)
		goto free_job;
	s = ch->setup;
	s->target_count = job->count;
	for (i = 0; i < job->count; i++)
		s->targets[i] = job->found[i];
	if (job->count == 0)
		rx_channel_close(ch, REACTOR_RESOLVE_FAILED, 0);
	else if (ch->client)
		rx_connect_next(ch);
	else
		rx_listen_resolved(ch);

free_job:
	rx_table_unref(&e->table, job->number);
	free(job);
}
