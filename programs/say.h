/*
 * What the programs say on standard error: one line, which begins with the
 * program's name.
 */
#ifndef PROGRAMS_SAY_H
#define PROGRAMS_SAY_H

#include <stddef.h>
#include <stdint.h>

/* Room for one sentence about what went wrong, with a path in it. */
#define SAY_MAX	1024

/* The program's name, as a literal; before anything else here. */
void say_init(const char *program);

/* Print "PROGRAM: " and the rest, as printf(3), and end the line. */
void say(const char *fmt, ...);

/* The text of an errno. */
const char *say_errno(int err);

/* What --version prints. */
int say_version(void);

/* After a wrong command line: point to --help.  Return the exit status. */
int say_usage(void);

/*
 * Flush standard output.  Return 0, or 1 after saying that it cannot be
 * written: to end on, so that a full disk behind stdout is not lost.
 */
int say_flush(void);

/*
 * Parse a decimal number of at most max; nothing but digits.  Return 0, or
 * EINVAL or ERANGE.
 */
int parse_number(const char *text, uint64_t max, uint64_t *value);

#endif
