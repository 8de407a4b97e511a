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
char *strsignal(int) COMPAT_SYM(strsignal);
COMPAT_END_DECLS

#endif
#endif
