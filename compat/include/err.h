/*
 * <err.h>: messages on stderr, after the BSDs.
 */
#ifndef COMPAT_IN_MINGW		/* mingw has none */
#ifndef COMPAT_ERR_H
#define COMPAT_ERR_H

#include <bits/crt.h>

#include <stdarg.h>

#include <bits/printf.h>
#include <bits/sym.h>

COMPAT_BEGIN_DECLS

/**
 * warn(format, ...), warnx(), err(status, format, ...), errx():
 * Print "program: message: error\\n" on stderr; program is the last part of
 * argv[0], and error what strerror(errno) says.  Those with an x leave ": error"
 * out; a null format leaves the message out.  err() and errx() then exit(status).
 * errno is left alone.
 *
 * Source:	err(3).
 */
void warn(const char *, ...) COMPAT_SYM(warn)
    COMPAT_PRINTF(1, 2);
void vwarn(const char *, va_list) COMPAT_SYM(vwarn)
    COMPAT_PRINTF(1, 0);
void warnx(const char *, ...) COMPAT_SYM(warnx)
    COMPAT_PRINTF(1, 2);
void vwarnx(const char *, va_list) COMPAT_SYM(vwarnx)
    COMPAT_PRINTF(1, 0);
void err(int, const char *, ...) COMPAT_SYM(err)
    __attribute__((__noreturn__)) COMPAT_PRINTF(2, 3);
void verr(int, const char *, va_list) COMPAT_SYM(verr)
    __attribute__((__noreturn__)) COMPAT_PRINTF(2, 0);
void errx(int, const char *, ...) COMPAT_SYM(errx)
    __attribute__((__noreturn__)) COMPAT_PRINTF(2, 3);
void verrx(int, const char *, va_list) COMPAT_SYM(verrx)
    __attribute__((__noreturn__)) COMPAT_PRINTF(2, 0);

COMPAT_END_DECLS

#endif
#endif
