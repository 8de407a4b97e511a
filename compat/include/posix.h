/*
 * <posix.h>: what a port force-includes (pkg-config --cflags compat does it).
 *
 * Hides the macros by which programs recognize Windows, so that one which asks
 * for _WIN32 before it asks for POSIX takes its POSIX road, and defines
 * COMPAT_NT for those that want to know.  With COMPAT_NATIVE defined
 * (compat-native.pc) the platform's macros stay visible.
 *
 * mingw's headers need the macros.  Each drop-in header shows them again while
 * it includes mingw's header of that name (bits/mingw_begin.h); the ones that
 * have no drop-in ask nothing once <crtdefs.h>, which bits/crt.h includes here,
 * has been read.
 */
#ifndef COMPAT_POSIX_H
#define COMPAT_POSIX_H

#define COMPAT_NT 1

#include <bits/crt.h>

#ifndef COMPAT_NATIVE
#ifdef __cplusplus
/*
 * libstdc++'s headers ask the platform's macros for these two, with which the
 * library was compiled: paths are wide, and threads are always there.
 */
#define _GLIBCXX_FILESYSTEM_IS_WINDOWS 1
#define _GLIBCXX_GTHREAD_USE_WEAK 0
#endif
#define COMPAT_HIDDEN 1
#include <bits/hide.h>
#endif

#endif
