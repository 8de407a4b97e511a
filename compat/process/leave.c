/*
 * The ends of a process that run nothing of atexit().  The CRT's own unload the
 * DLLs, and msvcrt writes out what streams hold then.
 */
#include <stdlib.h>

#include <errno.h>
#include <unistd.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "process/identity.h"

struct entry {
	struct entry *next;
	void (*fn)(void);
};

static struct lock lock;
static struct entry *last;

void
_exit(int status)
{
	process_leave((uint32_t)status);
}

int
at_quick_exit(void (*fn)(void))
{
	struct entry *e = malloc(sizeof(*e));

	if (e == NULL)
		return result(ENOMEM, 0);
	e->fn = fn;
	lock_write(&lock);
	e->next = last;
	last = e;
	unlock_write(&lock);
	return 0;
}

static struct entry *
take(void)
{
	struct entry *e;

	lock_write(&lock);
	if ((e = last) != NULL)
		last = e->next;
	unlock_write(&lock);
	return e;
}

void
quick_exit(int status)
{
	struct entry *e;

	while ((e = take()) != NULL)
		e->fn();
	_exit(status);
}
