#include "flock/mandatory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "fd/file.h"
#include "fileio/disk.h"
#include "flock/asking.h"
#include "flock/flock.h"
#include "flock/held.h"
#include "flock/range.h"
#include "process/identity.h"
#include "signal/wait.h"

/* Above it are the bytes of flock, which has nothing to do with records. */
#define LAST (FLOCK_BYTE - 1)

/* What F_LCK_MANDATORY said of a description; 0: nothing. */
enum { ON = 1, OFF = 2 };

/* COMPAT_LOCKS, once it is looked at. */
static int
by_default(void)
{
	static atomic_int way;
	const char *value;

	if (atomic_load(&way) == 0) {
		value = getenv("COMPAT_LOCKS");
		atomic_store(&way, value != NULL &&
		    strcmp(value, "mandatory") == 0 ? ON : OFF);
	}
	return atomic_load(&way);
}

int
mandatory_is_on(struct file *f)
{
	int way;

	if (f->kind != FILE_DISK)
		return 0;
	if ((way = atomic_load(&f->record.mandatory)) == 0)
		way = by_default();
	return way == ON;
}

static int
is_used(struct file *f)
{
	struct held_file *hf;
	struct piece *p;

	for (hf = held_first(); hf != NULL; hf = hf->next)
		for (p = hf->pieces; p != NULL; p = p->next)
			if (p->via == f)
				return 1;
	return 0;
}

int
mandatory_set(struct file *f, int on)
{
	int err = 0;

	if (f->kind != FILE_DISK || (on != 0 && on != 1))
		return EINVAL;
	held_lock();
	if (on != mandatory_is_on(f) && is_used(f))
		err = EBUSY;
	else
		atomic_store(&f->record.mandatory, on ? ON : OFF);
	held_unlock();
	return err;
}

static int
overlaps(const struct piece *p, const struct record *r)
{
	return p->start <= r->end && r->start <= p->end;
}

static int
conflicts(const struct piece *p, const struct record *r,
    const struct file *owner)
{
	return p->owner != owner && overlaps(p, r) &&
	    (p->type == F_WRLCK || r->type == F_WRLCK);
}

/*
 * NT sees no difference between two owners who use one description, so the
 * table has to.
 */
static struct piece *
conflict(struct held_file *hf, const struct record *r,
    const struct file *owner)
{
	struct piece *p;

	for (p = hf->pieces; p != NULL; p = p->next)
		if (conflicts(p, r, owner))
			return p;
	return NULL;
}

/*
 * The next part of r, from *at on, under which owner has nothing; *at is then
 * behind it.  0 when there is none.
 */
static int
next_gap(struct held_file *hf, const struct record *r,
    const struct file *owner, int64_t *at, struct record *gap)
{
	struct piece *p;
	int moved;

	do {
		moved = 0;
		for (p = hf->pieces; p != NULL; p = p->next)
			if (p->owner == owner && p->start <= *at &&
			    *at <= p->end && *at <= r->end) {
				*at = p->end + 1;
				moved = 1;
			}
	} while (moved);
	if (*at > r->end)
		return 0;
	*gap = *r;
	gap->start = *at;
	for (p = hf->pieces; p != NULL; p = p->next)
		if (p->owner == owner && p->start > *at &&
		    p->start <= gap->end)
			gap->end = p->start - 1;
	*at = gap->end + 1;
	return 1;
}

/* The request is granted, or all is as it was. */
static void
settle(struct held_file *hf, int granted)
{
	struct piece *p, *next;
	enum piece_undo undo;

	for (p = hf->pieces; p != NULL; p = next) {
		next = p->next;
		undo = p->undo;
		p->undo = UNDO_NOTHING;
		if (granted || undo == UNDO_NOTHING)
			continue;
		if (undo == UNDO_TAKE)
			(void)piece_drop(hf, p);
		else
			(void)piece_change(hf, p, p->start, p->end, F_RDLCK);
	}
}

static int
take_gaps(struct held_file *hf, struct file *f, const struct record *r,
    struct file *owner)
{
	struct record gap;
	int64_t at = r->start;
	int err = 0;

	while (err == 0 && next_gap(hf, r, owner, &at, &gap))
		err = piece_take(hf, owner, f, r->type, gap.start, gap.end);
	return err;
}

/* The first of the owner's pieces under r that is of another type. */
static struct piece *
other_type(struct held_file *hf, const struct record *r,
    const struct file *owner)
{
	struct piece *p;

	for (p = hf->pieces; p != NULL; p = p->next)
		if (p->owner == owner && overlaps(p, r) && p->type != r->type)
			return p;
	return NULL;
}

/* All under r that the owner has becomes r's type, or is gone. */
static int
change_all(struct held_file *hf, const struct record *r, struct file *owner)
{
	struct piece *p;
	int64_t end, start;
	int err = 0;

	while (err == 0 && (p = other_type(hf, r, owner)) != NULL) {
		start = p->start > r->start ? p->start : r->start;
		end = p->end < r->end ? p->end : r->end;
		err = piece_change(hf, p, start, end, r->type);
	}
	return err;
}

