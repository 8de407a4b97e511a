/* A terminal with somebody who types: a pty, or NT's console. */
#ifndef SUPPORT_TERM_H
#define SUPPORT_TERM_H

/**
 * term_start():
 * Make one, in line mode.  Return the path to open, or NULL when the system has
 * none, with a message on stderr.
 */
const char *term_start(void);

/**
 * term_lead(fd):
 * The terminal is this process's, which signals of it go to.
 */
void term_lead(int fd);

/** term_resize(rows, columns): the window changes: 0, or -1. */
int term_resize(int rows, int columns);

/** term_raw(fd, on): no lines, or lines again; fd is the terminal, open. */
void term_raw(int fd, int on);

/** term_type(text): keys; "\n" is the one that ends a line. */
void term_type(const char *text);

/** term_disturb(): what is no key: the window changes, and so on. */
void term_disturb(void);

#endif
