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

#endif
#endif
