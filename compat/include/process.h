/* <process.h>: mingw's, without getpid and exec: those are in <unistd.h>. */
#ifdef COMPAT_IN_MINGW
#include_next <process.h>
#else
#ifndef COMPAT_PROCESS_H
#define COMPAT_PROCESS_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <process.h>
#include <bits/mingw_end.h>
#include <bits/sym.h>

COMPAT_BEGIN_DECLS
/* See <unistd.h>. */
void _exit(int) COMPAT_SYM(exit_now) __attribute__((__noreturn__));
COMPAT_END_DECLS

#endif
#endif
