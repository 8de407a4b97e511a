/*
 * File objects and what they hold.
 */
#include "support/strict_nt.h"

#include <stdlib.h>

#define HANDLES 65536			/* they are small multiples of 4 */

/* Of ntdll, and in no public header. */
#define FILE_MODE_INFORMATION ((FILE_INFORMATION_CLASS)16)
#define FILE_ACCESS_INFORMATION ((FILE_INFORMATION_CLASS)8)
#define SYNCHRONOUS 0x30		/* FILE_SYNCHRONOUS_IO_* */

static struct object *objects[HANDLES];

static struct object **
slot(HANDLE h)
{
	return &objects[((uintptr_t)h >> 2) % HANDLES];
}

static ULONG
ask(HANDLE h, FILE_INFORMATION_CLASS class, ULONG otherwise)
{
	IO_STATUS_BLOCK iosb;
	ULONG value = 0;

	if (NtQueryInformationFile(h, &iosb, &value, sizeof(value), class) != 0)
		return otherwise;
	return value;
}

static void
put(struct object *o)
{
	struct held *r;

	if (o == NULL || --o->handles > 0)
		return;
	while ((r = o->held) != NULL) {
		o->held = r->next;
		hull_remove(o->hull);
		free(r);
	}
	free(o);
}

static void
object_new(HANDLE h)
{
	struct object *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		abort();
	o->handles = 1;
	o->is_disk = GetFileType(h) == FILE_TYPE_DISK;
	o->is_overlapped = !(ask(h, FILE_MODE_INFORMATION, SYNCHRONOUS) &
	    SYNCHRONOUS);
	o->hull = o->is_disk ? hull_of(h) : 0;
	o->can_lock = (ask(h, FILE_ACCESS_INFORMATION, FILE_READ_DATA) &
	    (FILE_READ_DATA | FILE_WRITE_DATA)) != 0;
	__atomic_store_n(slot(h), o, __ATOMIC_RELEASE);
}

struct object *
object_of(HANDLE h)
{
	if (*slot(h) == NULL)
		object_new(h);
	return *slot(h);
}

struct object *
object_known(HANDLE h)
{
	return __atomic_load_n(slot(h), __ATOMIC_ACQUIRE);
}

void
object_share(HANDLE old, HANDLE new)
{
	struct object *o = object_of(old);

	o->handles++;
	put(*slot(new));
	*slot(new) = o;
}

void
object_close(HANDLE h)
{
	put(*slot(h));
	*slot(h) = NULL;
}

int
held_add(struct object *o, uint64_t off, uint64_t len, int exclusive)
{
	struct held *r;

	if ((r = malloc(sizeof(*r))) == NULL)
		return -1;
	*r = (struct held){ off, len, exclusive, o->held };
	o->held = r;
	return 0;
}

/* The exclusive one first, as NT does. */
int
held_remove(struct object *o, uint64_t off, uint64_t len)
{
	struct held **p, **found = NULL, *r;

	for (p = &o->held; *p != NULL; p = &(*p)->next)
		if ((*p)->off == off && (*p)->len == len &&
		    (found == NULL || (*p)->exclusive))
			found = p;
	if (found == NULL)
		return -1;
	r = *found;
	*found = r->next;
	hull_remove(o->hull);
	free(r);
	return 0;
}
