#include "flock/held.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fd/file.h"
#include "flock/range.h"

/* A lock of the process that gives way to nobody is tried so often. */
#define TRIES 3

static struct lock held_mutex;
static struct held_file *files;
static atomic_int any;

void
held_lock(void)
{
	lock_write(&held_mutex);
}

void
held_unlock(void)
{
	unlock_write(&held_mutex);
}

struct held_file *
held_first(void)
{
	return files;
}

int
held_any(void)
{
	return atomic_load(&any);
}

int
held_find(struct file *f, int make, struct held_file **hfp)
{
	struct held_file *hf;
	struct lock_key key;
	int err;

	*hfp = NULL;
	if (files == NULL && !make)
		return 0;
	if ((err = record_key(f, &key)) != 0)
		return err;
	for (hf = files; hf != NULL; hf = hf->next)
		if (key_equal(&hf->key, &key))
			break;
	if (hf == NULL && make) {
		if ((hf = calloc(1, sizeof(*hf))) == NULL)
			return ENOMEM;
		hf->key = key;
		hf->next = files;
		files = hf;
	}
	*hfp = hf;
	return 0;
}

void
held_sweep(void)
{
	struct held_file **p = &files, *hf;

	while ((hf = *p) != NULL) {
		if (hf->pieces != NULL) {
			p = &hf->next;
			continue;
		}
		*p = hf->next;
		free(hf);
	}
	atomic_store(&any, files != NULL);
}

static int
ask(struct file *via, int type, int64_t start, int64_t end)
{
	int err = range_try(via->handle, type == F_WRLCK, (uint64_t)start,
	    (uint64_t)(end - start) + 1);

	return err == EWOULDBLOCK ? EAGAIN : err;
}

static int
let_go(struct file *via, int64_t start, int64_t end)
{
	return range_unlock(via->handle, (uint64_t)start,
	    (uint64_t)(end - start) + 1);
}

static struct piece *
piece_add(struct held_file *hf, const struct piece *like)
{
	struct piece *p = malloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	*p = *like;
	p->next = hf->pieces;
	hf->pieces = p;
	return p;
}

static void
piece_forget(struct held_file *hf, struct piece *gone)
{
	struct piece **p = &hf->pieces;

	while (*p != gone)
		p = &(*p)->next;
	*p = gone->next;
	free(gone);
}

int
piece_take(struct held_file *hf, struct file *owner, struct file *via,
    int type, int64_t start, int64_t end)
{
	struct piece new = { start, end, type, UNDO_TAKE, owner, via, NULL };
	struct piece *p;
	int err;

	if ((p = piece_add(hf, &new)) == NULL)
		return ENOMEM;
	if ((err = ask(via, type, start, end)) != 0)
		piece_forget(hf, p);
	return err;
}

int
piece_drop(struct held_file *hf, struct piece *p)
{
	int err = let_go(p->via, p->start, p->end);

	if (err == 0)
		piece_forget(hf, p);
	return err;
}

int
piece_probe(struct file *via, int type, int64_t start, int64_t end)
{
	int err = ask(via, type, start, end);

	return err != 0 ? err : let_go(via, start, end);
}

/*
 * NT has nothing under p any more, and is asked for it again.  Who was faster
 * than we has it now: then at least for reading, or p is gone.
 */
static int
retake(struct held_file *hf, struct piece *p)
{
	int err = EAGAIN, n;

	for (n = 0; n < TRIES && err == EAGAIN; n++)
		err = ask(p->via, p->type, p->start, p->end);
	if (err == 0)
		return 0;
	if (p->type == F_WRLCK && ask(p->via, F_RDLCK, p->start, p->end) == 0)
		p->type = F_RDLCK;
	else
		piece_forget(hf, p);
	return ENOLCK;
}

/* The shared lock goes first, or NT would see it in the way. */
static int
upgrade(struct held_file *hf, struct piece *p)
{
	int err;

	if ((err = let_go(p->via, p->start, p->end)) != 0)
		return err;
	if ((err = ask(p->via, F_WRLCK, p->start, p->end)) == 0) {
		p->type = F_WRLCK;
		return 0;
	}
	return retake(hf, p) != 0 ? ENOLCK : err;
}

/* In one step: shared upon exclusive, and one unlock takes that away. */
static int
downgrade(struct piece *p)
{
	int err;

	if ((err = ask(p->via, F_RDLCK, p->start, p->end)) != 0)
		return err;
	if ((err = let_go(p->via, p->start, p->end)) == 0)
		p->type = F_RDLCK;
	return err;
}

/* The lock that was split is exclusive, and its parts are shared now. */
static int
regain(struct held_file *hf, struct piece *p)
{
	int err = EAGAIN, n;

	for (n = 0; n < TRIES && err == EAGAIN; n++)
		err = upgrade(hf, p);
	return err == EAGAIN ? ENOLCK : err;
}

/* Both parts for reading, on top of p. */
static int
stack(const struct piece *p, int64_t at)
{
	int err;

	if ((err = ask(p->via, F_RDLCK, p->start, at - 1)) != 0)
		return err;
	if ((err = ask(p->via, F_RDLCK, at, p->end)) != 0)
		(void)let_go(p->via, p->start, at - 1);
	return err;
}

/*
 * Cut p in two before `at`.  NT unlocks only what it locked, so the parts are
 * locked for reading above p, which then goes: no other writer gets in.  The
 * parts of an exclusive lock have to be asked for again as such.
 */
static int
split(struct held_file *hf, struct piece *p, int64_t at, struct piece **rest)
{
	struct piece *q;
	int err, err2;

	if ((q = piece_add(hf, p)) == NULL)
		return ENOMEM;
	if ((err = stack(p, at)) != 0 ||
	    (err = let_go(p->via, p->start, p->end)) != 0) {
		piece_forget(hf, q);
		return err;
	}
	q->start = at;
	p->end = at - 1;
	*rest = q;
	if (p->type == F_RDLCK)
		return 0;
	p->type = q->type = F_RDLCK;
	err = regain(hf, p);
	err2 = regain(hf, q);
	return err != 0 ? err : err2;
}

int
piece_change(struct held_file *hf, struct piece *p, int64_t start,
    int64_t end, int type)
{
	struct piece *rest;
	int err;

	if (p->start < start) {
		if ((err = split(hf, p, start, &rest)) != 0)
			return err;
		p = rest;
	}
	if (p->end > end && (err = split(hf, p, end + 1, &rest)) != 0)
		return err;
	if (type == F_UNLCK)
		return piece_drop(hf, p);
	if (type == F_RDLCK)
		return downgrade(p);
	if ((err = upgrade(hf, p)) == 0)
		p->undo = UNDO_UPGRADE;
	return err;
}
