/*
 * Where locks may be, when all who lock are linked with libstrict.
 *
 * A look at others' locks costs Wine four requests, a transfer one, and with
 * them SQLite's busy handlers give up before a large transaction is done.  So
 * processes that only meet each other keep, in memory that they share, between
 * which two bytes of a file there are locks, and nobody looks elsewhere.
 *
 * Files share an entry if their numbers do, and whoever is killed leaves what
 * it held in it: both make somebody look who had no need to.
 */
#include "support/strict_nt.h"

#include <stdlib.h>

#define FILES 4096

struct hull {
	uint64_t lo, hi;		/* nothing: lo >= hi */
	uint32_t locks;
};

static struct hull *hulls;

void
hull_start(void)
{
	HANDLE h = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE, 0, FILES * sizeof(*hulls),
	    L"Local\\libcompat-test-strict-hulls");

	if (h == NULL || (hulls = MapViewOfFile(h, FILE_MAP_WRITE, 0, 0,
	    FILES * sizeof(*hulls))) == NULL)
		abort();
}

uint32_t
hull_of(HANDLE h)
{
	BY_HANDLE_FILE_INFORMATION info;

	if (hulls == NULL || !GetFileInformationByHandle(h, &info))
		return 0;
	return (info.nFileIndexLow ^ info.nFileIndexHigh ^
	    info.dwVolumeSerialNumber) % FILES;
}

void
hull_add(uint32_t n, uint64_t off, uint64_t len)
{
	struct hull *u = &hulls[n];
	uint64_t end = len > UINT64_MAX - off ? UINT64_MAX : off + len;

	if (hulls == NULL)
		return;
	if (u->locks++ == 0) {
		__atomic_store_n(&u->lo, off, __ATOMIC_SEQ_CST);
		__atomic_store_n(&u->hi, end, __ATOMIC_SEQ_CST);
		return;
	}
	if (off < u->lo)
		__atomic_store_n(&u->lo, off, __ATOMIC_SEQ_CST);
	if (end > u->hi)
		__atomic_store_n(&u->hi, end, __ATOMIC_SEQ_CST);
}

void
hull_remove(uint32_t n)
{
	if (hulls != NULL && --hulls[n].locks == 0)
		__atomic_store_n(&hulls[n].hi, 0, __ATOMIC_SEQ_CST);
}

int
hull_is_apart(uint32_t n, uint64_t off, uint64_t len)
{
	struct hull *u = &hulls[n];

	return hulls != NULL &&
	    (off >= __atomic_load_n(&u->hi, __ATOMIC_SEQ_CST) ||
	    off + len <= __atomic_load_n(&u->lo, __ATOMIC_SEQ_CST));
}
