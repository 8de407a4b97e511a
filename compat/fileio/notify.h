/*
 * What happens to the names in a directory and to what they stand for, as NT
 * tells it.
 */
#ifndef FILEIO_NOTIFY_H
#define FILEIO_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include "fd/lock.h"

enum notify_what {
	NOTIFY_ADDED,
	NOTIFY_REMOVED,
	NOTIFY_MOVED,		/* name is to now */
	NOTIFY_DATA,
	NOTIFY_ATTR,
	NOTIFY_LOST,		/* more happened than NT kept */
	NOTIFY_GONE		/* the directory itself */
};

/* Names are UTF-16 without a NUL; they end with the call. */
struct notify_name {
	const uint16_t *s;
	size_t n;
};

struct notify_event {
	enum notify_what what;
	int is_dir;
	int replaced;		/* REMOVED: another one has its name at once */
	struct notify_name name, to;
};

typedef void notify_fn(void *arg, const struct notify_event *);

struct notify;

/* A file or directory, and where it is. */
struct notify_file {
	uint64_t dev, ino;
	int is_dir;
	uint16_t *path;		/* absolute, for NT; free() it */
};

/* 0, or what open() would say; ENXIO for the files of /dev. */
int notify_find(const char *path, int follow, struct notify_file *);

/*
 * The directory that path is in: 0 and its own name in *name, or ENOENT for a
 * root.
 */
int notify_find_parent(const uint16_t *path, struct notify_file *,
    struct notify_name *name);

/*
 * Call fn for what happens in the directory at path from now on, on a thread of
 * NT's, with the lock held, as it is now.  When that fails *np has to be freed
 * all the same, unless it is NULL.
 */
int notify_open(const uint16_t *path, struct lock *, notify_fn *, void *arg,
    struct notify **);

/* Tell of attributes too.  The lock is held. */
int notify_attributes(struct notify *);

/* The lock is held, perhaps by fn's caller: the directory is let go. */
void notify_stop(struct notify *);

/* After that, without the lock, and not inside fn. */
void notify_free(struct notify *);

/* Is the file of that name that one?  The lock is held. */
int notify_is(struct notify *, const struct notify_name *, uint64_t dev,
    uint64_t ino);

int notify_same(const struct notify_name *, const struct notify_name *);

/* In UTF-8, NUL-terminated; buf has room for any name. */
#define NOTIFY_NAME_MAX 1024
size_t notify_utf8(const struct notify_name *, char *buf);

#endif
