#include <dirent.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/dir.h"
#include "fileio/open.h"

/*
 * A place that telldir() told.  NT cannot go to one: seekdir() reads from the
 * beginning until it meets the entry that came next, or, when that is gone, as
 * many entries as came before.
 */
struct mark {
	long index;
	uint64_t name;		/* dir_hash(): links have one d_ino */
	int end;
};

struct compat_dir {
	int fd;
	struct file *f;
	struct dir_scan *scan;
	struct dirent entry;
	struct dirent next;	/* read ahead by telldir() */
	int ahead, next_end;
	long index;		/* entries given since the beginning */
	struct mark *marks;
	long nmarks;
	long sought;		/* where seekdir() went last */
};

/* On success the stream has fd, and a reference of its own to f. */
static int
dir_new(int fd, struct file *f, DIR **dp)
{
	DIR *d;
	int err;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return ENOMEM;
	if ((err = dir_scan_new(f->handle, &d->scan)) != 0) {
		free(d);
		return err;
	}
	d->fd = fd;
	d->f = f;
	*dp = d;
	return 0;
}

static int
from_fd(int fd, DIR **dp)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_DIR)
		err = ENOTDIR;
	else
		err = dir_new(fd, f, dp);
	if (err != 0)
		file_put(f);
	return err;
}

DIR *
fdopendir(int fd)
{
	DIR *d = NULL;
	int err = from_fd(fd, &d);

	return result_ptr(err, d);
}

static int
from_path(const char *path, DIR **dp)
{
	struct file *f;
	int err, fd;

	if ((err = file_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0,
	    &f)) != 0)
		return err;
	if ((err = fd_install(f, 0, FD_CLOEXEC, &fd)) != 0) {
		file_put(f);
		return err;
	}
	if ((err = from_fd(fd, dp)) != 0)
		(void)fd_close(fd);
	return err;
}

DIR *
opendir(const char *path)
{
	DIR *d = NULL;
	int err = from_path(path, &d);

	return result_ptr(err, d);
}

int
dirfd(DIR *d)
{
	return d == NULL ? result(EINVAL, 0) : result(0, d->fd);
}

int
closedir(DIR *d)
{
	int err;

	if (d == NULL)
		return result(EINVAL, 0);
	err = fd_close(d->fd);
	file_put(d->f);
	dir_scan_free(d->scan);
	free(d->marks);
	free(d);
	return result(err, 0);
}

static int
next(DIR *d, struct dirent *e, int *end)
{
	int err = 0;

	if (d->ahead) {
		*e = d->next;
		*end = d->next_end;
		d->ahead = 0;
	} else {
		err = dir_scan_next(d->scan, e, end);
	}
	if (err == 0 && !*end)
		d->index++;
	return err;
}

/* At the end: NULL, and errno as it was. */
struct dirent *
readdir(DIR *d)
{
	int err, end;

	err = next(d, &d->entry, &end);
	if (err == 0 && end)
		return NULL;
	return result_ptr(err, err == 0 ? &d->entry : NULL);
}

int
readdir_r(DIR *restrict d, struct dirent *restrict e,
    struct dirent **restrict ep)
{
	int err, end;

	err = next(d, e, &end);
	*ep = err == 0 && !end ? e : NULL;
	return err;
}

void
rewinddir(DIR *d)
{
	dir_scan_rewind(d->scan);
	d->ahead = 0;
	d->index = 0;
}

static int
look_ahead(DIR *d)
{
	int err;

	if (d->ahead)
		return 0;
	err = dir_scan_next(d->scan, &d->next, &d->next_end);
	d->ahead = err == 0;
	return err;
}

static int
is_at(const DIR *d, long where)
{
	return where > 0 && d->marks[where - 1].index == d->index;
}

static int
mark(DIR *d, long *where)
{
	struct mark *more;
	int err;

	*where = 0;
	if (d->index == 0)
		return 0;
	if ((err = look_ahead(d)) != 0)
		return err;
	*where = d->nmarks;
	if (is_at(d, d->nmarks))
		return 0;
	*where = d->sought;
	if (is_at(d, d->sought))
		return 0;
	more = realloc(d->marks, (size_t)(d->nmarks + 1) * sizeof(*more));
	if (more == NULL)
		return ENOMEM;
	more[d->nmarks].index = d->index;
	more[d->nmarks].name = dir_hash(d->next.d_name);
	more[d->nmarks].end = d->next_end;
	d->marks = more;
	*where = ++d->nmarks;
	return 0;
}

long
telldir(DIR *d)
{
	long where;
	int err;

	err = mark(d, &where);
	return err != 0 ? result(err, 0) : where;
}

/* Read on until m's entry comes next; by_number: or as many as before it. */
static int
go_to(DIR *d, const struct mark *m, int by_number)
{
	struct dirent passed;
	int end;

	rewinddir(d);
	for (;;) {
		if (look_ahead(d) != 0)
			return 0;
		if (by_number ? d->index == m->index : !d->next_end &&
		    !m->end && dir_hash(d->next.d_name) == m->name)
			return 1;
		if (d->next_end)
			return m->end;
		(void)next(d, &passed, &end);
	}
}

/* A place that telldir() never gave is the beginning. */
void
seekdir(DIR *d, long where)
{
	const struct mark *m;

	if (where <= 0 || where > d->nmarks) {
		rewinddir(d);
		return;
	}
	d->sought = where;
	m = &d->marks[where - 1];
	if (!go_to(d, m, 0))
		(void)go_to(d, m, 1);
}
