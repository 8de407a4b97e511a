/* <stdio.h>: the CRT's streams, with our names for files. */
#ifdef COMPAT_IN_MINGW
#include_next <stdio.h>
#else
#ifndef COMPAT_STDIO_H
#define COMPAT_STDIO_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <stdio.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>

/* mingw makes macros of these when the CRT's should be used. */
#undef popen
#undef pclose

COMPAT_BEGIN_DECLS

/*
 * A FILE is the CRT's, and so is the descriptor under it, whose number is valid
 * for all our calls: compat/fd/README.md.
 */
int fileno(FILE *) COMPAT_SYM(fileno);

/**
 * fopen(path, mode), freopen(path, mode, stream):
 * As in POSIX: path is UTF-8, and the stream binary whatever the mode says.
 * The file cannot be removed or renamed while the stream is open, LIM-FILE-10,
 * and freopen() needs a path (EINVAL without).
 */
FILE *fopen(const char *, const char *) COMPAT_SYM(fopen);
FILE *freopen(const char *, const char *, FILE *) COMPAT_SYM(freopen);

/**
 * fdopen(fd, mode):
 * A stream on a descriptor that the CRT made (fileno() of another stream, 0 to
 * 2).  NULL with ENOSYS for the library's own: LIM-FD-1.
 */
FILE *fdopen(int, const char *) COMPAT_SYM(fdopen);

int remove(const char *) COMPAT_SYM(remove);
int rename(const char *, const char *) COMPAT_SYM(rename);
void perror(const char *) COMPAT_SYM(perror);

/* mingw's 64-bit ones under the names that POSIX gives them. */
int fseeko(FILE *, off_t, int) COMPAT_SYM(fseeko);
off_t ftello(FILE *) COMPAT_SYM(ftello);

COMPAT_END_DECLS

#endif
#endif