/* The range as NT has it, or EINVAL. */
static int
clip(struct record *r)
{
	if (r->start > LAST)
		return EINVAL;
	if (r->end > LAST)
		r->end = LAST;
	return 0;
}

static int
try_record(struct file *f, const struct record *r)
{
	struct file *owner = r->ofd ? f : NULL;
	struct held_file *hf;
	int err;

	held_lock();
	if ((err = held_find(f, r->type != F_UNLCK, &hf)) == 0 && hf != NULL) {
		if (r->type != F_UNLCK && conflict(hf, r, owner) != NULL)
			err = EAGAIN;
		if (err == 0 && r->type != F_UNLCK)
			err = take_gaps(hf, f, r, owner);
		if (err == 0)
			err = change_all(hf, r, owner);
		settle(hf, err == 0);
	}
	held_sweep();
	held_unlock();
	return err;
}

/*
 * NT lets one wait for a range, but not for the others to go away from under
 * one's own shared lock, nor for several ranges at once: so try.
 */
static int
mandatory_lock(struct file *f, const struct record *asked, int wait)
{
	struct record r = *asked;
	int64_t pause = 0;
	int err;

	if ((err = clip(&r)) != 0)
		return err;
	for (;;) {
		if ((err = try_record(f, &r)) != EAGAIN || !wait)
			return err;
		err = range_pause(&pause, -1);
		if (err == EINTR)
			err = sig_interrupt();
		if (err != 0)
			return err;
	}
}

/*
 * Is there a foreign lock in gap: 0, or EAGAIN with its type.  A shared lock
 * of ours finds an exclusive one, and misleads nobody who asks in this way;
 * SQLite's own VFS for NT does so, and takes a lock that it meets for a writer,
 * whose journal is not to be rolled back.  Only an exclusive one finds a shared
 * lock: it is tried on what the file has, and not behind its end, where SQLite
 * has that byte (LIM-MAND-2).
 */
static int
ask(struct file *f, const struct record *gap, int want, int *type)
{
	int64_t end = gap->end;
	off_t size;
	int err;

	*type = F_WRLCK;
	if ((err = piece_probe(f, F_RDLCK, gap->start, gap->end)) != 0 ||
	    want != F_WRLCK)
		return err;
	if ((err = handle_size(f->handle, &size)) != 0)
		return err;
	if (end >= size)
		end = size - 1;
	*type = F_RDLCK;
	return end < gap->start ? 0 :
	    piece_probe(f, F_WRLCK, gap->start, end);
}

/* Ask NT, range by range, for what the table does not know. */
static int
probe(struct held_file *hf, struct file *f, struct record *r,
    struct file *owner)
{
	struct held_file none = { .pieces = NULL };
	struct record gap;
	int64_t at = r->start;
	int err, type;

	if ((err = asking_begin()) != 0)
		return err;
	while (next_gap(hf != NULL ? hf : &none, r, owner, &at, &gap))
		if ((err = ask(f, &gap, r->type, &type)) != 0)
			break;
	asking_end();
	if (err == EAGAIN) {
		*r = gap;
		r->type = type;
		r->pid = -1;
		return 0;
	}
	if (err == 0)
		r->type = F_UNLCK;
	return err;
}

static int
mandatory_test(struct file *f, struct record *r)
{
	struct file *owner = r->ofd ? f : NULL;
	struct held_file *hf;
	struct piece *p;
	int err;

	if ((err = clip(r)) != 0)
		return err;
	held_lock();
	if ((err = held_find(f, 0, &hf)) != 0)
		goto unlock;
	if (hf != NULL && (p = conflict(hf, r, owner)) != NULL) {
		r->type = p->type;
		r->start = p->start;
		r->end = p->end == LAST ? RECORD_END : p->end;
		r->pid = p->owner == NULL ? process_id() : -1;
	} else {
		err = probe(hf, f, r, owner);
		if (r->end == LAST)
			r->end = RECORD_END;
	}
unlock:
	held_unlock();
	return err;
}

/* What owner has, or what f's handle has, which is about to go. */
static void
drop(struct held_file *hf, const struct file *owner, const struct file *via)
{
	struct piece *p, *next;

	for (p = hf->pieces; p != NULL; p = next) {
		next = p->next;
		if (via != NULL ? p->via == via : p->owner == owner)
			(void)piece_drop(hf, p);
	}
}

static void
mandatory_closed(struct file *f)
{
	struct held_file *hf;

	if (f->kind != FILE_DISK || !held_any())
		return;
	held_lock();
	if (held_find(f, 0, &hf) == 0 && hf != NULL) {
		drop(hf, NULL, NULL);
		held_sweep();
	}
	held_unlock();
}

static void
mandatory_freed(struct file *f)
{
	struct held_file *hf;

	if (f->kind != FILE_DISK || !held_any())
		return;
	held_lock();
	for (hf = held_first(); hf != NULL; hf = hf->next)
		drop(hf, NULL, f);
	held_sweep();
	held_unlock();
}

const struct record_ops record_mandatory = {
	.lock = mandatory_lock,
	.test = mandatory_test,
	.any = held_any,
	.closed = mandatory_closed,
	.freed = mandatory_freed,
};
