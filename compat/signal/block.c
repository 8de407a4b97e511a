#include "signal/block.h"

#include <errno.h>
#include <fcntl.h>

#include "signal/wait.h"
#include "socket/event_nt.h"

/* Lock held: about to wait; block_wake() sets the event from now on. */
static int
prepare(struct blocked *b)
{
	int err = 0;

	if (b->event == 0)
		err = event_new(1, &b->event);
	if (err == 0) {
		event_reset(b->event);
		b->count++;
	}
	return err;
}

/* Block once: EAGAIN to try again, or the end. */
static int
wait_once(struct blocked *b, struct lock *lock)
{
	int err = sig_wait(b->event, -1);

	lock_write(lock);
	b->count--;
	unlock_write(lock);
	if (err == EINTR)
		err = sig_interrupt();
	return err == 0 ? EAGAIN : err;
}

int
block_until(struct blocked *b, struct file *f, struct lock *lock,
    int (*attempt)(void *), void *arg)
{
	int err, blocks;

	do {
		lock_write(lock);
		err = attempt(arg);
		blocks = err == EAGAIN && (file_flags(f) & O_NONBLOCK) == 0;
		if (blocks && (err = prepare(b)) != 0)
			blocks = 0;
		unlock_write(lock);
		if (blocks)
			err = wait_once(b, lock);
	} while (blocks && err == EAGAIN);
	return err;
}

void
block_wake(struct blocked *b)
{
	if (b->count > 0)
		event_set(b->event);
}

void
block_free(struct blocked *b)
{
	if (b->event != 0)
		event_free(b->event);
}
