/*
 * A table of calls on names and what each says: a row is a call, its names and
 * the errno, or NONE when it succeeds.  "@name" stands for a name of 256
 * letters, "@path" for a path of 4,096.
 */
#ifndef TESTS_FILEIO_ROWS_H
#define TESTS_FILEIO_ROWS_H

#include <stddef.h>

#define NONE (-100)		/* success */

enum call { OPEN, CREATE, NEW, WRITE, TRUNC, OPENDIR, PATHFD, TMPFILE, CREAT,
    MKDIR, RMDIR, UNLINK, REMOVE, RENAME, NOREPLACE, EXCHANGE, LINK, SYMLINK,
    READLINK, REALPATH, CHDIR, TRUNCATE, UNLINKAT, BADFLAG };

/* Where a relative name begins. */
enum where { HERE, DIR_FD, FILE_FD, BAD_FD };

struct row {
	enum call call;
	const char *a;
	const char *b;
	int err;
	enum where where;
};

/** rows_setup(): "f", an empty directory "empty", and "full" with "x". */
void rows_setup(void);
void rows_teardown(void);

/** rows_check(rows, n): all rows, so that one run tells all that is wrong. */
void rows_check(const struct row *, size_t n);

#endif
