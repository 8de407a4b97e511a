/*
 * The pid file: at most one server at a time.
 *
 * What counts is the lock on the open file, which ends with the process
 * however it ends; the number inside is for people.  So a file left by a
 * server that was killed is no obstacle, and one that is locked is never a
 * dead server's.
 */
#ifndef PROGRAMS_PIDFILE_H
#define PROGRAMS_PIDFILE_H

#include <sys/stat.h>

#include <stddef.h>

struct pidfile {
	const char *path;	/* the caller's; NULL: none is held */
	int fd;
	struct stat st;
};

/*
 * Take the file at path: make it if need be, lock it, write our pid into it.
 * path must stay valid.  Return 0, or an errno with a sentence of at most
 * size bytes in why: EWOULDBLOCK when another process holds it, EEXIST when
 * there is something at path that is no pid file, which is left as it is.
 */
int pidfile_take(struct pidfile *pf, const char *path, char *why,
    size_t size);

/* Remove the file, if the one at the path is still ours, and let go of it. */
void pidfile_drop(struct pidfile *pf);

/* Is the file that st describes the pid file that is held? */
int pidfile_is(const struct pidfile *pf, const struct stat *st);

#endif
