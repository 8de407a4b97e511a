/*
 * Record locks as POSIX has them: they bind who asks for one, and nobody else.
 */
#include "flock/record.h"

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/file.h"
#include "flock/shared.h"
#include "signal/wait.h"

/*
 * A description's flock, where NT has no byte to lock: before all that record
 * locks can be, and not so near that one of them from 0 on would abut it.
 */
#define FLOCK_PLACE (-2)

/* Of how many files the process has locks: mostly none, and close is cheap. */
static atomic_int files_locked;

/* Descriptions are numbered when they lock first; a number is used once. */
static atomic_uint_least64_t last_ofd;

static uint64_t
ofd_number(struct file *f)
{
	uint64_t now = atomic_load(&f->record.ofd), new;

	if (now != 0)
		return now;
	new = atomic_fetch_add(&last_ofd, 1) + 1;
	if (atomic_compare_exchange_strong(&f->record.ofd, &now, new))
		now = new;
	return now;
}

/* Asked of NT once for each description. */
int
record_key(struct file *f, struct lock_key *key)
{
	struct record_state *s = &f->record;
	int err = 0;

	lock_write(&s->lock);
	if (!s->has_key && (err = shared_key(f->handle, &s->key)) == 0)
		s->has_key = 1;
	*key = s->key;
	unlock_write(&s->lock);
	return err;
}

static int
request(struct file *f, const struct record *r, struct lock_request *q)
{
	int err;

	if (f->kind != FILE_DISK && f->kind != FILE_DIR)
		return EINVAL;
	if ((err = shared_open()) != 0 || (err = record_key(f, &q->key)) != 0)
		return err;
	q->owner.process = *shared_self();
	q->owner.ofd = r->ofd ? ofd_number(f) : 0;
	q->type = r->type;
	q->start = r->start;
	q->end = r->end;
	return 0;
}

static void
purge(const struct lock_process *p)
{
	table_purge(shared_enter(), p);
	shared_leave();
}

/* The table is full: of what processes that have died left?  0 or ENOLCK. */
static int
purge_all(void)
{
	struct lock_process p;
	uint32_t cursor;
	int err = ENOLCK, found;

	for (cursor = 1;; cursor++) {
		found = table_next_process(shared_enter(), &cursor, &p);
		shared_leave();
		if (!found)
			return err;
		if (shared_is_dead(&p)) {
			purge(&p);
			err = 0;
		}
	}
}

static int
set(struct lock_table *t, const struct lock_request *q,
    struct lock_request *found, struct lock_wake *wake)
{
	int err, holders = 0;

	if ((err = table_lock(t, q, found, &holders)) != 0)
		return err;
	if (q->owner.ofd == 0)
		(void)atomic_fetch_add(&files_locked, holders);
	if (q->type != F_WRLCK)
		table_wake(t, q, wake);
	return 0;
}

/* EAGAIN: found is in the way, and its process is alive. */
static int
try_lock(const struct lock_request *q)
{
	struct lock_wake wake = { .any = 0 };
	struct lock_request found;
	int err, full = 0;

	for (;;) {
		err = set(shared_enter(), q, &found, &wake);
		shared_leave();
		if (err == EAGAIN && shared_is_dead(&found.owner.process))
			purge(&found.owner.process);
		else if (err == ENOLCK && !full++ && purge_all() == 0)
			continue;
		else
			break;
	}
	shared_wake(&wake);
	return err;
}

/*
 * The others on the way to ourselves: when one has died, it waits for nobody,
 * and its locks are gone.
 */
static int
is_real(const struct lock_process *path, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (shared_is_dead(&path[i])) {
			purge(&path[i]);
			return 0;
		}
	return 1;
}

/*
 * One turn of waiting: 0, ENOLCK, EDEADLK, EINTR, or EAGAIN for one more.
 * Whoever is in the way is looked up and waited for in one go, so that its
 * unlocking cannot fall in between.
 */
