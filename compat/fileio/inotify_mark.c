#include "fileio/inotify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Which marks may hear of an event. */
static struct mark *
next_in(struct mark *m, const struct place *p)
{
	while (m != NULL && m->in != p)
		m = m->next;
	return m;
}

static struct mark *
next_self(struct mark *m, const struct place *p,
    const struct notify_name *name)
{
	while (m != NULL && (m->self != p || !notify_same(&m->name, name)))
		m = m->next;
	return m;
}

struct mark *
mark_of(struct inotify *in, uint64_t dev, uint64_t ino)
{
	struct mark *m;

	for (m = in->marks; m != NULL; m = m->next)
		if (m->dev == dev && m->ino == ino)
			break;
	return m;
}

struct mark *
mark_of_wd(struct inotify *in, int wd)
{
	struct mark *m;

	for (m = in->marks; m != NULL && m->wd != wd; m = m->next)
		continue;
	return m;
}

/* The last user lets NT's handle go; the memory has to wait. */
static void
place_leave(struct place *p)
{
	struct place **link;

	if (p == NULL || --p->users > 0)
		return;
	for (link = &p->owner->places; *link != p; link = &(*link)->next)
		continue;
	*link = p->next;
	p->next = p->owner->dropped;
	p->owner->dropped = p;
	if (p->notify != NULL)
		notify_stop(p->notify);
}

static void
mark_free(struct mark *m)
{
	place_leave(m->in);
	place_leave(m->self);
	free((void *)(uintptr_t)m->name.s);
	free(m);
}

void
mark_drop(struct inotify *in, struct mark *m)
{
	struct mark **link;

	for (link = &in->marks; *link != m; link = &(*link)->next)
		continue;
	*link = m->next;
	inq_put(in, m->wd, IN_IGNORED, 0, NULL);
	mark_free(m);
}

/* 1: the mark is gone. */
static int
put(struct inotify *in, struct mark *m, uint32_t mask, uint32_t cookie,
    const struct notify_name *name)
{
	if ((m->mask & mask & IN_ALL_EVENTS) == 0)
		return 0;
	inq_put(in, m->wd, mask, cookie, name);
	if ((m->mask & IN_ONESHOT) == 0)
		return 0;
	mark_drop(in, m);
	return 1;
}

/*
 * What NT tells comes a moment late, and may be about a file that had the name
 * before the one that is watched was made.
 */
static int
is_there(const struct mark *m)
{
	return notify_is(m->self->notify, &m->name, m->dev, m->ino);
}

/* A file loses a link first, which is one of its attributes. */
static void
deleted(struct inotify *in, struct mark *m)
{
	if (!m->is_dir && put(in, m, IN_ATTRIB, 0, NULL))
		return;
	if (!put(in, m, IN_DELETE_SELF, 0, NULL))
		mark_drop(in, m);
}

static int
rename_mark(struct mark *m, const struct notify_name *to)
{
	uint16_t *s = malloc(to->n * sizeof(*s) + 1);

	if (s == NULL)
		return ENOMEM;
	(void)memcpy(s, to->s, to->n * sizeof(*s));
	free((void *)(uintptr_t)m->name.s);
	m->name.s = s;
	m->name.n = to->n;
	return 0;
}

static void
moved_self(struct inotify *in, struct mark *m, const struct notify_name *to)
{
	if (rename_mark(m, to) != 0)
		mark_drop(in, m);
	else
		(void)put(in, m, IN_MOVE_SELF, 0, NULL);
}

/* To who watches the directory. */
static void
tell_in(struct inotify *in, struct mark *m, const struct notify_event *e)
{
	uint32_t dir = e->is_dir ? IN_ISDIR : 0;

	switch (e->what) {
	case NOTIFY_ADDED:
		(void)put(in, m, IN_CREATE | dir, 0, &e->name);
		break;
	case NOTIFY_REMOVED:
		if (!e->replaced)
			(void)put(in, m, IN_DELETE | dir, 0, &e->name);
		break;
	case NOTIFY_MOVED:
		if (!put(in, m, IN_MOVED_FROM | dir, in->cookie, &e->name))
			(void)put(in, m, IN_MOVED_TO | dir, in->cookie,
			    &e->to);
		break;
	case NOTIFY_DATA:
		(void)put(in, m, IN_MODIFY | dir, 0, &e->name);
		break;
	case NOTIFY_ATTR:
		(void)put(in, m, IN_ATTRIB | dir, 0, &e->name);
		break;
	default:
		break;
	}
}

