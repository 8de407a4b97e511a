#include "fd/placeholder_nt.h"

#include <stdlib.h>

#include "fd/crt.h"
#include "fd/lock.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* Room enough: there are no more placeholders than the CRT has numbers. */
#define HASH (4 * CRT_LIMIT)

static struct lock lock;
static struct placeholder *store;
static _Atomic(struct placeholder *) hash[HASH];

static unsigned int
hash_of(HANDLE h)
{
	return (unsigned int)((uintptr_t)h >> 2) * 2654435761U % HASH;
}

/* Entries are never removed, so a search needs no lock. */
struct placeholder *
placeholder_find(HANDLE h)
{
	struct placeholder *p;
	unsigned int i;

	for (i = hash_of(h); (p = atomic_load_explicit(&hash[i],
	    memory_order_acquire)) != NULL; i = (i + 1) % HASH)
		if (p->handle == h)
			return p;
	return NULL;
}

/* What every placeholder is a duplicate of, opened once and never closed. */
static int
nul_open(HANDLE *h)
{
	static HANDLE nul;

	if (nul == NULL) {
		*h = nt.CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
		    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
		    NULL);
		if (*h == INVALID_HANDLE_VALUE)
			return nt_errno(GetLastError());
		nul = *h;
	}
	*h = nul;
	return 0;
}

static int
make(struct placeholder **pp)
{
	struct placeholder *p;
	HANDLE nul, self = GetCurrentProcess();
	unsigned int i;
	int err;

	if ((err = nul_open(&nul)) != 0)
		return err;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ENOMEM;
	if (!nt.DuplicateHandle(self, nul, self, &p->handle, 0, FALSE,
	    DUPLICATE_SAME_ACCESS)) {
		err = nt_errno(GetLastError());
		free(p);
		return err;
	}
	atomic_init(&p->fd, -1);
	for (i = hash_of(p->handle); atomic_load(&hash[i]) != NULL;
	    i = (i + 1) % HASH)
		;
	atomic_store_explicit(&hash[i], p, memory_order_release);
	*pp = p;
	return 0;
}

int
placeholder_take(struct placeholder **pp)
{
	int err = 0;

	lock_write(&lock);
	if ((*pp = store) != NULL)
		store = store->next;
	else
		err = make(pp);
	unlock_write(&lock);
	return err;
}

void
placeholder_give(struct placeholder *p)
{
	atomic_store(&p->fd, -1);
	lock_write(&lock);
	p->next = store;
	store = p;
	unlock_write(&lock);
}
