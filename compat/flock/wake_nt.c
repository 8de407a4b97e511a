/*
 * Waiting for a lock: each waiter's slot in the table has an event, by its
 * number, which whoever unlocks opens and sets.
 */
#include "flock/shared_nt.h"

#include <errno.h>

#include "fd/lock.h"
#include "nt/calls_nt.h"
#include "signal/wait.h"

/* Processes that were in the way of late, so that asking costs one call. */
#define KNOWN 16

static struct {
	struct lock lock;
	unsigned int next;
	struct {
		struct lock_process process;
		HANDLE handle;
	} known[KNOWN];
} watched;

int
shared_seat_take(struct lock_seat *s)
{
	wchar_t name[LOCK_NAME_MAX];
	HANDLE event;

	s->slot = table_reserve(shared_enter(), shared_self());
	shared_leave();
	if (s->slot == 0)
		return ENOLCK;
	shared_name(name, L"waiter", s->slot);
	event = nt.CreateEventW(shared_access(), FALSE, FALSE, name);
	s->event = (uintptr_t)event;
	if (event != NULL)
		return 0;
	shared_seat_give(s);
	return ENOLCK;
}

void
shared_seat_give(const struct lock_seat *s)
{
	if (s->event != 0)
		(void)CloseHandle((HANDLE)s->event);
	table_release(shared_enter(), s->slot);
	shared_leave();
}

/* The own process cannot end before its thread has waited. */
int
shared_wait(const struct lock_seat *s, const struct lock_process *p)
{
	uintptr_t handles[2] = { s->event, 0 };
	int dead = 0, err, n = 1;
	HANDLE h = NULL;

	if (!process_equal(p, shared_self())) {
		if ((h = shared_process(p, &dead)) != NULL)
			handles[n++] = (uintptr_t)h;
		if (dead)
			return 0;
	}
	err = sig_wait_any(handles, n, -1);
	if (h != NULL)
		(void)CloseHandle(h);
	return err;
}

/* An event that is not there any more was that of a process that has died. */
static void
wake(uint32_t slot)
{
	wchar_t name[LOCK_NAME_MAX];
	HANDLE event;

	shared_name(name, L"waiter", slot);
	event = OpenEventW(EVENT_MODIFY_STATE, FALSE, name);
	if (event == NULL)
		return;
	(void)SetEvent(event);
	(void)CloseHandle(event);
}

void
shared_wake(const struct lock_wake *w)
{
	uint32_t i;

	if (!w->any)
		return;
	for (i = 1; i < TABLE_WAITERS; i++)
		if (w->bits[i / 64] >> (i % 64) & 1)
			wake(i);
}

static int
has_ended(HANDLE h)
{
	return WaitForSingleObject(h, 0) == WAIT_OBJECT_0;
}

/* 1, 0, or -1 for one that is not known. */
static int
ask_known(const struct lock_process *p)
{
	int answer = -1, i;

	lock_read(&watched.lock);
	for (i = 0; i < KNOWN; i++)
		if (process_equal(&watched.known[i].process, p)) {
			answer = has_ended(watched.known[i].handle);
			break;
		}
	unlock_read(&watched.lock);
	return answer;
}

static void
make_known(const struct lock_process *p, HANDLE h)
{
	unsigned int i;
	HANDLE old;

	lock_write(&watched.lock);
	i = watched.next++ % KNOWN;
	old = watched.known[i].handle;
	watched.known[i].process = *p;
	watched.known[i].handle = h;
	unlock_write(&watched.lock);
	if (old != NULL)
		(void)CloseHandle(old);
}

int
shared_is_dead(const struct lock_process *p)
{
	int dead = 0;
	HANDLE h;

	if (process_equal(p, shared_self()))
		return 0;
	if ((dead = ask_known(p)) >= 0)
		return dead;
	if ((h = shared_process(p, &dead)) == NULL)
		return dead;
	dead = has_ended(h);
	make_known(p, h);
	return dead;
}