/* To who watches what the name stands for. */
static void
tell_self(struct inotify *in, struct mark *m, const struct notify_event *e)
{
	switch (e->what) {
	case NOTIFY_REMOVED:
		if (!is_there(m))
			deleted(in, m);
		break;
	case NOTIFY_MOVED:
		if (!is_there(m))
			moved_self(in, m, &e->to);
		break;
	case NOTIFY_DATA:
		(void)put(in, m, IN_MODIFY, 0, NULL);
		break;
	case NOTIFY_ATTR:
		(void)put(in, m, IN_ATTRIB | (m->is_dir ? IN_ISDIR : 0), 0,
		    NULL);
		break;
	default:
		break;
	}
}

/* What had the name before is gone, if NT has not said so. */
static void
overwritten(struct inotify *in, const struct place *p,
    const struct notify_name *name)
{
	struct mark *m, *next;

	for (m = next_self(in->marks, p, name); m != NULL; m = next) {
		next = next_self(m->next, p, name);
		if (!is_there(m))
			deleted(in, m);
	}
}

/* A directory is gone with all that was in it. */
static void
all_gone(struct inotify *in, const struct place *p)
{
	struct mark *m, *next;

	for (m = in->marks; m != NULL; m = next) {
		next = m->next;
		if (m->in == p || m->self == p)
			deleted(in, m);
	}
}

static void
happened(void *arg, const struct notify_event *e)
{
	struct place *p = arg;
	struct inotify *in = p->owner;
	struct mark *m, *next;

	if (e->what == NOTIFY_LOST)
		inq_put(in, -1, IN_Q_OVERFLOW, 0, NULL);
	if (e->what == NOTIFY_GONE)
		all_gone(in, p);
	if (e->what == NOTIFY_LOST || e->what == NOTIFY_GONE)
		return;
	if (e->what == NOTIFY_MOVED) {
		in->cookie++;
		overwritten(in, p, &e->to);
	}
	for (m = next_in(in->marks, p); m != NULL; m = next) {
		next = next_in(m->next, p);
		tell_in(in, m, e);
	}
	for (m = next_self(in->marks, p, &e->name); m != NULL; m = next) {
		next = next_self(m->next, p, &e->name);
		tell_self(in, m, e);
	}
}

/* A place of that directory, with one more user. */
static int
place_enter(struct inotify *in, const struct notify_file *dir,
    struct place **pp)
{
	struct place *p;
	int err;

	for (p = in->places; p != NULL; p = p->next)
		if (p->dev == dir->dev && p->ino == dir->ino) {
			p->users++;
			*pp = p;
			return 0;
		}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ENOMEM;
	p->owner = in;
	p->dev = dir->dev;
	p->ino = dir->ino;
	p->users = 1;
	p->next = in->places;
	in->places = p;
	err = notify_open(dir->path, &in->lock, happened, p, &p->notify);
	if (err != 0)
		place_leave(p);
	else
		*pp = p;
	return err;
}

int
mark_wants(struct mark *m, uint32_t mask)
{
	int err = 0;

	m->mask = mask;
	if ((mask & IN_ATTRIB) == 0)
		return 0;
	if (m->in != NULL)
		err = notify_attributes(m->in->notify);
	if (err == 0 && m->self != NULL)
		err = notify_attributes(m->self->notify);
	return err;
}

/* A root, and what is in a directory that we may not list, has no self. */
static int
enter_parent(struct inotify *in, struct mark *m, const uint16_t *path)
{
	struct notify_file dir;
	struct notify_name name;
	int err;

	if ((err = notify_find_parent(path, &dir, &name)) != 0)
		return err == ENOMEM || !m->is_dir ? err : 0;
	if ((err = rename_mark(m, &name)) == 0)
		err = place_enter(in, &dir, &m->self);
	free(dir.path);
	return err == ENOMEM || !m->is_dir ? err : 0;
}

int
mark_new(struct inotify *in, const struct notify_file *file, uint32_t mask,
    struct mark **mp)
{
	struct mark *m;
	int err = 0;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return ENOMEM;
	m->dev = file->dev;
	m->ino = file->ino;
	m->is_dir = file->is_dir;
	if (m->is_dir)
		err = place_enter(in, file, &m->in);
	if (err == 0)
		err = enter_parent(in, m, file->path);
	if (err == 0)
		err = mark_wants(m, mask);
	if (err != 0) {
		mark_free(m);
		return err;
	}
	m->wd = ++in->last_wd;
	m->next = in->marks;
	in->marks = m;
	*mp = m;
	return 0;
}

void
places_free(struct inotify *in)
{
	struct place *p, *next;

	lock_write(&in->lock);
	p = in->dropped;
	in->dropped = NULL;
	unlock_write(&in->lock);
	for (; p != NULL; p = next) {
		next = p->next;
		if (p->notify != NULL)
			notify_free(p->notify);
		free(p);
	}
}

void
marks_free(struct inotify *in)
{
	struct mark *m;

	lock_write(&in->lock);
	while ((m = in->marks) != NULL) {
		in->marks = m->next;
		mark_free(m);
	}
	unlock_write(&in->lock);
	places_free(in);
}
