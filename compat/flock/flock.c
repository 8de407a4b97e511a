#include "flock/flock.h"

#include <sys/file.h>

#include <errno.h>
#include <stddef.h>

#include "flock/range.h"
#include "flock/turn.h"
#include "signal/wait.h"
#include "time/clock.h"

/* Who waits queues here, exclusively, so that NT's order is an order of all. */
#define GATE_BYTE (FLOCK_BYTE + 1)

/* How long one who wants a shared lock lets others go first: LIM-FLOCK-1. */
#define MANNERS 1000000000		/* ns */

/* A lock of the description that has been asked for, under its lock. */
struct flock_wait {
	struct range_op *op;
	struct flock_wait *next;
};

static int
try_lock(uintptr_t h, int type)
{
	return range_try(h, type == LOCK_EX, FLOCK_BYTE, 1);
}

static int
unlock(uintptr_t h)
{
	return range_unlock(h, FLOCK_BYTE, 1);
}

/*
 * EX to SH is atomic: NT lets the holder stack a shared lock on its exclusive
 * one, and one unlock then takes the exclusive away (LockFileEx: "the first
 * unlock operation unlocks the exclusive lock").  SH to EX is not: NT's own
 * shared lock would be in the way, so it goes first, as on Linux.
 */
static int
convert(struct flock_state *s, uintptr_t h, int type)
{
	int err;

	if (s->held == type)
		return 0;
	if (s->held == LOCK_EX) {
		if (!s->stacked && (err = try_lock(h, LOCK_SH)) != 0)
			return err;
		s->stacked = 1;
		if ((err = unlock(h)) == 0) {
			s->stacked = 0;
			s->held = LOCK_SH;
		}
		return err;
	}
	if (s->held == LOCK_SH) {
		if ((err = unlock(h)) != 0)
			return err;
		s->held = 0;
	}
	if ((err = try_lock(h, type)) == 0)
		s->held = type;
	return err;
}

static int
release(struct flock_state *s, uintptr_t h)
{
	int err = 0;

	lock_write(&s->lock);
	if (s->stacked && (err = unlock(h)) == 0) {
		s->stacked = 0;
		s->held = LOCK_SH;
	}
	if (err == 0 && s->held != 0 && (err = unlock(h)) == 0)
		s->held = 0;
	unlock_write(&s->lock);
	return err;
}

/*
 * Another thread may wait for a lock of the same description: a new one is in
 * its way, and it has to convert that instead.
 */
static void
wake_others(struct flock_state *s)
{
	struct flock_wait *w;

	for (w = s->waits; w != NULL; w = w->next)
		range_cancel(w->op);
}

static int
attempt(struct flock_state *s, uintptr_t h, int type)
{
	int err;

	lock_write(&s->lock);
	if ((err = convert(s, h, type)) == 0)
		wake_others(s);
	unlock_write(&s->lock);
	return err;
}

/*
 * Granted while we waited.  Another thread may have found that before us, and
 * have put a shared lock of the description upon it: it has converted ours,
 * which is the one that NT unlocks first.
 */
static int
granted(struct flock_state *s, uintptr_t h, int type)
{
	if (s->held != 0)
		return unlock(h);
	s->held = type;
	wake_others(s);
	return 0;
}

static void
forget(struct flock_state *s, struct flock_wait *w)
{
	struct flock_wait **p = &s->waits;

	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
}

/* One try, and one wait.  EAGAIN: try again. */
static int
wait_once(struct flock_state *s, uintptr_t h, int type, int64_t *pause)
{
	struct flock_wait w = { NULL, NULL };
	int err;

	if ((err = attempt(s, h, type)) != EWOULDBLOCK)
		return err;
	lock_write(&s->lock);
	err = s->held != 0 ? EAGAIN : s->synchronous ? ENOSYS :
	    range_start(h, type == LOCK_EX, FLOCK_BYTE, 1, &w.op);
	if (err == 0)
		s->held = type;
	if (err == EINPROGRESS) {
		w.next = s->waits;
		s->waits = &w;
	}
	unlock_write(&s->lock);
	if (err == ENOSYS)
		return (err = range_pause(pause, -1)) == 0 ? EAGAIN : err;
	if (err != EINPROGRESS)
		return err;
	err = range_wait(w.op, -1);
	lock_write(&s->lock);
	forget(s, &w);
	if (err == 0)
		err = granted(s, h, type);
	unlock_write(&s->lock);
	range_free(w.op);
	return err == ECANCELED ? EAGAIN : err;
}

/* The gate is ours, or ETIMEDOUT, EINTR, or what NT said. */
static int
gate_enter(struct flock_state *s, uintptr_t h, int64_t deadline)
{
	struct range_op *op = NULL;
	int64_t pause = 0;
	int err;

	while ((err = range_try(h, 1, GATE_BYTE, 1)) == EWOULDBLOCK) {
		err = s->synchronous ? ENOSYS :
		    range_start(h, 1, GATE_BYTE, 1, &op);
		if (err == EINPROGRESS) {
			err = range_wait(op, deadline);
			range_free(op);
		}
		if (err != ENOSYS || (err = range_pause(&pause, deadline)) != 0)
			break;
	}
	return err;
}

/*
 * First the gate, then the lock: new ones line up behind whoever waits for the
 * lock, where readers would otherwise get in for ever before a writer.  But a
 * reader has to wait for a writer only as a matter of manners, and one who
 * does so while he holds the lock by another description, or somebody does
 * who waits for him, would wait for himself: so he loses patience.
 */
static int
queue(struct flock_state *s, uintptr_t h, int type)
{
	int64_t pause = 0;
	int err, gate;

	err = gate_enter(s, h, type == LOCK_EX ? -1 : clock_deadline(MANNERS));
	gate = err == 0;
	if (err == 0 || (err == ETIMEDOUT && type == LOCK_SH)) {
		do {
			err = wait_once(s, h, type, &pause);
		} while (err == EAGAIN);
	}
	if (gate)
		(void)range_unlock(h, GATE_BYTE, 1);
	return err;
}

/* Only who has nothing yet: to give up the exclusive lock is to let go. */
static int
must_queue(struct flock_state *s, uintptr_t h, int type)
{
	atomic_uint *turn;
	int held;

	if (type != LOCK_SH)
		return 0;
	lock_read(&s->lock);
	held = s->held;
	unlock_read(&s->lock);
	if (held != 0)
		return 0;
	if ((turn = atomic_load(&s->turn)) == NULL) {
		turn = turn_of(h);
		atomic_store(&s->turn, turn);
	}
	return atomic_load(turn) != 0;
}

/* A writer is counted while he waits. */
static int
wait_turn(struct flock_state *s, uintptr_t h, int type)
{
	atomic_uint *turn = turn_of(h);
	int err;

	for (;;) {
		if (type == LOCK_EX)
			(void)atomic_fetch_add(turn, 1);
		err = queue(s, h, type);
		if (type == LOCK_EX)
			(void)atomic_fetch_sub(turn, 1);
		if (err != EINTR || (err = sig_interrupt()) != 0)
			return err;
	}
}

int
flock_handle(struct flock_state *s, uintptr_t handle, int op)
{
	int err, type = op & ~LOCK_NB;

	if (op & LOCK_UN)
		return release(s, handle);
	if ((op & LOCK_NB) || !must_queue(s, handle, type)) {
		err = attempt(s, handle, type);
		if (err != EWOULDBLOCK || (op & LOCK_NB))
			return err;
	}
	return wait_turn(s, handle, type);
}
