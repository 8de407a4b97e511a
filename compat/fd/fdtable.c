#include "fd/fdtable.h"

#include <errno.h>
#include <stdlib.h>

#include "fd/adopt.h"
#include "fd/crt.h"
#include "nt/init.h"
#include "process/inherit.h"

/*
 * A slot is free (f == NULL), ours, or adopted: a number of the CRT, whose
 * handle `handle` the description works on without owning it.
 */
struct slot {
	struct file *f;
	uintptr_t handle;
	int adopted;
	int fdflags;
};

#define CHUNK 1024

/* high: no number from CRT_LIMIT to here is free. */
static struct {
	struct lock lock;
	int high;
	struct slot *chunk[FD_MAX / CHUNK];
} table = { .high = CRT_LIMIT };

static struct slot *
slot_of(int fd)
{
	struct slot *chunk;

	if (fd < 0 || fd >= FD_MAX)
		return NULL;
	chunk = table.chunk[fd / CHUNK];
	return chunk != NULL ? &chunk[fd % CHUNK] : NULL;
}

static int
slot_make(int fd, struct slot **sp)
{
	struct slot **chunk = &table.chunk[fd / CHUNK];

	if (*chunk == NULL && (*chunk = calloc(CHUNK, sizeof(**chunk))) == NULL)
		return ENOMEM;
	*sp = &(*chunk)[fd % CHUNK];
	return 0;
}

static int
is_ours(const struct slot *s)
{
	return s != NULL && s->f != NULL && !s->adopted;
}

/* Does an adopted slot still stand for what the CRT has there? */
static int
is_current(int fd, const struct slot *s)
{
	uintptr_t handle;

	return s != NULL && s->f != NULL && s->adopted &&
	    crt_handle(fd, &handle) == 0 && handle == s->handle &&
	    adopt_same_kind(s->f);
}

/* Take what the slot holds, for the caller to put when the lock is gone. */
static struct file *
slot_take(struct slot *s)
{
	struct file *f = NULL;

	if (s != NULL) {
		f = s->f;
		*s = (struct slot){ 0 };
	}
	return f;
}

static void
put_if(struct file *f)
{
	if (f != NULL)
		file_put(f);
}

/*
 * The same for a descriptor that the process closes: its record locks of the
 * file go with any descriptor of it (POSIX, fcntl).
 */
static void
close_if(struct file *f)
{
	if (f != NULL)
		record_closed(f);
	put_if(f);
}

/*
 * fd is not ours.  When the CRT has it, make a description for its handle, as
 * it is now: the CRT may have closed the number behind our back and opened
 * something else there.
 */
static int
adopt(int fd, struct file **fp)
{
	struct slot *s;
	struct file *stale = NULL;
	uintptr_t handle;
	int err = 0;

	lock_write(&table.lock);
	s = slot_of(fd);
	if (!is_ours(s) && !is_current(fd, s)) {
		stale = slot_take(s);
		if ((err = crt_handle(fd, &handle)) == 0 &&
		    (err = slot_make(fd, &s)) == 0 &&
		    (err = adopt_handle(handle, &s->f)) == 0) {
			s->adopted = 1;
			s->handle = handle;
		}
	}
	if (err == 0) {
		file_ref(s->f);
		*fp = s->f;
	}
	unlock_write(&table.lock);
	put_if(stale);
	return err;
}

int
fd_get(int fd, struct file **fp)
{
	struct slot *s;
	int err = EBADF;

	lock_read(&table.lock);
	s = slot_of(fd);
	if (is_ours(s) || is_current(fd, s)) {
		file_ref(s->f);
		*fp = s->f;
		err = 0;
	}
	unlock_read(&table.lock);
	if (err != 0 && fd >= 0 && fd < CRT_LIMIT)
		err = adopt(fd, fp);
	return err;
}

static int
number_take_high(int min, int *fdp)
{
	int fd;

	for (fd = min > table.high ? min : table.high; fd < FD_MAX; fd++)
		if (!is_ours(slot_of(fd))) {
			if (min <= table.high)
				table.high = fd + 1;
			*fdp = fd;
			return 0;
		}
	return EMFILE;
}

/*
 * Occupy a number that neither table uses.  The CRT hands out its lowest one;
 * numbers below min are kept until the right one has come, then given back.
 */
static int
number_take(int min, int *fdp)
{
	int *surplus = NULL;
	int err = 0, fd = -1, n = 0;

	if (min > 0 && min < CRT_LIMIT &&
	    (surplus = malloc((size_t)min * sizeof(*surplus))) == NULL)
		return ENOMEM;
	while (min < CRT_LIMIT && (err = crt_reserve(&fd)) == 0) {
		if (fd >= min && !is_ours(slot_of(fd)))
			break;
		/*
		 * Below min, or ours already: then someone closed our
		 * placeholder in the CRT, and this one takes its place.
		 */
		if (!is_ours(slot_of(fd)))
			surplus[n++] = fd;
	}
	while (n > 0)
		(void)crt_close(surplus[--n]);
	free(surplus);
	if (min < CRT_LIMIT && err == 0) {
		*fdp = fd;
		return 0;
	}
	if (err != 0 && err != EMFILE)
		return err;
	return number_take_high(min, fdp);
}

