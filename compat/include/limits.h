/* <limits.h>: mingw's, with the lengths of our paths in place of the CRT's. */
#ifdef COMPAT_IN_MINGW
#include_next <limits.h>
#else
#include_next <limits.h>
#ifndef COMPAT_LIMITS_H
#define COMPAT_LIMITS_H

/* In bytes: a path with its NUL, a name, and what a link says with its NUL. */
#undef PATH_MAX
#define PATH_MAX	4096
#undef NAME_MAX
#define NAME_MAX	255
#ifndef SYMLINK_MAX
#define SYMLINK_MAX	4095
#endif

/* In bytes: what one write puts into a pipe in one piece. */
#undef PIPE_BUF
#define PIPE_BUF	4096

/* What one getentropy() gives. */
#define GETENTROPY_MAX	256

/* What timer_getoverrun() counts up to. */
#define DELAYTIMER_MAX	INT_MAX

#endif
#endif
