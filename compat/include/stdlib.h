/*
 * <stdlib.h>: mingw's, with what POSIX adds or changes.
 *
 * The next one may be libstdc++'s, which would take the names into std before
 * they are ours; the macro, its own, sends it on to mingw's.  It has its turn
 * at the end.
 */
#pragma push_macro("_GLIBCXX_INCLUDE_NEXT_C_HEADERS")
#undef _GLIBCXX_INCLUDE_NEXT_C_HEADERS
#define _GLIBCXX_INCLUDE_NEXT_C_HEADERS
#ifdef COMPAT_IN_MINGW
#include_next <stdlib.h>
#pragma pop_macro("_GLIBCXX_INCLUDE_NEXT_C_HEADERS")
#elif defined COMPAT_STDLIB_H
#pragma pop_macro("_GLIBCXX_INCLUDE_NEXT_C_HEADERS")
#else
#define COMPAT_STDLIB_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <stdlib.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>
#pragma pop_macro("_GLIBCXX_INCLUDE_NEXT_C_HEADERS")

COMPAT_BEGIN_DECLS
/**
 * _Exit(status): _exit() of <unistd.h>.
 *
 * quick_exit(status), at_quick_exit(fn):
 * Run the functions that at_quick_exit() entered, the last one first, and those
 * that they enter, and then _Exit(status).  at_quick_exit() returns 0, or -1
 * when there is no memory.
 *
 * Source:	C11; POSIX.1-2024.
 */
void _Exit(int) COMPAT_SYM(exit_now) __attribute__((__noreturn__));
void quick_exit(int) COMPAT_SYM(quick_exit) __attribute__((__noreturn__));
int at_quick_exit(void (*)(void)) COMPAT_SYM(at_quick_exit);

/**
 * setenv(name, value, overwrite), unsetenv(name), putenv(string), clearenv():
 * The C runtime keeps the environment, and children get it: names in the case
 * that they were given in, values in UTF-8.  putenv() copies its string, which
 * is "name=value"; a name alone is removed.  NT goes on without what clearenv()
 * removes, but for the three variables that its libraries need.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		name is null, empty or has a '='.
 *	ENOMEM		there is no memory.
 *
 * Source:	POSIX.1-2024, clearenv(3) of Linux.
 * Limits:	LIM-PROC-2 (empty values), LIM-PROC-5, LIM-PROC-16 (putenv).
 */
int setenv(const char *, const char *, int) COMPAT_SYM(setenv);
int unsetenv(const char *) COMPAT_SYM(unsetenv);
int putenv(char *) COMPAT_SYM(putenv);
int clearenv(void) COMPAT_SYM(clearenv);

/**
 * realpath(path, buf):
 * The absolute path of what exists, without links: "C:/a/b", in the case that
 * the names have on the disk.  buf has PATH_MAX bytes, or is NULL: then the
 * caller frees the result.  NULL with errno set as by open(), EINVAL for a null
 * path.
 * Source:	POSIX.1-2024.
 */
char *realpath(const char *, char *) COMPAT_SYM(realpath);

/**
 * mkstemp(template), mkostemp(template, flags), mkstemps(template, suffix),
 * mkostemps(template, suffix, flags), mkdtemp(template):
 * Replace the XXXXXX at the end of template, or before its last `suffix` bytes,
 * so that nothing has that name, and make a file for its owner alone (0600)
 * that is open for reading and writing, or a directory (0700).  flags are
 * open()'s: O_APPEND, O_CLOEXEC, O_SYNC.
 *
 * Return the descriptor, mkdtemp template; or -1 or NULL with errno set to:
 *	EINVAL		no XXXXXX there, or a bad suffix.
 *	EEXIST		no name was free in 238,328 tries.
 * and open()'s or mkdir()'s.
 *
 * Source:	POSIX.1-2024, mkstemp(3).
 */
int mkstemp(char *) COMPAT_SYM(mkstemp);
int mkostemp(char *, int) COMPAT_SYM(mkostemp);
int mkstemps(char *, int) COMPAT_SYM(mkstemps);
int mkostemps(char *, int, int) COMPAT_SYM(mkostemps);
char *mkdtemp(char *) COMPAT_SYM(mkdtemp);

/**
 * random(), srandom(seed):
 * A number from 0 to 2^31 - 1; the same seed gives the same numbers, though not
 * glibc's, and 1 is the first.  Not for secrets.
 * Source: POSIX.1-2024.
 */
long random(void) COMPAT_SYM(random);
void srandom(unsigned int) COMPAT_SYM(srandom);

/**
 * system(command):
 * Run a command by the shell: $COMPAT_SHELL -c, else sh -c if PATH has an sh,
 * else cmd.exe /d /s /c.  Return its status as waitpid() gives it (127 << 8:
 * there is no such shell), 1 for NULL, or -1 with EAGAIN or ENOMEM.
 * Source: system, POSIX.1-2024.
 */
int system(const char *) COMPAT_SYM(system);
COMPAT_END_DECLS

#ifdef __cplusplus
#include_next <stdlib.h>
#endif
#endif
