/*
 * Other processes, for tests: the test program starts itself with an argument
 * that tells it what to be.  proc_posix.c or proc_nt.c, as the build decides.
 */
#ifndef SUPPORT_PROC_H
#define SUPPORT_PROC_H

#include <stddef.h>

struct proc;

/**
 * proc_spawn(argv, &p):
 * Start argv[0] with argv, with pipes at its standard input and output.
 * Return 0, or -1 with a message on stderr.
 */
int proc_spawn(const char *const argv[], struct proc **);

/**
 * proc_readline(p, buf, size):
 * Read one line of its standard output, without the newline.  Return its
 * length, or -1 at the end.
 */
int proc_readline(struct proc *, char *buf, size_t size);

/** proc_writeline(p, line): give it a line on standard input. */
int proc_writeline(struct proc *, const char *line);

/** proc_kill(p): end it without asking, as SIGKILL does. */
void proc_kill(struct proc *);

/**
 * proc_wait(p):
 * Close its standard input, wait for its end, free p.  Return its exit status,
 * or -1 when it was killed.
 */
int proc_wait(struct proc *);

#endif
