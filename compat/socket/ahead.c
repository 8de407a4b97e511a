#include <sys/socket.h>

#include "socket/ahead.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/lane_nt.h"
#include "fd/share.h"
#include "fileio/iov.h"
#include "poll/afd.h"
#include "socket/sock.h"

/* The least that is asked of malloc(), or of NT. */
#define ROOM_MIN 65536

/*
 * One word says where the bytes are, so that another process which is killed
 * while it has the mutex leaves the one state or the other.
 */
struct ahead_bytes {
	_Atomic uint64_t span;	/* where they begin, and how many there are */
	unsigned char data[];
};

static size_t
span_first(uint64_t span)
{
	return (size_t)(span >> 32);
}

static size_t
span_count(uint64_t span)
{
	return (size_t)(span & UINT32_MAX);
}

/* Another process may have written it: nothing beyond the room is believed. */
static uint64_t
span_of(const struct ahead *a, struct ahead_bytes *b)
{
	const uint64_t span = atomic_load(&b->span);

	return span_first(span) <= a->room &&
	    span_count(span) <= a->room - span_first(span) ? span : 0;
}

static void
span_set(struct ahead_bytes *b, size_t first, size_t count)
{
	atomic_store(&b->span, (uint64_t)first << 32 | count);
}

static struct ahead_bytes *
ahead_lock(struct ahead *a)
{
	lock_write(&a->lock);
	if (a->mutex != 0)
		(void)shared_lock(a->mutex);
	return atomic_load(&a->bytes);
}

static void
ahead_unlock(struct ahead *a)
{
	if (a->mutex != 0)
		shared_unlock(a->mutex);
	unlock_write(&a->lock);
}

size_t
ahead_count(struct socket *s)
{
	struct ahead *a = &s->ahead;
	size_t n;

	if (atomic_load(&a->bytes) == NULL)
		return 0;
	n = span_count(span_of(a, ahead_lock(a)));
	ahead_unlock(a);
	return n;
}

int
ahead_readable(struct socket *s, int *bytes)
{
	struct ahead *a = &s->ahead;
	int err;

	if (atomic_load(&a->bytes) == NULL)
		return nt_sock_readable(s->file.handle, bytes);
	(void)ahead_lock(a);
	if ((err = nt_sock_readable(s->file.handle, bytes)) == 0)
		*bytes += (int)span_count(span_of(a,
		    atomic_load(&a->bytes)));
	ahead_unlock(a);
	return err;
}

/* --- receiving --- */

/*
 * The lock is held.  What NT has behind it is read with it, as far as it is
 * there: an end or an error is for the next call.
 */
static int
recv_ahead(struct socket *s, struct ahead_bytes *b, struct nt_msg *m,
    size_t *done)
{
	const uint64_t span = span_of(&s->ahead, b);
	size_t n = span_count(span), first = span_first(span), more = 0;
	size_t room = iov_total(m->iov, m->iovcnt) - m->skip;
	int left;

	if (n > room)
		n = room;
	iov_scatter(m->iov, m->skip, b->data + first, n);
	if ((m->flags & MSG_PEEK) == 0)
		span_set(b, first + n, span_count(span) - n);
	m->skip += n;
	if (n < room && nt_sock_readable(s->file.handle, &left) == 0 &&
	    left > 0 && nt_sock_recv(s->file.handle, m, &more) != 0)
		more = 0;
	m->skip -= n;
	*done = n + more;
	return 0;
}

int
ahead_recv(struct socket *s, struct nt_msg *m, size_t *done)
{
	struct ahead *a = &s->ahead;
	struct ahead_bytes *b;
	int err;

	atomic_fetch_add(&a->plain, 1);
	if (atomic_load(&a->bytes) == NULL || (m->flags & MSG_OOB) != 0) {
		err = nt_sock_recv(s->file.handle, m, done);
		atomic_fetch_sub(&a->plain, 1);
		return err;
	}
	atomic_fetch_sub(&a->plain, 1);
	b = ahead_lock(a);
	if (span_count(span_of(a, b)) > 0)
		err = recv_ahead(s, b, m, done);
	else
		err = nt_sock_recv(s->file.handle, m, done);
	ahead_unlock(a);
	return err;
}

/* --- reading ahead; the lock is held --- */

/*
 * Another place for the bytes.  Who receives and knows of none yet gets what
 * it finds, before anything is read ahead; nobody blocks there.
 */
static void
publish(struct ahead *a, struct ahead_bytes *b, size_t room)
{
	struct ahead_bytes *old = atomic_exchange(&a->bytes, b);
	unsigned int turn;

	a->room = room;
	free(old);
	for (turn = 0; old == NULL && atomic_load(&a->plain) > 0; turn++)
		lane_pause(turn);
}

/*
 * So that n bytes fit behind those that are there: *first and *count.  What
 * another process writes into the section afterwards is not looked at.
 */
