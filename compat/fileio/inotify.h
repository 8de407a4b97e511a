/*
 * inotify: the parts of an instance.
 *
 * A mark is what a program watches.  A place is a directory that NT tells of:
 * a mark of a directory needs two, itself and the one it is in, and that of a
 * file the latter.  The queue has what read() takes.
 *
 * Locks: lock, then queue.lock, then what a notification takes.
 */
#ifndef FILEIO_INOTIFY_H
#define FILEIO_INOTIFY_H

#include <sys/inotify.h>
#include <sys/uio.h>

#include "fd/file.h"
#include "fd/lock.h"
#include "fileio/notify.h"
#include "signal/block.h"

struct inq_event {
	struct inq_event *next;
	size_t size;			/* of what follows */
	struct inotify_event ev;
};

struct inq {
	struct lock lock;
	struct inq_event *first, *last;
	size_t count, bytes;
	struct blocked readers;
};

struct place {
	struct place *next;
	struct inotify *owner;
	struct notify *notify;
	uint64_t dev, ino;
	unsigned int users;
};

struct mark {
	struct mark *next;
	int wd;
	uint32_t mask;
	uint64_t dev, ino;
	int is_dir;
	struct place *in;		/* NULL for a file */
	struct place *self;		/* NULL for a root */
	struct notify_name name;	/* in self; owned */
};

struct inotify {
	struct file file;
	struct lock lock;
	struct inq queue;
	struct mark *marks;
	struct place *places;
	struct place *dropped;		/* for places_free() */
	int last_wd;
	uint32_t cookie;
};

/* inotify_queue.c.  name may be NULL. */
void inq_put(struct inotify *, int wd, uint32_t mask, uint32_t cookie,
    const struct notify_name *name);
int inq_take(struct inotify *, const struct iovec *, int n, ssize_t *done);
int inq_is_empty(struct inotify *);
size_t inq_bytes(struct inotify *);
void inq_free(struct inotify *);

/* inotify_mark.c: lock held. */
struct mark *mark_of(struct inotify *, uint64_t dev, uint64_t ino);
struct mark *mark_of_wd(struct inotify *, int wd);
int mark_new(struct inotify *, const struct notify_file *, uint32_t mask,
    struct mark **);
int mark_wants(struct mark *, uint32_t mask);
void mark_drop(struct inotify *, struct mark *);	/* IN_IGNORED */

/* Without the lock, and not by a place. */
void places_free(struct inotify *);
void marks_free(struct inotify *);

#endif
