#include "process/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fd/crt.h"
#include "fd/fdtable.h"
#include "fileio/open.h"
#include "fileio/stat.h"
#include "process/actions.h"
#include "process/dir.h"

static struct plan_fd *
slot_of(const struct plan *p, int fd)
{
	int i;

	for (i = 0; i < p->used; i++)
		if (p->fds[i].fd == fd)
			return &p->fds[i];
	return NULL;
}

struct file *
plan_find(const struct plan *p, int fd)
{
	struct plan_fd *s = slot_of(p, fd);

	return s != NULL ? s->f : NULL;
}

static void
drop(struct plan *p, struct plan_fd *s)
{
	struct file *f = s->f;

	*s = p->fds[--p->used];
	file_put(f);
}

/* Takes f's reference over, also when it fails. */
static int
put(struct plan *p, int fd, int cloexec, struct file *f)
{
	struct plan_fd *s = slot_of(p, fd);
	int room;

	if (s != NULL)
		drop(p, s);
	if (p->used == p->room) {
		room = p->room == 0 ? 64 : 2 * p->room;
		s = realloc(p->fds, (size_t)room * sizeof(*s));
		if (s == NULL) {
			file_put(f);
			return ENOMEM;
		}
		p->fds = s;
		p->room = room;
	}
	p->fds[p->used++] = (struct plan_fd){ .fd = fd, .cloexec = cloexec,
	    .f = f };
	return 0;
}

/*
 * FD_CLOEXEC ones too: an action may copy them.  Of the CRT's own numbers, as
 * from a library that knows nothing of us, those that its children would get.
 */
static int
take_all(struct plan *p)
{
	struct file *f;
	int err, fd, fdflags;

	for (fd = 0; (fd = fd_next(fd)) >= 0; fd++) {
		if (fd > 2 && fd_is_crt(fd) && !crt_is_inherited(fd))
			continue;
		if (fd_getflags(fd, &fdflags) != 0 || fd_get(fd, &f) != 0)
			continue;
		if ((err = put(p, fd, fdflags & FD_CLOEXEC, f)) != 0)
			return err;
	}
	return 0;
}

/*
 * What the program had when it began, and still has, whatever it has set
 * since: what else there is it opens again.
 */
static int
take_first(struct plan *p)
{
	struct file *f;
	int err, fd;

	for (fd = 0; (fd = fd_next(fd)) >= 0; fd++) {
		if (fd > 2 && !fd_is_inherited(fd))
			continue;
		if (fd_get(fd, &f) == 0 && (err = put(p, fd, 0, f)) != 0)
			return err;
	}
	return 0;
}

static int
is_absolute(const char *path)
{
	return path[0] == '/' || path[0] == '\\' ||
	    (path[0] != '\0' && path[1] == ':');
}

int
plan_path(const struct plan *p, const char *path, char **out)
{
	size_t n = p->dir != NULL ? strlen(p->dir) : 0;
	size_t len = strlen(path) + 1;

	if (n == 0 || *path == '\0' || is_absolute(path))
		n = 0;
	if ((*out = malloc(n + 1 + len)) == NULL)
		return ENOMEM;
	if (n > 0) {
		(void)memcpy(*out, p->dir, n);
		(*out)[n++] = '/';
	}
	(void)memcpy(*out + n, path, len);
	return 0;
}

/* Is it what open() would give the child?  The number itself is free by then. */
static int
is_lowest(struct plan *p, int fd)
{
	int n = 0;

	while (n < fd && slot_of(p, n) != NULL)
		n++;
	return n == fd;
}

/*
 * To move it to its number is dup2(), and clears FD_CLOEXEC: O_CLOEXEC means
 * something only where open() finds that number by itself.
 */
static int
do_open(struct plan *p, const struct compat_spawn_action *a)
{
	struct file *f;
	char *path;
	int err;

	if ((err = plan_path(p, a->path, &path)) != 0)
		return err;
	err = file_open(path, a->flags, a->mode, &f);
	free(path);
	if (err != 0)
		return err;
	return put(p, a->fd, (a->flags & O_CLOEXEC) != 0 &&
	    is_lowest(p, a->fd), f);
}

static int
do_dup2(struct plan *p, int fd, int new)
{
	struct plan_fd *s = slot_of(p, fd);

	if (s == NULL)
		return EBADF;
	if (fd == new) {
		s->cloexec = 0;
		return 0;
	}
	file_ref(s->f);
	return put(p, new, 0, s->f);
}

static int
set_dir(struct plan *p, char *dir)
{
	struct stat st;
	int err;

	free(p->dir);
	p->dir = dir;
	if ((err = stat_path(dir, 0, &st)) != 0)
		return err;
	return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

static int
do_chdir(struct plan *p, const char *path)
{
	char *dir;
	int err;

	if ((err = plan_path(p, path, &dir)) != 0)
		return err;
	return set_dir(p, dir);
}

static int
do_fchdir(struct plan *p, int fd)
{
	struct file *f = plan_find(p, fd);
	char *dir;
	int err;

	if (f == NULL)
		return EBADF;
	if (f->kind != FILE_DIR)
		return ENOTDIR;
	if ((err = dir_path(f->handle, &dir)) != 0)
		return err;
	return set_dir(p, dir);
}

static void
close_from(struct plan *p, int fd)
{
	int i = 0;

	while (i < p->used)
		if (p->fds[i].fd >= fd)
			drop(p, &p->fds[i]);
		else
			i++;
}

static int
act(struct plan *p, const struct compat_spawn_action *a)
{
	struct plan_fd *s;

	switch (a->what) {
	case ACTION_OPEN:
		return do_open(p, a);
	case ACTION_CLOSE:
		if ((s = slot_of(p, a->fd)) != NULL)
			drop(p, s);
		return 0;
	case ACTION_DUP2:
		return do_dup2(p, a->fd, a->new);
	case ACTION_CHDIR:
		return do_chdir(p, a->path);
	case ACTION_FCHDIR:
		return do_fchdir(p, a->fd);
	case ACTION_CLOSEFROM:
		close_from(p, a->fd);
		return 0;
	default:
		return EINVAL;
	}
}

int
plan_make(const posix_spawn_file_actions_t *actions, enum handoff_role role,
    struct plan *p)
{
	int err, i;

	*p = (struct plan){ 0 };
	err = role == HANDOFF_DAEMON ? take_first(p) : take_all(p);
	if (err != 0)
		return err;
	for (i = 0; actions != NULL && i < actions->spawn_used_; i++)
		if ((err = act(p, &actions->spawn_list_[i])) != 0)
			return err;
	i = 0;
	while (i < p->used)
		if (p->fds[i].cloexec)
			drop(p, &p->fds[i]);
		else
			i++;
	return 0;
}

void
plan_free(struct plan *p)
{
	close_from(p, 0);
	free(p->fds);
	free(p->dir);
}
