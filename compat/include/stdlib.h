/* <stdlib.h>: mingw's, with what POSIX adds or changes. */
#ifdef COMPAT_IN_MINGW
#include_next <stdlib.h>
#else
#ifndef COMPAT_STDLIB_H
#define COMPAT_STDLIB_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <stdlib.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>

COMPAT_BEGIN_DECLS
int setenv(const char *, const char *, int) COMPAT_SYM(setenv);
int unsetenv(const char *) COMPAT_SYM(unsetenv);

/** mkstemp(template): make and open a file of a name not yet used. */
int mkstemp(char *) COMPAT_SYM(mkstemp);
COMPAT_END_DECLS

#endif
#endif
