/* <string.h>: mingw's, with what POSIX adds or changes. */
#ifdef COMPAT_IN_MINGW
#include_next <string.h>
#else
#ifndef COMPAT_STRING_H
#define COMPAT_STRING_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <string.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>

COMPAT_BEGIN_DECLS
/** strerror(err): also for the errors that the CRT has no sentence for. */
char *strerror(int) COMPAT_SYM(strerror);
/**
 * strerror_r(err, buf, size): the sentence of POSIX's variant, not of GNU's:
 * it returns 0, or EINVAL when err has no sentence ("Unknown error 12345" is
 * given), or ERANGE when size is too small (as much as fits is given, with a
 * NUL).  errno is left alone.
 *
 * Source:	POSIX.1-2024.
 */
int strerror_r(int, char *, size_t) COMPAT_SYM(strerror_r);
char *strsignal(int) COMPAT_SYM(strsignal);
COMPAT_END_DECLS

#endif
#endif
