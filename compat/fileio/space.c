#include "fileio/space.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fileio/disk.h"
#include "fileio/io.h"

int
space_seek(uintptr_t handle, off_t off, int hole, off_t *result)
{
	off_t end, size, start;
	int err;

	if ((err = handle_size(handle, &size)) != 0)
		return err;
	if (off < 0 || off >= size)
		return ENXIO;
	for (;;) {
		if ((err = space_data(handle, off, size, &start, &end)) != 0)
			return err;
		if (!hole) {
			*result = start;
			return start < size ? 0 : ENXIO;
		}
		if (start > off || off >= size) {
			*result = off;
			return 0;
		}
		off = end;
		if (off >= size) {
			*result = size;
			return 0;
		}
	}
}

static int
write_zeros(struct disk_file *d, off_t off, off_t end)
{
	static const char zeros[65536];
	size_t n, put;
	int err;

	for (; off < end; off += (off_t)put) {
		n = end - off < (off_t)sizeof(zeros) ? (size_t)(end - off) :
		    sizeof(zeros);
		if ((err = disk_write(d->f.handle, zeros, n, (uint64_t)off,
		    &put)) != 0)
			return err;
	}
	return 0;
}

/* What another thread writes into the hole meanwhile may be lost. */
static int
fill_holes(struct disk_file *d, off_t off, off_t end)
{
	off_t data, next;
	int err;

	for (; off < end; off = next) {
		if ((err = space_data(d->f.handle, off, end, &data,
		    &next)) != 0 ||
		    (err = write_zeros(d, off, data)) != 0)
			return err;
	}
	return 0;
}

static int
zero_range(struct disk_file *d, off_t off, off_t end)
{
	int err;

	err = space_zero(d->f.handle, off, end);
	return err == EOPNOTSUPP ? write_zeros(d, off, end) : err;
}

int
space_allocate(struct disk_file *d, int mode, off_t off, off_t len)
{
	int keep = mode & FALLOC_FL_KEEP_SIZE;
	off_t end = off + len, inside, size;
	int err;

	if ((err = handle_size(d->f.handle, &size)) != 0)
		return err;
	inside = end < size ? end : size;
	if (mode & FALLOC_FL_PUNCH_HOLE)
		return off < inside ? space_punch(d->f.handle, off, inside) : 0;
	/* NT's reservations past the end can cut the file: LIM-IO-2. */
	if (keep && end > size)
		return EOPNOTSUPP;
	if ((mode & FALLOC_FL_ZERO_RANGE) && off < inside &&
	    (err = zero_range(d, off, inside)) != 0)
		return err;
	if (end > size && (err = space_extend(d->f.handle, end)) != 0)
		return err;
	return fill_holes(d, off, end);
}
