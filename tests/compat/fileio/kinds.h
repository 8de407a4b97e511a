/*
 * A table of calls on descriptors: what each says of every kind, as Linux does.
 */
#ifndef TESTS_FILEIO_KINDS_H
#define TESTS_FILEIO_KINDS_H

#include <stddef.h>

enum kind { NONE, RO, WO, RW, APP, DIRECTORY, PIPE_R, PIPE_W, SOCKET, EPOLL,
	KINDS };

#define OK 0
#define ANY (-1)		/* POSIX leaves it open, and Linux is odd */

/** The descriptor of each kind, while kinds_check() runs. */
extern int kind_fds[KINDS];
extern int kind_other;		/* a file, both ways */

/** -1 with errno set is a failure. */
typedef long kind_call(int fd);

struct kind_row {
	const char *name;
	kind_call *call;
	int want[KINDS];	/* of each kind: OK or an errno */
};

/** kinds_check(rows, n): all rows, so that one run tells all that is wrong. */
void kinds_check(const struct kind_row *, size_t n);

#endif
