/* madvise, mlock and their relatives. */
#include <sys/mman.h>

#include <errno.h>

#include "fd/result.h"
#include "mman/map.h"

static int
range_of(const void *addr, size_t len, struct range *r)
{
	r->start = (uintptr_t)addr;
	if ((r->start & (PAGE - 1)) || len > (size_t)INTPTR_MAX ||
	    r->start + ROUND_UP(len, PAGE) < r->start)
		return EINVAL;
	r->end = r->start + ROUND_UP(len, PAGE);
	return 0;
}

int
madvise(void *addr, size_t len, int advice)
{
	struct range r;
	int err;

	if ((err = range_of(addr, len, &r)) != 0)
		return result(err, 0);
	switch (advice) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_FREE:
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
		err = map_check(r.start, r.end);
		break;
	case MADV_DONTNEED:
		err = map_discard(r.start, r.end);
		break;
	default:
		err = EINVAL;
	}
	return result(err, 0);
}

/* Unlike madvise: no advice changes contents, and errno stays alone. */
int
posix_madvise(void *addr, size_t len, int advice)
{
	struct range r;
	int err;

	if (advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED)
		return EINVAL;
	if ((err = range_of(addr, len, &r)) != 0)
		return err;
	return map_check(r.start, r.end);
}

/* Linux rounds the address down; POSIX lets it. */
static int
lock_range(const void *addr, size_t len, int (*fn)(uintptr_t, size_t))
{
	uintptr_t start = ROUND_DOWN((uintptr_t)addr, PAGE), end;
	int err;

	if (len > (size_t)INTPTR_MAX || (uintptr_t)addr + len < start)
		return EINVAL;
	end = ROUND_UP((uintptr_t)addr + len, PAGE);
	if (end == start)
		return 0;
	if ((err = map_check(start, end)) != 0)
		return err;
	return fn(start, end - start);
}

int
mlock(const void *addr, size_t len)
{
	return result(lock_range(addr, len, pages_lock), 0);
}

int
munlock(const void *addr, size_t len)
{
	return result(lock_range(addr, len, pages_unlock), 0);
}

/* NT has nothing that would keep a whole process in memory: LIM-MMAP-5. */
int
mlockall(int flags)
{
	return result(flags == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE |
	    MCL_ONFAULT)) || flags == MCL_ONFAULT ? EINVAL : ENOSYS, 0);
}

/* Nothing was locked by mlockall, and munlock is there for the rest. */
int
munlockall(void)
{
	return result(ENOSYS, 0);
}
