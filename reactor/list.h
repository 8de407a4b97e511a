/* Doubly linked ring; an element that is in no ring points to itself. */
#ifndef REACTOR_LIST_H
#define REACTOR_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct rx_link {
	struct rx_link *prev, *next;
};

#define RX_OWNER(link, type, member) \
	((type *)(void *)((char *)(link) - offsetof(type, member)))

static inline void
rx_link_init(struct rx_link *l)
{
	l->prev = l->next = l;
}

static inline bool
rx_link_alone(const struct rx_link *l)
{
	return l->next == l;
}

static inline void
rx_link_remove(struct rx_link *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	rx_link_init(l);
}

/* Make l the last of the ring; it leaves the one it was in. */
static inline void
rx_link_append(struct rx_link *ring, struct rx_link *l)
{
	rx_link_remove(l);
	l->prev = ring->prev;
	l->next = ring;
	ring->prev->next = l;
	ring->prev = l;
}

#endif
