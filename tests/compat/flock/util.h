/* What the tests of locks share. */
#ifndef TESTS_FLOCK_UTIL_H
#define TESTS_FLOCK_UTIL_H

#include <sys/types.h>

#include <check.h>
#include <errno.h>

#include "support/fails.h"
#include "support/proc.h"

/** open_both(&a, &b), close_both(a, b): two descriptions of a file, "lock". */
void open_both(int *a, int *b);
void close_both(int a, int b);

/** set(fd, cmd, type, start, len): fcntl() with these, from SEEK_SET. */
int set(int fd, int cmd, int type, off_t start, off_t len);

/**
 * child(self, what, name, arg):
 * Start the test's program with these words, name with the way to it; what and
 * arg tell it what to be.
 */
struct proc *child(const char *self, const char *what, const char *name,
    const char *arg);

/** said(p, line): the child's next line is this one. */
void said(struct proc *, const char *line);

/** say(line): the child's side of it. */
void say(const char *line);

/** A millisecond. */
void nap(void);

/** handle(flags): count SIGUSR1, with these sa_flags, from 0; caught(). */
void handle(int flags);
int caught(void);

/**
 * pester(), leave_alone():
 * Signals for the calling thread, as long as it likes.
 */
void pester(void);
void leave_alone(void);

/**
 * pester_until(release, arg):
 * Three signals for the calling thread, then release(arg), which is 0 when all
 * went well; leave_alone() looks at that.
 */
void pester_until(int (*release)(void *), void *arg);

#endif
