/* <utime.h>: ours; the CRT's takes names in the ANSI code page. */
#ifdef COMPAT_IN_MINGW
#include_next <utime.h>
#else
#ifndef COMPAT_UTIME_H
#define COMPAT_UTIME_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

struct utimbuf {
	time_t actime;
	time_t modtime;
};

COMPAT_BEGIN_DECLS
/** utime(path, times): as utimensat(), in seconds; NULL is now. */
int utime(const char *, const struct utimbuf *) COMPAT_SYM(utime);
COMPAT_END_DECLS

#endif
#endif