static int
wait_turn(const struct lock_request *q, const struct lock_seat *seat)
{
	struct lock_process path[TABLE_WAITERS];
	struct lock_wake wake = { .any = 0 };
	struct lock_table *t = shared_enter();
	struct lock_request found;
	int err, n = 0;

	err = set(t, q, &found, &wake);
	if (err == EAGAIN) {
		n = table_deadlock(t, &q->owner, &found.owner, path);
		if (n == 0)
			table_wait(t, seat->slot, q, &found.owner);
	}
	shared_leave();
	shared_wake(&wake);
	if (err != EAGAIN)
		return err;
	if (n > 0)
		return is_real(path, n) ? EDEADLK : EAGAIN;
	err = shared_wait(seat, &found.owner.process);
	table_unwait(shared_enter(), seat->slot);
	shared_leave();
	if (err == 0 && shared_is_dead(&found.owner.process))
		purge(&found.owner.process);
	return err == 0 ? EAGAIN : err;
}

static int
wait_lock(const struct lock_request *q)
{
	struct lock_seat seat;
	int err;

	if ((err = shared_seat_take(&seat)) != 0 &&
	    (purge_all() != 0 || (err = shared_seat_take(&seat)) != 0))
		return err;
	do {
		err = wait_turn(q, &seat);
		if (err == EINTR && (err = sig_interrupt()) == 0)
			err = EAGAIN;
	} while (err == EAGAIN);
	shared_seat_give(&seat);
	return err;
}

static int
advisory_lock(struct file *f, const struct record *r, int wait)
{
	struct lock_request q;
	int err;

	if ((err = request(f, r, &q)) != 0)
		return err;
	err = try_lock(&q);
	if (err == EAGAIN && wait)
		err = wait_lock(&q);
	return err;
}

/*
 * As on Linux, who has a shared lock and cannot have an exclusive one at once
 * loses the first: two who hold on to theirs would wait for each other.
 */
int
record_flock(struct file *f, int op)
{
	struct record r = { .start = FLOCK_PLACE, .end = FLOCK_PLACE,
	    .ofd = 1 };
	struct lock_request q;
	int err;

	r.type = op & LOCK_UN ? F_UNLCK : op & LOCK_EX ? F_WRLCK : F_RDLCK;
	if ((err = request(f, &r, &q)) != 0)
		return err;
	err = try_lock(&q);
	if (err == EAGAIN && r.type == F_WRLCK) {
		q.type = F_UNLCK;
		(void)try_lock(&q);
		q.type = F_WRLCK;
	}
	if (err == EAGAIN && !(op & LOCK_NB))
		err = wait_lock(&q);
	return err;
}

static int
advisory_test(struct file *f, struct record *r)
{
	struct lock_request q, found;
	int err, held;

	if ((err = request(f, r, &q)) != 0)
		return err;
	for (;;) {
		held = table_conflict(shared_enter(), &q, &found);
		shared_leave();
		if (!held || !shared_is_dead(&found.owner.process))
			break;
		purge(&found.owner.process);
	}
	r->type = F_UNLCK;
	if (held) {
		r->type = found.type;
		r->start = found.start;
		r->end = found.end;
		r->pid = found.owner.ofd != 0 ? -1 :
		    (pid_t)found.owner.process.pid;
	}
	return 0;
}

static void
drop(struct file *f, int ofd)
{
	struct record all = { .type = F_UNLCK, .start = ofd ? FLOCK_PLACE : 0,
	    .end = RECORD_END, .ofd = ofd };
	struct lock_request q;

	if (request(f, &all, &q) == 0)
		(void)try_lock(&q);
}

static int
advisory_any(void)
{
	return atomic_load(&files_locked) > 0;
}

static void
advisory_closed(struct file *f)
{
	if (advisory_any())
		drop(f, 0);
}

static void
advisory_freed(struct file *f)
{
	if (atomic_load(&f->record.ofd) != 0)
		drop(f, 1);
}

const struct record_ops record_advisory = {
	.lock = advisory_lock,
	.test = advisory_test,
	.any = advisory_any,
	.closed = advisory_closed,
	.freed = advisory_freed,
};