static void
number_release(int fd)
{
	if (fd < CRT_LIMIT)
		(void)crt_close(fd);
	else if (fd < table.high)
		table.high = fd;
}

int
fd_install(struct file *f, int min, int fdflags, int *fdp)
{
	struct slot *s;
	struct file *stale = NULL;
	int err, fd;

	if (min < 0 || min >= FD_MAX)
		return EINVAL;
	nt_init();
	inherit_init();
	lock_write(&table.lock);
	if ((err = number_take(min, &fd)) != 0)
		goto unlock;
	if ((err = slot_make(fd, &s)) != 0) {
		number_release(fd);
		goto unlock;
	}
	stale = slot_take(s);	/* adopted once, closed by the CRT since */
	*s = (struct slot){ .f = f, .fdflags = fdflags };
	*fdp = fd;
unlock:
	unlock_write(&table.lock);
	put_if(stale);
	return err;
}

/* Make the free number fd a placeholder, if the CRT has it at all. */
static int
number_take_at(int fd)
{
	uintptr_t handle;
	int err, got;

	if (fd >= CRT_LIMIT)
		return 0;
	if (crt_handle(fd, &handle) == 0)
		return ENOSYS;
	if ((err = number_take(fd, &got)) != 0)
		return err;
	if (got == fd)
		return 0;
	number_release(got);	/* the CRT was faster */
	return EBUSY;
}

int
fd_install_at(struct file *f, int fd, int fdflags)
{
	struct slot *s;
	struct file *old = NULL;
	int err;

	if (fd < 0 || fd >= FD_MAX)
		return EBADF;
	nt_init();
	lock_write(&table.lock);
	if ((err = slot_make(fd, &s)) == 0 &&
	    (is_ours(s) || (err = number_take_at(fd)) == 0)) {
		old = slot_take(s);
		*s = (struct slot){ .f = f, .fdflags = fdflags };
	}
	unlock_write(&table.lock);
	close_if(old);
	return err;
}

/*
 * The number is freed under the lock, placeholder included: in between,
 * another thread would take the placeholder for a file of the CRT.  What is
 * the CRT's is closed by the CRT alone, and after our description of it.
 */
int
fd_close(int fd)
{
	struct slot *s;
	struct file *f;
	int err = 0, ours;

	lock_write(&table.lock);
	s = slot_of(fd);
	ours = is_ours(s);
	f = slot_take(s);
	if (ours)
		number_release(fd);
	unlock_write(&table.lock);
	close_if(f);
	if (!ours)
		err = fd >= 0 && fd < CRT_LIMIT ? crt_close(fd) : EBADF;
	return err;
}

int
fd_is_crt(int fd)
{
	uintptr_t handle;
	int crt;

	lock_read(&table.lock);
	crt = !is_ours(slot_of(fd)) && crt_handle(fd, &handle) == 0;
	unlock_read(&table.lock);
	return crt;
}

int
fd_dup2_crt(int from, int to)
{
	struct file *old = NULL;
	int err;

	if (from == to)
		return 0;
	lock_write(&table.lock);
	old = slot_take(slot_of(to));
	unlock_write(&table.lock);
	close_if(old);
	err = crt_dup2(from, to);
	return err;
}

int
fd_getflags(int fd, int *fdflags)
{
	struct file *f;
	struct slot *s;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	file_put(f);
	lock_read(&table.lock);
	s = slot_of(fd);
	err = s != NULL && s->f != NULL ? 0 : EBADF;
	if (err == 0)
		*fdflags = s->fdflags;
	unlock_read(&table.lock);
	return err;
}

int
fd_setflags(int fd, int fdflags)
{
	struct file *f;
	struct slot *s;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	file_put(f);
	lock_write(&table.lock);
	s = slot_of(fd);
	err = s != NULL && s->f != NULL ? 0 : EBADF;
	if (err == 0)
		s->fdflags = fdflags;
	unlock_write(&table.lock);
	return err;
}

int
fd_install_inherited(struct file *f, int fd)
{
	struct slot *s;
	struct file *old = NULL;
	int err;

	if (fd < 0 || fd >= FD_MAX)
		return EBADF;
	lock_write(&table.lock);
	if ((err = slot_make(fd, &s)) == 0 && !is_ours(s)) {
		err = number_take_at(fd);
		if (err == ENOSYS)
			err = 0;
	}
	if (err == 0) {
		old = slot_take(s);
		*s = (struct slot){ .f = f };
	}
	unlock_write(&table.lock);
	put_if(old);
	return err;
}

/* Could a number from fd on to the end of its chunk be open? */
static int
is_empty(int fd)
{
	return fd >= CRT_LIMIT && slot_of(fd) == NULL;
}

int
fd_next(int fd)
{
	struct file *f;

	while (fd < FD_MAX) {
		if (is_empty(fd)) {
			fd = (fd / CHUNK + 1) * CHUNK;
			continue;
		}
		if (fd_get(fd, &f) == 0) {
			file_put(f);
			return fd;
		}
		fd++;
	}
	return -1;
}
