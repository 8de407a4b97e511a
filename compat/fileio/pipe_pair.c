#include "fileio/pipe_pair.h"

#include <errno.h>
#include <stdlib.h>

#include "fileio/disk.h"
#include "fileio/pipe_end.h"
#include "process/handoff.h"

int
pair_new(struct pair **pp)
{
	struct pair *p;
	int err;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ENOMEM;
	if ((err = room_new(&p->room)) != 0) {
		free(p);
		return err;
	}
	p->state = &p->own;
	*pp = p;
	return 0;
}

void
pair_free(struct pair *p)
{
	if (p->mutex != 0)
		shared_close(p->section, p->mutex, p->state);
	handle_close(p->room);
	free(p);
}

size_t
pair_room(const struct pair *p)
{
	size_t taken = p->state->taken;

	return taken < PIPE_CAPACITY ? PIPE_CAPACITY - taken : 0;
}

void
pair_set_taken(struct pair *p, size_t taken)
{
	int had = pair_room(p) >= PIPE_ATOMIC, has;

	p->state->taken = (uint32_t)taken;
	has = pair_room(p) >= PIPE_ATOMIC;
	if (had != has)
		room_set(p->room, has);
}

/*
 * Who died with the lock may have counted and not told.  The count itself is
 * made right by the next read, which looks how much there is.
 */
void
pair_lock(struct pair *p)
{
	lock_write(&p->lock);
	if (p->mutex != 0 && shared_lock(p->mutex))
		room_set(p->room, pair_room(p) >= PIPE_ATOMIC);
}

void
pair_unlock(struct pair *p)
{
	if (p->mutex != 0)
		shared_unlock(p->mutex);
	unlock_write(&p->lock);
}

/*
 * Writers that wait know only of this process: they are woken, look, and wait
 * again for all.
 */
int
pair_share(struct pair *p)
{
	uintptr_t section, mutex;
	void *view;
	int err = 0;

	lock_write(&p->lock);
	if (p->mutex == 0 && (err = shared_new(sizeof(*p->state), &section,
	    &mutex, &view)) == 0) {
		p->state = view;
		*p->state = p->own;
		p->section = section;
		p->mutex = mutex;
		room_set(p->room, 1);
	}
	unlock_write(&p->lock);
	return err;
}

int
pair_hand(struct pair *p, struct hand_record *r)
{
	int err;

	if ((err = pair_share(p)) != 0)
		return err;
	r->handle[HAND_EXTRA] = p->section;
	r->handle[HAND_EXTRA + 1] = p->mutex;
	r->handle[HAND_EXTRA + 2] = p->room;
	return 0;
}

int
pair_take(const struct hand_record *r, struct pair **pp)
{
	struct pair *p;
	void *view;
	int err;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ENOMEM;
	p->section = (uintptr_t)r->handle[HAND_EXTRA];
	p->mutex = (uintptr_t)r->handle[HAND_EXTRA + 1];
	p->room = (uintptr_t)r->handle[HAND_EXTRA + 2];
	if ((err = shared_map(p->section, 0, &view)) != 0) {
		free(p);
		return err;
	}
	p->state = view;
	*pp = p;
	return 0;
}
