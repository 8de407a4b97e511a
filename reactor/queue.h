/*
 * A queue with many producers and one consumer, in one atomic word.
 *
 * Producers push onto a stack; the consumer takes the whole stack and turns
 * it round.  Before it sleeps the consumer puts a marker into the empty word:
 * the one producer that replaces the marker must wake it, all others need
 * not.  So a burst of posts costs one wake, and a post to a consumer that is
 * at work costs none.
 */
#ifndef REACTOR_QUEUE_H
#define REACTOR_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct rx_node {
	struct rx_node *next;
	unsigned kind;
};

struct rx_queue {
	_Atomic(struct rx_node *) head;
	struct rx_node asleep;
};

static inline void
rx_queue_init(struct rx_queue *q)
{
	q->asleep.next = NULL;
	atomic_init(&q->head, &q->asleep);
}

/*
 * Push a chain, newest first and oldest last.  True when the consumer is
 * asleep and the caller must wake it.
 */
static inline bool
rx_queue_push(struct rx_queue *q, struct rx_node *newest,
    struct rx_node *oldest)
{
	struct rx_node *head = atomic_load_explicit(&q->head,
	    memory_order_relaxed);

	do {
		oldest->next = head == &q->asleep ? NULL : head;
	} while (!atomic_compare_exchange_weak(&q->head, &head, newest));
	return head == &q->asleep;
}

/* Consumer: take all there is, oldest first. */
static inline struct rx_node *
rx_queue_take(struct rx_queue *q)
{
	struct rx_node *n = atomic_exchange(&q->head, NULL);
	struct rx_node *list = NULL, *next;

	if (n == &q->asleep)
		return NULL;
	for (; n != NULL; n = next) {
		next = n->next;
		n->next = list;
		list = n;
	}
	return list;
}

/* Consumer: announce that it sleeps.  False when there is something. */
static inline bool
rx_queue_sleep(struct rx_queue *q)
{
	struct rx_node *none = NULL;

	return atomic_compare_exchange_strong(&q->head, &none, &q->asleep);
}

/* Anyone: true when the consumer was asleep and the caller must wake it. */
static inline bool
rx_queue_rouse(struct rx_queue *q)
{
	struct rx_node *asleep = &q->asleep;

	return atomic_compare_exchange_strong(&q->head, &asleep, NULL);
}

/* A plain first-in first-out list of nodes, for one thread. */
struct rx_fifo {
	struct rx_node *first, *last;
};

static inline void
rx_fifo_append(struct rx_fifo *f, struct rx_node *n)
{
	n->next = NULL;
	if (f->first == NULL)
		f->first = n;
	else
		f->last->next = n;
	f->last = n;
}

static inline void
rx_fifo_prepend(struct rx_fifo *f, struct rx_node *n)
{
	n->next = f->first;
	if (f->first == NULL)
		f->last = n;
	f->first = n;
}

static inline struct rx_node *
rx_fifo_pop(struct rx_fifo *f)
{
	struct rx_node *n = f->first;

	if (n != NULL)
		f->first = n->next;
	return n;
}

#endif
