#include "fd/fdtable.h"

#include <errno.h>
#include <stdlib.h>

#include "fd/adopt.h"
#include "fd/crt.h"
#include "fd/numbers.h"
#include "fd/slot.h"
#include "fd/standard.h"
#include "fd/take.h"
#include "nt/init.h"
#include "process/inherit.h"

#define CHUNK 1024

/* Beside FD_CLOEXEC, and nobody's to change. */
#define INHERITED 0x100

static struct {
	int adopted;		/* slots with an adopted description */
	_Atomic(struct slot *) chunk[FD_MAX / CHUNK];
} table;

static struct slot *
slot_of(int fd)
{
	struct slot *chunk;

	if (fd < 0 || fd >= FD_MAX)
		return NULL;
	chunk = atomic_load_explicit(&table.chunk[fd / CHUNK],
	    memory_order_acquire);
	return chunk != NULL ? &chunk[fd % CHUNK] : NULL;
}

/* Chunks are never freed: a lookup may be in one. */
static int
slot_make(int fd, struct slot **sp)
{
	_Atomic(struct slot *) *chunk = &table.chunk[fd / CHUNK];
	struct slot *new;

	if (atomic_load(chunk) == NULL) {
		if ((new = calloc(CHUNK, sizeof(*new))) == NULL)
			return ENOMEM;
		atomic_store_explicit(chunk, new, memory_order_release);
	}
	*sp = slot_of(fd);
	return 0;
}

static int
is_ours(struct slot *s)
{
	return s != NULL && slot_file(atomic_load(&s->word)) != NULL;
}

/* Does an adopted description still stand for what the CRT has there? */
static int
is_current(int fd, const struct slot *s)
{
	uintptr_t handle;

	return s != NULL && s->adopted != NULL &&
	    crt_handle(fd, &handle) == 0 && handle == s->handle &&
	    adopt_same_kind(s->adopted);
}