static int
make_room(struct ahead *a, size_t n, size_t *firstp, size_t *countp)
{
	struct ahead_bytes *b = atomic_load(&a->bytes), *more;
	const uint64_t span = b != NULL ? span_of(a, b) : 0;
	size_t first = span_first(span), count = span_count(span), room;

	*firstp = first;
	*countp = count;
	if (b != NULL && first + count + n <= a->room)
		return 0;
	*firstp = 0;
	/* Never over themselves: see struct ahead_bytes. */
	if (b != NULL && count + n <= a->room && first >= count) {
		memcpy(b->data, b->data + first, count);
		span_set(b, 0, count);
		return 0;
	}
	if (a->section != 0)
		return ENOBUFS;
	room = (count + n) * 2;
	if (room < ROOM_MIN)
		room = ROOM_MIN;
	if ((more = malloc(sizeof(*more) + room)) == NULL)
		return ENOMEM;
	if (count > 0)
		memcpy(more->data, b->data + first, count);
	atomic_init(&more->span, count);
	publish(a, more, room);
	return 0;
}

static int
append(struct socket *s, size_t n)
{
	struct ahead *a = &s->ahead;
	struct ahead_bytes *b;
	struct iovec iov;
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	size_t first, count, got;
	int err;

	if ((err = make_room(a, n, &first, &count)) != 0)
		return err;
	b = atomic_load(&a->bytes);
	iov.iov_base = b->data + first + count;
	iov.iov_len = n;
	if ((err = nt_sock_recv(s->file.handle, &m, &got)) == 0)
		span_set(b, first, count + got);
	return err;
}

/*
 * Not beyond the mark of urgent data, which would be lost; they are read as
 * they come.
 */
int
ahead_gather(struct socket *s, size_t want, size_t *count)
{
	struct ahead *a = &s->ahead;
	struct ahead_bytes *b = ahead_lock(a);
	size_t n = b != NULL ? span_count(span_of(a, b)) : 0;
	int all = 0, at_mark = 0, left;

	if (!a->never && nt_sock_readable(s->file.handle, &left) == 0 &&
	    n + (size_t)left < want) {
		if (left > 0 &&
		    nt_sock_at_mark(s->file.handle, &at_mark) != 0)
			at_mark = 1;	/* who knows */
		all = !at_mark && (left == 0 || append(s, (size_t)left) == 0);
	}
	if (all)
		*count = n + (size_t)left;
	ahead_unlock(a);
	if (all && left > 0)
		sock_rouse(s, EPOLLIN);
	return all;
}

uint32_t
ahead_found(struct file *f, uint32_t afd)
{
	struct socket *s = (struct socket *)f;
	size_t mark = (size_t)atomic_load(&s->rcvlowat), n;

	if (mark <= 1 || s->type != SOCK_STREAM || s->un != NULL ||
	    (afd & AFD_IN) == 0 || (afd & ~(AFD_IN | AFD_OUT)) != 0)
		return afd;
	return ahead_gather(s, mark, &n) ? afd & ~AFD_IN : afd;
}

/* --- other processes --- */

/* The lock is held. */
static int
share(struct ahead *a, size_t mark)
{
	struct ahead_bytes *b = atomic_load(&a->bytes), *shared;
	size_t room = a->room, n;
	uintptr_t section, mutex;
	void *view;
	int err;

	if (room < 2 * mark)
		room = 2 * mark;
	if (room < ROOM_MIN)
		room = ROOM_MIN;
	if ((err = shared_new(sizeof(*b) + room, &section, &mutex,
	    &view)) != 0)
		return err;
	shared = view;
	if (b != NULL) {
		n = span_count(atomic_load(&b->span));
		memcpy(shared->data, b->data +
		    span_first(atomic_load(&b->span)), n);
		span_set(shared, 0, n);
	}
	publish(a, shared, room);
	a->section = section;
	a->mutex = mutex;
	return 0;
}

int
ahead_hand(struct socket *s, uint64_t *section, uint64_t *mutex,
    uint32_t *room)
{
	struct ahead *a = &s->ahead;
	const size_t mark = (size_t)atomic_load(&s->rcvlowat);
	int err = 0;

	lock_write(&a->lock);
	if (a->section == 0 && !a->never) {
		if (mark > 1 || atomic_load(&a->bytes) != NULL)
			err = share(a, mark);
		else
			a->never = 1;
	}
	*section = a->section;
	*mutex = a->mutex;
	*room = (uint32_t)a->room;
	unlock_write(&a->lock);
	return err;
}

int
ahead_give_up(struct socket *s)
{
	struct ahead *a = &s->ahead;
	struct ahead_bytes *b = ahead_lock(a);
	int err = 0;

	if (b != NULL && span_count(span_of(a, b)) > 0)
		err = EBUSY;
	else
		a->never = 1;
	ahead_unlock(a);
	return err;
}

int
ahead_join(struct socket *s, uintptr_t section, uintptr_t mutex,
    uint32_t room)
{
	struct ahead *a = &s->ahead;
	void *view;
	int err;

	if (section == 0) {
		a->never = 1;
		return 0;
	}
	if ((err = shared_map(section, sizeof(struct ahead_bytes) + room,
	    &view)) != 0) {
		shared_close(section, mutex, NULL);
		return err;
	}
	a->section = section;
	a->mutex = mutex;
	a->room = room;
	atomic_store(&a->bytes, view);
	return 0;
}

int
ahead_close(struct socket *s)
{
	struct ahead *a = &s->ahead;
	struct ahead_bytes *b = atomic_load(&a->bytes);
	int unread;

	if (b == NULL)
		return 0;
	if (a->section != 0) {
		shared_close(a->section, a->mutex, b);
		return 0;
	}
	unread = span_count(atomic_load(&b->span)) > 0;
	free(b);
	return unread;
}
