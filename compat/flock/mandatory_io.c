#include "flock/mandatory.h"

#include <errno.h>
#include <fcntl.h>

#include "fd/file.h"
#include "fileio/io.h"
#include "flock/held.h"

/*
 * By which description to transfer the first of len bytes at off, referenced,
 * and how many: where the process has an exclusive lock, by the one that holds
 * it, for to NT the other one is a stranger.
 */
static int
route(struct file *f, uint64_t off, size_t *len, struct file **by)
{
	uint64_t stop = off + *len;
	struct held_file *hf;
	struct piece *p;
	int err;

	*by = f;
	held_lock();
	err = held_find(f, 0, &hf);
	for (p = hf != NULL ? hf->pieces : NULL; p != NULL; p = p->next) {
		if (p->type != F_WRLCK || p->owner != NULL ||
		    (uint64_t)p->end < off || (uint64_t)p->start >= stop)
			continue;
		if ((uint64_t)p->start > off) {
			stop = (uint64_t)p->start;
			continue;
		}
		*by = p->via;
		if ((uint64_t)p->end < stop)
			stop = (uint64_t)p->end + 1;
	}
	file_ref(*by);
	held_unlock();
	*len = (size_t)(stop - off);
	return err;
}

typedef int (*transfer)(struct file *, char *buf, size_t len, uint64_t off,
    size_t *done);

/* Part by part; what was transferred before an error counts. */
static int
each(struct file *f, char *buf, size_t len, uint64_t off, transfer fn,
    size_t *done)
{
	size_t n, part;
	struct file *by;
	int err;

	for (*done = 0; *done < len; *done += n) {
		part = len - *done;
		err = route(f, off + *done, &part, &by);
		n = 0;
		if (err == 0)
			err = fn(by, buf + *done, part, off + *done, &n);
		file_put(by);
		if (err != 0)
			return *done > 0 ? 0 : err;
		if (n == 0)
			break;
	}
	return 0;
}

static int
read_part(struct file *f, char *buf, size_t len, uint64_t off, size_t *done)
{
	return disk_read(f->handle, buf, len, off, done);
}

static int
write_part(struct file *f, char *buf, size_t len, uint64_t off, size_t *done)
{
	return disk_write(f->handle, buf, len, off, done);
}

int
mandatory_read(struct file *f, void *buf, size_t len, uint64_t off,
    size_t *done)
{
	return held_any() ? each(f, buf, len, off, read_part, done) : EBUSY;
}

int
mandatory_write(struct file *f, const void *buf, size_t len, uint64_t off,
    size_t *done)
{
	/* Only read from. */
	return held_any() ? each(f, (char *)(uintptr_t)buf, len, off,
	    write_part, done) : EBUSY;
}