/* Take what was adopted, for the caller to put when the lock is gone. */
static struct file *
unadopt(struct slot *s)
{
	struct file *f = NULL;

	if (s != NULL && (f = s->adopted) != NULL) {
		s->adopted = NULL;
		s->handle = 0;
		table.adopted--;
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
	if (f != NULL) {
		record_closed(f);
		if (f->ops->unheld != NULL && atomic_load(&f->refs) > 1 &&
		    !file_is_held(f))
			f->ops->unheld(f);
	}
	put_if(f);
}

/* Lookup ------------------------------------------------------------------ */

/*
 * fd is not ours.  When the CRT has it, make a description for its handle, as
 * it is now: the CRT may have closed the number behind our back and opened
 * something else there.  A placeholder is ours, and being closed or opened just
 * now; or the CRT made it for a duplicate, and the number becomes ours.
 */
static int
adopt(int fd, struct slot *s, struct file **fp)
{
	struct file *f;
	uintptr_t handle;
	int err;

	if ((err = crt_handle(fd, &handle)) != 0)
		return err;
	if (crt_is_placeholder(handle)) {
		if ((f = crt_take_duplicate(handle, fd)) == NULL)
			return EBADF;
		number_use(fd);
		file_ref(f);
		(void)slot_swap(s, f);
		*fp = f;
		return 0;
	}
	if ((err = adopt_handle(handle, &f)) != 0)
		return err;
	s->adopted = f;
	s->handle = handle;
	atomic_store(&s->fdflags, 0);
	table.adopted++;
	file_ref(f);
	*fp = f;
	return 0;
}

static int
get_of_crt(int fd, struct file **fp)
{
	struct slot *s;
	struct file *stale = NULL;
	int err;

	lock_write(&numbers_lock);
	if ((err = slot_make(fd, &s)) != 0)
		goto unlock;
	if ((*fp = slot_get(s)) != NULL)
		goto unlock;		/* it has become ours */
	if (is_current(fd, s)) {
		*fp = s->adopted;
		file_ref(*fp);
	} else {
		stale = unadopt(s);
		err = adopt(fd, s, fp);
	}
unlock:
	unlock_write(&numbers_lock);
	put_if(stale);
	return err;
}

int
fd_get_own(int fd, struct file **fp)
{
	struct slot *s = slot_of(fd);

	return s != NULL && (*fp = slot_get(s)) != NULL ? 0 : EBADF;
}

int
fd_get(int fd, struct file **fp)
{
	if (fd_get_own(fd, fp) == 0)
		return 0;
	return fd >= 0 && fd < CRT_LIMIT ? get_of_crt(fd, fp) : EBADF;
}

/* Changes ----------------------------------------------------------------- */

/* Put f at the number, which is in use already.  Called with numbers_lock held. */
static struct file *
set(struct slot *s, struct file *f, int fdflags)
{
	atomic_store(&s->fdflags, fdflags);
	return slot_swap(s, f);
}

int
fd_reserve(int min, int *fdp)
{
	struct slot *s;
	struct file *stale = NULL;
	int err, fd, back = 0;

	if (min < 0 || min >= number_limit)
		return EINVAL;
	nt_init();
	inherit_init();
	lock_write(&numbers_alloc);
	if ((err = number_take(min, &fd)) != 0)
		goto unlock_alloc;
	lock_write(&numbers_lock);
	if ((err = slot_make(fd, &s)) == 0) {
		stale = unadopt(s);	/* closed by the CRT since */
		*fdp = fd;
	} else {
		back = number_drop(fd);
	}
	unlock_write(&numbers_lock);
	number_dropped(fd, back);
unlock_alloc:
	unlock_write(&numbers_alloc);
	put_if(stale);
	return err;
}

void
fd_fill(int fd, struct file *f, int fdflags)
{
	lock_write(&numbers_lock);
	(void)set(slot_of(fd), f, fdflags);
	unlock_write(&numbers_lock);
	standard_follow(fd);
}

static void
give_back(int fd, int back)
{
	if (!back)
		return;
	lock_write(&numbers_alloc);
	number_dropped(fd, back);
	unlock_write(&numbers_alloc);
}

void
fd_unreserve(int fd)
{
	int back;

	lock_write(&numbers_lock);
	back = number_drop(fd);
	unlock_write(&numbers_lock);
	give_back(fd, back);
}

int
fd_install(struct file *f, int min, int fdflags, int *fdp)
{
	int err;

	if ((err = fd_reserve(min, fdp)) == 0)
		fd_fill(*fdp, f, fdflags);
	return err;
}

/* dup2 onto a number that is ours, or that the CRT cannot have. */
static int
install_at_ours(struct slot *s, struct file *f, int fd, int fdflags,
    struct file **old)
{
	int err = 0;

	lock_write(&numbers_lock);
	if (!is_ours(s) && number_is_busy(fd)) {
		err = EBUSY;
	} else if (is_ours(s) || number_is_parked(fd) || fd >= CRT_LIMIT) {
		number_use(fd);
		*old = set(s, f, fdflags);
	} else {
		err = ENOENT;
	}
	unlock_write(&numbers_lock);
	return err;
}

static int
install_at(struct file *f, int fd, int fdflags, int inherited)
{
	struct slot *s;
	struct file *old = NULL, *stale = NULL;
	int err;

	if (fd < 0 || fd >= FD_MAX)
		return EBADF;
	nt_init();
	lock_write(&numbers_lock);
	err = slot_make(fd, &s);
	unlock_write(&numbers_lock);
	if (err != 0 ||
	    (err = install_at_ours(s, f, fd, fdflags, &old)) != ENOENT)
		goto put_old;
	lock_write(&numbers_alloc);
	if ((err = number_take_at(fd, inherited)) == 0) {
		lock_write(&numbers_lock);
		number_use(fd);
		stale = unadopt(s);
		old = set(s, f, fdflags);
		unlock_write(&numbers_lock);
	}
	unlock_write(&numbers_alloc);
put_old:
	if (err == 0)
		standard_follow(fd);
	close_if(old);
	put_if(stale);
	return err;
}

int
fd_install_at(struct file *f, int fd, int fdflags)
{
	if (fd >= number_limit)
		return EBADF;
	inherit_init();
	return install_at(f, fd, fdflags, 0);
}

int
fd_install_inherited(struct file *f, int fd)
{
	return install_at(f, fd, INHERITED, 1);
}

/*
 * What is the CRT's is closed by the CRT alone, and after our description of
 * it.
 */
int
fd_close(int fd)
{
	struct slot *s = slot_of(fd);
	struct file *f = NULL, *adopted = NULL;
	uintptr_t handle;
	int back = 0;

	if (s != NULL) {
		lock_write(&numbers_lock);
		if ((f = slot_swap(s, NULL)) != NULL)
			back = number_drop(fd);
		else
			adopted = unadopt(s);
		unlock_write(&numbers_lock);
	}
	if (f != NULL) {
		standard_follow(fd);
		close_if(f);
		give_back(fd, back);
		return 0;
	}
	close_if(adopted);
	if (crt_handle(fd, &handle) != 0)
		return EBADF;
	if (crt_is_placeholder(handle) && fd_get(fd, &f) != 0)
		return EBADF;
	put_if(f);
	return crt_close(fd);
}

/* The CRT has closed the number with the placeholder: nothing is parked. */
void
fd_closed_by_crt(int fd)
{
	struct slot *s = slot_of(fd);
	struct file *f = NULL;

	lock_write(&numbers_lock);
	if (s != NULL && (f = slot_swap(s, NULL)) != NULL)
		number_free(fd, 0);
	else if (number_is_parked(fd))
		number_free(fd, 0);
	unlock_write(&numbers_lock);
	standard_follow(fd);
	close_if(f);
}

/*
 * The CRT closes a handle of its own.  What we adopted works on it, and NT
 * gives its number out again at once.  One that we never saw can still be of a
 * file that the process has locks of.
 */
void
fd_handle_closed(uintptr_t handle)
{
	struct file *f = NULL;
	struct slot *s;
	int fd;

	lock_write(&numbers_lock);
	for (fd = 0; table.adopted > 0 && f == NULL && fd < CRT_LIMIT; fd++)
		if ((s = slot_of(fd)) != NULL && s->adopted != NULL &&
		    s->handle == handle)
			f = unadopt(s);
	unlock_write(&numbers_lock);
	if (f == NULL && record_any() && adopt_handle(handle, &f) != 0)
		return;
	close_if(f);
}

void
fd_duplicate_closed(struct file *f)
{
	close_if(f);
}

/* Questions --------------------------------------------------------------- */

int
fd_is_crt(int fd)
{
	uintptr_t handle;

	return !is_ours(slot_of(fd)) && crt_handle(fd, &handle) == 0 &&
	    !crt_is_placeholder(handle);
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

int
fd_dup2_crt(int from, int to)
{
	struct file *old;

	if (from == to)
		return 0;
	lock_write(&numbers_lock);
	old = unadopt(slot_of(to));
	unlock_write(&numbers_lock);
	close_if(old);
	return crt_dup2(from, to);
}

int
fd_getflags(int fd, int *fdflags)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	*fdflags = atomic_load(&slot_of(fd)->fdflags) & ~INHERITED;
	file_put(f);
	return 0;
}

int
fd_setflags(int fd, int fdflags)
{
	struct file *f;
	struct slot *s;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	s = slot_of(fd);
	atomic_store(&s->fdflags, (atomic_load(&s->fdflags) & INHERITED) |
	    fdflags);
	file_put(f);
	return 0;
}

int
fd_is_inherited(int fd)
{
	struct slot *s = slot_of(fd);

	return is_ours(s) && (atomic_load(&s->fdflags) & INHERITED) != 0;
}
