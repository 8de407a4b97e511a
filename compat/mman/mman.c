#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "mman/map.h"

#define KNOWN_FLAGS (MAP_TYPE | MAP_FIXED | MAP_FIXED_NOREPLACE |	\
    MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE | MAP_STACK |		\
    MAP_LOCKED | MAP_NONBLOCK | MAP_DENYWRITE | MAP_EXECUTABLE)

#define KNOWN_PROT (PROT_READ | PROT_WRITE | PROT_EXEC)

/* What a process can have: 47 bits of addresses. */
#define SPACE ((uintptr_t)1 << 47)

static int
check_request(size_t len, int flags, off_t off, const void *addr)
{
	int type = flags & MAP_TYPE;

	if (off & (off_t)(PAGE - 1))
		return EINVAL;
	if (len == 0)
		return EINVAL;
	if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) &&
	    ((uintptr_t)addr & (PAGE - 1)) != 0)
		return EINVAL;
	if (len > SPACE || ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) &&
	    (uintptr_t)addr > SPACE - ROUND_UP(len, PAGE)))
		return ENOMEM;
	if (off < 0 || (uint64_t)off + len > (uint64_t)INT64_MAX)
		return EOVERFLOW;
	if (type == MAP_SHARED_VALIDATE && (flags & ~KNOWN_FLAGS))
		return EOPNOTSUPP;
	return type == MAP_SHARED || type == MAP_PRIVATE ||
	    type == MAP_SHARED_VALIDATE ? 0 : EINVAL;
}

/* In the order in which Linux asks. */
static int
check_file(struct file *f, int prot, int flags)
{
	int mode = file_flags(f) & O_ACCMODE;

	if (mode == O_WRONLY)
		return EACCES;
	if ((flags & MAP_TYPE) != MAP_PRIVATE && (prot & PROT_WRITE) &&
	    mode != O_RDWR)
		return EACCES;
	return f->kind == FILE_DISK ? 0 : ENODEV;
}

static int
map_anon(void *addr, size_t len, int prot, int flags, off_t off,
    uintptr_t *at)
{
	struct map_request q = { .addr = (uintptr_t)addr,
	    .len = ROUND_UP(len, PAGE), .prot = prot, .flags = flags };
	int err;

	if ((err = check_request(len, flags, off, addr)) != 0)
		return err;
	return map_new(&q, at);
}

static int
map_fd(void *addr, size_t len, int prot, int flags, int fd, off_t off,
    uintptr_t *at)
{
	struct map_request q = { .addr = (uintptr_t)addr, .prot = prot,
	    .flags = flags, .off = off };
	struct file *f;
	int err;

	if (off & (off_t)(PAGE - 1))	/* before the descriptor, says Linux */
		return EINVAL;
	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if ((err = check_request(len, flags, off, addr)) == 0 &&
	    (err = check_file(f, prot, flags)) == 0) {
		q.len = ROUND_UP(len, PAGE);
		q.handle = f->handle;
		q.writable = (file_flags(f) & O_ACCMODE) == O_RDWR;
		err = map_new(&q, at);
	}
	file_put(f);
	return err;
}

void *
mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	uintptr_t at = 0;
	int err;

	prot &= KNOWN_PROT;
	err = flags & MAP_ANONYMOUS ?
	    map_anon(addr, len, prot, flags, off, &at) :
	    map_fd(addr, len, prot, flags, fd, off, &at);
	if (err != 0)
		return (void *)(intptr_t)result(err, 0);
	return (void *)at;
}

/* [addr, addr + len) in whole pages: 0, or EINVAL for a bad address. */
static int
range_of(const void *addr, size_t len, int overflow, struct range *r)
{
	r->start = (uintptr_t)addr;
	if (r->start & (PAGE - 1))
		return EINVAL;
	if (len > SPACE || r->start > SPACE - ROUND_UP(len, PAGE))
		return overflow;
	r->end = r->start + ROUND_UP(len, PAGE);
	return 0;
}

int
munmap(void *addr, size_t len)
{
	struct range r;
	int err;

	if ((err = range_of(addr, len, EINVAL, &r)) == 0)
		err = len == 0 ? EINVAL : map_remove(r.start, r.end);
	return result(err, 0);
}

int
mprotect(void *addr, size_t len, int prot)
{
	struct range r;
	int err;

	if ((err = range_of(addr, len, ENOMEM, &r)) == 0)
		err = prot & ~KNOWN_PROT ? EINVAL :
		    map_protect(r.start, r.end, prot);
	return result(err, 0);
}

int
msync(void *addr, size_t len, int flags)
{
	struct range r;
	int err;

	if ((flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE)) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		err = EINVAL;
	else if ((err = range_of(addr, len, ENOMEM, &r)) == 0)
		err = map_sync(r.start, r.end, flags & MS_SYNC);
	return result(err, 0);
}

void *
mremap(void *addr, size_t len, size_t new_len, int flags, ...)
{
	struct range r;
	uintptr_t at = 0;
	int err;

	if ((flags & ~MREMAP_MAYMOVE) || new_len == 0 || len == 0)
		err = EINVAL;		/* MREMAP_FIXED: LIM-MMAP-7 */
	else if (new_len > SPACE)
		err = ENOMEM;
	else if ((err = range_of(addr, len, EINVAL, &r)) == 0)
		err = map_move(r.start, r.end - r.start,
		    ROUND_UP(new_len, PAGE), flags & MREMAP_MAYMOVE, &at);
	if (err != 0)
		return (void *)(intptr_t)result(err, 0);
	return (void *)at;
}
